// PAD and PADV2: a border of one value around a tensor.
//
// The second input is a constant of shape rank×2: elements before and after, for every
// dimension. PAD's border is zero, which is to say the zero point; PADV2's is its third
// input. Scale and zero point do not change.

/// Constant padding.
public struct Pad: Movement {
  /// `PAD` or `PADV2`.
  public var name: String

  public init(name: String = "PAD") {
    self.name = name
  }

  /// Elements added before and after each dimension of a validated `node`.
  public func amounts(_ node: Node, in graph: Graph) -> [(before: Int, after: Int)] {
    let values = graph.tensors[node.inputs[1]].indexValues() ?? []
    return (0..<(values.count / 2)).map { (values[2 * $0], values[2 * $0 + 1]) }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: name == "PADV2" ? 3...3 : 2...2)
    try check.requireMovable(inputs: name == "PADV2" ? [0, 2] : [0])
    try check.requireRank(node.inputs[0], 1...5, "input")
    try check.requireAmounts(1, "padding")
    let shape = check.input().shape
    try check.requireShape(node.outputs[0], zip(shape, amounts(node, in: graph)).map { $0 + $1.before + $1.after })
    if name == "PADV2" {
      try check.require(
        check.input(2).isConstant && check.input(2).elementCount == 1, .unsupported,
        "the value of the border must be one constant", tensor: node.inputs[2])
    }
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    Move.product(
      zip(graph.tensors[node.inputs[0]].shape, amounts(node, in: graph)).map { [Move.Run(count: $0, to: $1.before)] },
      from: node.inputs[0], to: node.outputs[0], in: graph)
  }

  public func fill(_ node: Node, in graph: Graph) -> Int8? {
    if amounts(node, in: graph).allSatisfy({ $0 == (0, 0) }) { return nil }
    return node.input(2).flatMap { graph.tensors[$0].int8Values().first }
      ?? Int8(truncatingIfNeeded: graph.tensors[node.outputs[0]].zeroPoint)
  }
}

extension NodeCheck {
  /// Checks the constant at input `position`: for every dimension of input 0 an amount before and one after.
  func requireAmounts(_ position: Int, _ what: String) throws(ModelError) {
    let values = try constantIndices(position, "\(what)s")
    let rank = input().shape.count
    try require(
      input(position).shape == [rank, 2], .invalidShape,
      "\(what)s have shape \(describe(input(position).shape)), expected \(rank)x2", tensor: node.inputs[position])
    for value in values {
      try require(value >= 0, .invalidGraph, "negative \(what) \(value)", tensor: node.inputs[position])
      try require(
        value <= Graph.largestTensor, .resourceLimit, "\(what) \(value) is beyond every limit", tensor: node.inputs[position])
    }
  }
}
