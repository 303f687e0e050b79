// MIRROR_PAD: a border that shows the tensor in a mirror.
//
// As PAD, but the border's elements are those beside it, backwards: without the outermost
// one (REFLECT) or with it (SYMMETRIC).

/// Padding with mirrored contents.
public struct MirrorPad: Movement {
  public var name: String { "MIRROR_PAD" }
  /// Whether the outermost element is its own mirror image (REFLECT) or appears twice (SYMMETRIC).
  public var reflects: Bool

  public init(reflects: Bool) {
    self.reflects = reflects
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    try check.requireRank(node.inputs[0], 1...5, "input")
    try check.requireAmounts(1, "padding")
    let (shape, amounts) = (check.input().shape, Pad().amounts(node, in: graph))
    for (size, amount) in zip(shape, amounts) {
      let largest = reflects ? size - 1 : size
      try check.require(
        max(amount.before, amount.after) <= largest, .invalidGraph,
        "mirrored padding of \(max(amount.before, amount.after)) for \(size) elements, at most \(largest) is possible",
        tensor: node.inputs[1])
    }
    try check.requireShape(node.outputs[0], zip(shape, amounts).map { $0 + $1.before + $1.after })
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let skipped = reflects ? 1 : 0
    let runs = zip(graph.tensors[node.inputs[0]].shape, Pad().amounts(node, in: graph)).map { size, amount in
      [
        Move.Run(count: amount.before, from: amount.before - 1 + skipped, fromStep: -1),
        Move.Run(count: size, to: amount.before),
        Move.Run(count: amount.after, from: size - 1 - skipped, fromStep: -1, to: amount.before + size),
      ]
    }
    return Move.product(runs, from: node.inputs[0], to: node.outputs[0], in: graph)
  }
}
