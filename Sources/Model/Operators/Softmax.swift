// SOFTMAX over the last dimension.
//
// Each row is computed on its own, in fixed point. With d = max − x, every input
// contributes e^(−β·s·d), which depends on the eight bits of d alone: 256 numbers in
// Q0.31. They are summed in Q12.19, the reciprocal of the sum comes from three Newton
// steps, and each output is its exponential times the reciprocal, rounded to 8 bits.
// The output's scale is always 1/256, its zero point −128. The arithmetic is in
// `SoftmaxTable`.

/// A softmax.
public struct Softmax: Operation {
  public var name: String { "SOFTMAX" }
  /// Factor of the inputs inside the exponential, positive.
  public var beta: Float

  public init(beta: Float = 1) {
    self.beta = beta
  }

  /// The exponentials of a validated `node`.
  public func table(_ node: Node, in graph: Graph) -> SoftmaxTable {
    SoftmaxTable(beta: beta, scale: graph.tensors[node.inputs[0]].scale)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    let (input, output) = (check.input(), check.output())
    try check.requireRank(node.inputs[0], 1...Graph.largestRank, "input")
    try check.requireShape(node.outputs[0], input.shape)
    try check.require(
      output.scale == 1 / 256 && output.zeroPoint == -128, .invalidQuantization,
      "int8 SOFTMAX output must have scale 1/256 and zero point -128, has \(output.scale) and \(output.zeroPoint)",
      tensor: node.outputs[0])
    try check.require(
      beta.isFinite && beta > 0, .invalidGraph, "SOFTMAX beta is \(beta), must be finite and positive")
    try check.require(
      Double(beta) * Double(input.scale) * 0x1p26 > 1, .invalidQuantization,
      "beta·input scale = \(Double(beta) * Double(input.scale)) is too small to be represented", tensor: node.inputs[0])
    try check.require(
      input.shape[input.shape.count - 1] <= Self.longestRow, .unsupported,
      "SOFTMAX over \(input.shape[input.shape.count - 1]) elements is not supported, at most \(Self.longestRow)",
      tensor: node.inputs[0])
  }

  /// The longest row whose sum of exponentials is sure to fit in Q12.19.
  public static let longestRow = 4_095

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let table = table(node, in: graph)
    let shape = graph.tensors[node.inputs[0]].shape
    let length = shape[shape.count - 1]
    let input = store[node.inputs[0]]
    var output: [UInt8] = []
    output.reserveCapacity(input.count)
    for start in stride(from: 0, to: input.count, by: length) {
      let row = input[start..<(start + length)].map { Int8(bitPattern: $0) }
      output += table.softmax(row).map { UInt8(bitPattern: $0) }
    }
    store[node.outputs[0]] = output
  }
}
