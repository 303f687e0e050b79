// PACK and UNPACK: tensors of one shape as the slices of another, along a dimension that the slices do not have.

/// Inputs stacked along a new dimension.
public struct Pack: Movement {
  public var name: String { "PACK" }
  /// The new dimension of the output; negative counts from the last.
  public var axis: Int

  public init(axis: Int) {
    self.axis = axis
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    let count = max(node.inputs.count, 1)
    try check.requireCounts(inputs: count...count)
    try check.requireMovable(inputs: Array(node.inputs.indices))
    try check.requireSlices(node.inputs, of: node.outputs[0], axis: axis)
  }

  public func moved(_ node: Node) -> [Int] { Array(node.inputs.indices) }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let rank = graph.tensors[node.outputs[0]].shape.count
    return Move.parts(node.inputs, to: node.outputs[0], axis: axis < 0 ? axis + rank : axis, in: graph)
  }
}

/// A tensor cut into its slices along a dimension that they lose.
public struct Unpack: Movement {
  public var name: String { "UNPACK" }
  /// The dimension of the input that is lost; negative counts from the last.
  public var axis: Int

  public init(axis: Int) {
    self.axis = axis
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1, outputs: max(node.outputs.count, 1))
    try check.requireMovable()
    try check.requireSlices(node.outputs, of: node.inputs[0], axis: axis)
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let rank = graph.tensors[node.inputs[0]].shape.count
    return Move.parts(node.outputs, to: node.inputs[0], axis: axis < 0 ? axis + rank : axis, in: graph).map(\.reversed)
  }
}

extension NodeCheck {
  /// Checks that `slices` are all those of `whole` along dimension `axis`.
  fileprivate func requireSlices(_ slices: [Int], of whole: Int, axis: Int) throws(ModelError) {
    let axis = try self.axis(axis, of: whole)
    var shape = graph.tensors[whole].shape
    let count = shape.remove(at: axis)
    try require(
      slices.count == count, .invalidShape, "there are \(slices.count) slices, but dimension \(axis) has size \(count)",
      tensor: whole)
    for slice in slices { try requireShape(slice, shape, "slice's") }
  }
}
