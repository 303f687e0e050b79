// PAD: a border of zeros, which is to say of zero points.
//
// The second input is a constant of shape rank×2: elements before and after, for every
// dimension. Scale and zero point do not change.

/// Constant padding.
public struct Pad: Operation {
  public var name: String { "PAD" }

  public init() {}

  /// Elements added before and after each dimension of a validated `node`.
  public func amounts(_ node: Node, in graph: Graph) -> [(before: Int, after: Int)] {
    let values = graph.tensors[node.inputs[1]].indexValues() ?? []
    return (0..<(values.count / 2)).map { (values[2 * $0], values[2 * $0 + 1]) }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireInt8Activations()
    try check.requireRank(node.inputs[0], 1...5, "input")
    let values = try check.constantIndices(1, "paddings")
    let shape = check.input().shape
    try check.require(
      check.input(1).shape == [shape.count, 2], .invalidShape,
      "paddings have shape \(check.describe(check.input(1).shape)), expected \(shape.count)x2", tensor: node.inputs[1])
    for value in values {
      try check.require(value >= 0, .invalidGraph, "negative padding \(value)", tensor: node.inputs[1])
      try check.require(
        value <= Graph.largestTensor, .resourceLimit, "padding \(value) is beyond every limit", tensor: node.inputs[1])
    }
    let padded = shape.indices.map { shape[$0] + values[2 * $0] + values[2 * $0 + 1] }
    try check.requireShape(node.outputs[0], padded)
    try check.requireSameQuantization(node.inputs[0], node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]]
    let output = graph.tensors[node.outputs[0]]
    let amounts = amounts(node, in: graph)
    let rank = input.shape.count
    let rowSize = input.shape[rank - 1]
    let source = store[node.inputs[0]]
    var result = [UInt8](repeating: UInt8(truncatingIfNeeded: output.zeroPoint), count: output.elementCount)
    for row in 0..<(input.elementCount / rowSize) {
      // The row's coordinates in the input, turned into a position in the output.
      var rest = row
      var position = amounts[rank - 1].before
      var step = output.shape[rank - 1]
      for dimension in (0..<(rank - 1)).reversed() {
        position += (rest % input.shape[dimension] + amounts[dimension].before) * step
        rest /= input.shape[dimension]
        step *= output.shape[dimension]
      }
      result.replaceSubrange(position..<(position + rowSize), with: source[row * rowSize..<(row + 1) * rowSize])
    }
    store[node.outputs[0]] = result
  }
}
