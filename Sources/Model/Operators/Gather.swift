// GATHER: chosen slices of a tensor along one dimension, in any order.
//
// The second input is a constant of indices, of any shape: the output has its dimensions in the place of the one that is
// gathered along. Indices that form an arithmetic progression move together.

/// Slices of a tensor.
public struct Gather: Movement {
  public var name: String { "GATHER" }
  /// The dimension of the input that the indices are of; negative counts from the last.
  public var axis: Int

  public init(axis: Int) {
    self.axis = axis
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    let (shape, axis) = (check.input().shape, try check.axis(axis, of: node.inputs[0]))
    for index in try check.constantIndices(1, "indices") {
      try check.require(
        (0..<shape[axis]).contains(index), .invalidGraph, "index \(index) is out of range for \(shape[axis]) elements",
        tensor: node.inputs[1])
    }
    try check.requireShape(node.outputs[0], shape[..<axis] + check.input(1).shape + shape[(axis + 1)...])
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let shape = graph.tensors[node.inputs[0]].shape, indices = graph.tensors[node.inputs[1]].indexValues() ?? []
    let axis = axis < 0 ? axis + shape.count : axis
    let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    return Move.Run.progressions(indices.enumerated().map { (to: $0.offset, from: $0.element) }, step: 1).map { run in
      Move(
        shape: [outer, run.count, inner],
        from: Move.Box(
          tensor: node.inputs[0], offset: run.from * inner, strides: [shape[axis] * inner, run.fromStep * inner, 1]),
        to: Move.Box(tensor: node.outputs[0], offset: run.to * inner, strides: [indices.count * inner, inner, 1])).merged
    }
  }
}
