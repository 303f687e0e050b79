// RELU6 on its own: between zero and six.
//
// TensorFlow Lite Micro clamps the stored bytes between what the *input's* scale calls zero and six, and does not
// rescale: its result is right only where input and output share scale and zero point. LiteRT rescales as RELU does,
// then clamps in the output's scale. See `ReferenceException.relu6`.

/// A rectifier with an upper limit of 6.
public struct Relu6: TableOperation {
  public var name: String { "RELU6" }

  public init() {}

  public func table(_ node: Node, in graph: Graph) -> [Int8] {
    if graph.reference == .litert { return rectifierTable(.relu6, node, in: graph) }
    let limits = limits(node, in: graph)
    return (Int32(-128)...127).map { Int8(min(max($0, limits.lowerBound), limits.upperBound)) }
  }

  /// The limits of the stored outputs.
  public func limits(_ node: Node, in graph: Graph) -> ClosedRange<Int32> {
    Activation.relu6.limits(of: graph.tensors[graph.reference == .litert ? node.outputs[0] : node.inputs[0]])
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    if graph.reference == .litert { return try validateRectifier(node, in: graph) }
    try NodeCheck(node, in: graph).requireUnary()
  }
}
