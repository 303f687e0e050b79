// SPLIT and SPLIT_V: a tensor cut into parts along one dimension.
//
// SPLIT makes equal parts; its inputs are the axis and the tensor. SPLIT_V is told the sizes, one of them perhaps −1
// for the rest; its inputs are the tensor, the sizes and the axis.

/// A tensor cut into parts.
public struct Split: Movement {
  /// `SPLIT` or `SPLIT_V`.
  public var name: String

  public init(name: String = "SPLIT") {
    self.name = name
  }

  private var hasSizes: Bool { name == "SPLIT_V" }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: hasSizes ? 3...3 : 2...2, outputs: max(node.outputs.count, 1))
    let tensor = hasSizes ? 0 : 1
    try check.requireMovable(inputs: [tensor])
    let axes = try check.constantIndices(hasSizes ? 2 : 0, "axes")
    try check.require(axes.count == 1, .invalidShape, "there are \(axes.count) axes, \(name) has one")
    let axis = try check.axis(axes[0], of: node.inputs[tensor])
    try check.requireParts(node.outputs, of: node.inputs[tensor], axis: axis)
    let sizes = node.outputs.map { graph.tensors[$0].shape[axis] }
    if hasSizes {
      let wanted = try check.constantIndices(1, "sizes")
      try check.require(
        wanted.count == sizes.count && wanted.filter { $0 == -1 }.count <= 1
          && zip(wanted, sizes).allSatisfy { $0 == -1 || $0 == $1 },
        .invalidShape, "the sizes are \(wanted), but the outputs have \(sizes)", tensor: node.inputs[1])
    } else {
      try check.require(Set(sizes).count == 1, .invalidShape, "the outputs of SPLIT have unlike sizes \(sizes)")
    }
  }

  public func moved(_ node: Node) -> [Int] { [hasSizes ? 0 : 1] }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let tensor = node.inputs[hasSizes ? 0 : 1]
    let axis = graph.tensors[node.inputs[hasSizes ? 2 : 0]].indexValues()?.first ?? 0
    return Move.parts(node.outputs, to: tensor, axis: axis < 0 ? axis + graph.tensors[tensor].shape.count : axis, in: graph)
      .map(\.reversed)
  }
}
