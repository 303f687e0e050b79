// SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: every so many-th row and column as an image of its own, and back.
//
// The dimensions after the first and before the last are padded with the zero point and cut into blocks of b1×b2; image
// k·N + n of the result has position k of every block of image n. On the way back the padding is cropped. Block sizes and
// amounts of padding, before and after each of these dimensions, are constants. (TensorFlow Lite Micro pads with a byte
// that nobody has set; the zero point is what LiteRT pads with.)

/// One image becomes several that are smaller, or several become one.
public struct SpaceToBatch: Movement, CompositeOperation {
  /// `SPACE_TO_BATCH_ND` or `BATCH_TO_SPACE_ND`.
  public var name: String

  public init(name: String = "SPACE_TO_BATCH_ND") {
    self.name = name
  }

  private var isReversed: Bool { name == "BATCH_TO_SPACE_ND" }
  /// The largest block, in positions.
  static let largestBlock = 4_096

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 3...3)
    try check.requireMovable()
    try check.requireRank(node.inputs[0], 3...4, "input")
    try check.requireRank(node.outputs[0], 3...4, "output")
    let blocks = try check.constantIndices(1, "block sizes")
    let amounts = try check.constantIndices(2, isReversed ? "crops" : "paddings")
    let dimensions = check.input().shape.count - 2
    try check.require(
      blocks.count == dimensions && amounts.count == 2 * dimensions, .invalidShape,
      "\(blocks.count) block sizes and \(amounts.count) amounts for \(dimensions) dimensions", tensor: node.inputs[1])
    try check.require(
      blocks.allSatisfy { (1...Self.largestBlock).contains($0) } && product(blocks) <= Self.largestBlock, .unsupported,
      "blocks of \(blocks) positions, at most \(Self.largestBlock) are supported", tensor: node.inputs[1])
    for amount in amounts {
      try check.require(
        (0...Graph.largestTensor).contains(amount), .invalidGraph, "amount \(amount) is out of range", tensor: node.inputs[2])
    }
    let (fine, coarse) = isReversed ? (check.output().shape, check.input().shape) : (check.input().shape, check.output().shape)
    var expected = [fine[0] * product(blocks)]
    for (index, block) in blocks.enumerated() where fine.count == coarse.count {
      let padded = fine[index + 1] + amounts[2 * index] + amounts[2 * index + 1]
      expected.append(padded % block == 0 ? padded / block : 0)
    }
    try check.require(
      fine.count == coarse.count && coarse == expected + fine.suffix(1), .invalidShape,
      "\(check.describe(check.input().shape)) does not become \(check.describe(check.output().shape)) with blocks of "
        + "\(blocks) and amounts \(amounts)", tensor: node.outputs[0])
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let blocks = graph.tensors[node.inputs[1]].indexValues() ?? [], amounts = graph.tensors[node.inputs[2]].indexValues() ?? []
    let (fine, coarse) = isReversed ? (node.outputs[0], node.inputs[0]) : (node.inputs[0], node.outputs[0])
    let (few, many) = (graph.tensors[fine].shape, graph.tensors[coarse].shape)
    let moves = (0..<product(blocks)).flatMap { position in
      var rest = position
      var runs = [[Move.Run(count: few[few.count - 1])]]
      for (index, block) in blocks.enumerated().reversed() {
        // Element o of the small image is element o·block + shift of the large one.
        let shift = rest % block - amounts[2 * index]
        rest /= block
        let first = max((block - 1 - shift) / block, 0)
        let end = min((few[index + 1] - shift + block - 1) / block, many[index + 1])
        runs.insert([Move.Run(count: max(end - first, 0), from: first * block + shift, fromStep: block, to: first)], at: 0)
      }
      runs.insert([Move.Run(count: few[0], to: position * few[0])], at: 0)
      return Move.product(runs, from: fine, to: coarse, in: graph)
    }
    return isReversed ? moves.map(\.reversed) : moves
  }

  public func fill(_ node: Node, in graph: Graph) -> Int8? {
    let isPadded = (graph.tensors[node.inputs[2]].indexValues() ?? []).contains { $0 != 0 }
    return isPadded && !isReversed ? Int8(truncatingIfNeeded: graph.tensors[node.outputs[0]].zeroPoint) : nil
  }

  /// A PAD, then blocks of what is padded.
  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    guard fill(node, in: graph) != nil else { return nil }
    let amounts = graph.tensors[node.inputs[2]].indexValues() ?? [], dimensions = amounts.count / 2
    var shape = graph.tensors[node.inputs[0]].shape
    for dimension in 0..<dimensions { shape[1 + dimension] += amounts[2 * dimension] + amounts[2 * dimension + 1] }
    let padded = graph.addTensor(like: node.inputs[0], "padded", shape: shape)
    let borders = graph.addIndices([0, 0] + amounts + [0, 0], shape: [shape.count, 2])
    let none = graph.addIndices(amounts.map { _ in 0 }, shape: [dimensions, 2])
    return [
      Node(index: node.index, operation: Pad(), inputs: [node.inputs[0], borders], outputs: [padded]),
      Node(index: node.index, operation: self, inputs: [padded, node.inputs[1], none], outputs: node.outputs),
    ]
  }
}
