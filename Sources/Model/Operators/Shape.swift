// SHAPE: the sizes of a tensor as integers.
//
// Shapes are known before anything runs, so this is a constant, and so is what a converter computes of it (a slice of it and a
// 4 make the target of a RESHAPE). `fold` sees to that; a SHAPE that is left asks for a size that is not known.

/// The sizes of a tensor.
public struct Shape: HostOperation {
  public var name: String { "SHAPE" }

  public init() {}

  /// Never runs on the accelerator.
  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    throw check.error(.unsupported, "the batch is dynamic", advice: "convert with a fixed batch of 1")
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    let sizes = check.input().shape, output = check.output()
    try check.require(
      sizes.allSatisfy { $0 > 0 } && [.int32, .int64].contains(output.type), .unsupported, "the batch is dynamic", tensor: node.inputs[0],
      advice: "convert with a fixed batch of 1")
    try check.requireShape(node.outputs[0], [sizes.count])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    store[node.outputs[0]] = Elements.bytes(graph.tensors[node.inputs[0]].shape, graph.tensors[node.outputs[0]].type)
  }
}
