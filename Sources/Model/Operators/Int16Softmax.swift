// SOFTMAX of int16 over the last dimension.
//
// With d = max − x, every input contributes e^(−β·s·d) in Q0.15 by a table (`InterpolatedTable`), e^−10 where β·s·d is more than 10. The
// sum of a row is shifted to [1, 2) and rounded to 16 bits, its reciprocal comes from a second table, and each output is its exponential
// times the reciprocal. The output's scale is 1/32768, its zero point 0. The accelerator has no such tables, so the host runs it, at the
// end of a network. Source: SoftmaxInt16 of TensorFlow Lite, with the tables of TensorFlow Lite Micro.

/// A softmax of int16.
public struct Int16Softmax: HostOperation {
  public var name: String { "SOFTMAX" }
  /// Factor of the inputs inside the exponential, positive.
  public var beta: Float

  public init(beta: Float = 1) { self.beta = beta }

  /// The longest row whose sum of exponentials is sure to fit in Q16.15.
  public static let longestRow = 65_535

  /// β·s in units of 10/65535, of which the table's domain has 65,535.
  private func factor(_ input: Tensor) -> Double { Double(input.scale) * Double(beta) / (10 / 65_535) }

  /// Never runs on the accelerator.
  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(.unsupported, "SOFTMAX of int16 is not supported inside of a network, only at its end")
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    let input = check.input()
    try check.requireInt16Function()
    try check.requireRank(node.inputs[0], 1...Graph.largestRank, "input")
    let length = input.shape[input.shape.count - 1]
    try check.require(length > 0, .invalidShape, "shape \(check.describe(input.shape)) has an empty dimension", tensor: node.inputs[0])
    try check.require(
      length <= Self.longestRow, .unsupported, "SOFTMAX over \(length) elements is not supported, at most \(Self.longestRow)",
      tensor: node.inputs[0])
    try check.require(
      beta.isFinite && beta > 0, .invalidGraph, "SOFTMAX beta is \(beta), must be finite and positive")
    // A difference has 16 bits, which may be shifted by 15.
    let factor = factor(input)
    try check.require(
      QuantizedMultiplier.isRepresentable(factor) && factor < 0x1p15, .invalidQuantization,
      "beta·input scale = \(Double(beta) * Double(input.scale)) is out of range, must be less than 5", tensor: node.inputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], multiplier = QuantizedMultiplier(factor(input))
    let length = input.shape[input.shape.count - 1]
    store[node.outputs[0]] = withInt16(store[node.inputs[0]]) { x in
      makeInt16(x.count) { y in
        for start in stride(from: 0, to: x.count, by: length) {
          Self.softmax(.init(rebasing: x[start..<start + length]), multiplier, to: .init(rebasing: y[start..<start + length]))
        }
      }
    }
  }

  /// One row, which has an element.
  private static func softmax(
    _ row: UnsafeBufferPointer<Int16>, _ multiplier: QuantizedMultiplier, to y: UnsafeMutableBufferPointer<Int16>
  ) {
    let greatest = Int32(row.max() ?? 0)
    var sum: Int32 = 0
    for (index, value) in row.enumerated() {
      let difference = multiplyByQuantizedMultiplier(Int32(value) - greatest, multiplier)
      y[index] = InterpolatedTable.exponential[Int16(min(max(difference &+ 32_767, -32_768), 32_767))]
      sum += Int32(y[index])
    }
    // In [1, 2) as 2^16 to 2^17, less 2^16 and less 2^15 for the table's sign.
    let zeros = sum.leadingZeroBitCount
    let fraction = (Int64(sum) << (zeros - 1) + 1 << 13) >> 14 - 3 << 15
    let reciprocal = Int64(InterpolatedTable.reciprocalOfOnePlus[Int16(min(fraction, 32_767))])
    let shift = 31 - zeros
    for index in y.indices { y[index] = Int16(min((Int64(y[index]) * reciprocal + 1 << (shift - 1)) >> shift, 32_767)) }
  }
}
