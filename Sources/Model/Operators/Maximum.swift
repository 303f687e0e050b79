// MAXIMUM: the greater of each byte and a constant of one element.
//
// All three tensors have one quantization, so stored bytes are compared as they are.

/// An elementwise maximum of a tensor and a constant.
public struct Maximum: Operation {
  public var name: String { "MAXIMUM" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireElementwiseOperands()
    let position = check.input(0).isConstant ? 0 : 1, constant = check.input(position)
    try check.require(
      constant.isConstant, .unsupported, "the maximum of two computed tensors is not supported, only that of a tensor and a constant")
    try check.require(
      constant.elementCount == 1, .unsupported, "a constant of \(constant.elementCount) elements is not supported, only one element",
      tensor: node.inputs[position])
    for input in node.inputs { try check.requireSameQuantization(input, node.outputs[0]) }
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    elementwise(node, in: graph, on: &store) { max(Int8(truncatingIfNeeded: $0), Int8(truncatingIfNeeded: $1)) }
  }
}
