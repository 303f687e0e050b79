// CONCATENATION: tensors side by side along one dimension.
//
// Nothing is rescaled: all tensors share scale and zero point.

/// Inputs joined along `axis`.
public struct Concatenation: Movement {
  public var name: String { "CONCATENATION" }
  /// The dimension that grows; negative counts from the last.
  public var axis: Int
  public var activation: Activation

  public init(axis: Int, activation: Activation = .none) {
    self.axis = axis
    self.activation = activation
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    let count = max(node.inputs.count, 1)
    try check.requireCounts(inputs: count...count)
    let axis = try check.axis(axis, of: node.outputs[0])
    try check.require(
      activation == .none, .unsupported, "an activation (\(activation)) fused into CONCATENATION is not supported")
    try check.requireMovable(
      inputs: Array(node.inputs.indices), advice: "train or convert so that all tensors that are joined share one scale")
    try check.requireParts(node.inputs, of: node.outputs[0], axis: axis)
  }

  public func moved(_ node: Node) -> [Int] { Array(node.inputs.indices) }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let rank = graph.tensors[node.outputs[0]].shape.count
    return Move.parts(node.inputs, to: node.outputs[0], axis: axis < 0 ? axis + rank : axis, in: graph)
  }
}
