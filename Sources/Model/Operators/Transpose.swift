// TRANSPOSE: the dimensions in another order.
//
// The second input is a constant: dimension d of the output is dimension permutation[d] of the input.

/// A change of the order of dimensions.
public struct Transpose: Movement {
  public var name: String { "TRANSPOSE" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    let order = try check.constantPerDimension(1, "dimensions of a permutation")
    let shape = check.input().shape
    try check.require(
      order.sorted() == Array(shape.indices), .invalidGraph, "\(order) is no permutation of \(shape.count) dimensions",
      tensor: node.inputs[1])
    try check.requireShape(node.outputs[0], order.map { shape[$0] })
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let strides = Move.strides(graph.tensors[node.inputs[0]].shape)
    let shape = graph.tensors[node.outputs[0]].shape
    return [
      Move(
        shape: shape,
        from: Move.Box(
          tensor: node.inputs[0], strides: (graph.tensors[node.inputs[1]].indexValues() ?? []).map { strides[$0] }),
        to: Move.Box(tensor: node.outputs[0], strides: Move.strides(shape))).merged
    ]
  }
}
