// SOFTMAX over the last dimension.
//
// Each row is computed on its own, in fixed point. With d = max − x, every input
// contributes e^(−β·s·d), which depends on the eight bits of d alone: 256 numbers in
// Q0.31. They are summed in Q12.19, the reciprocal of the sum comes from three Newton
// steps, and each output is its exponential times the reciprocal, rounded to 8 bits.
// The output's scale is always 1/256, its zero point −128.
//
// `SoftmaxTable` holds the 256 numbers, `SoftmaxReciprocal` and `ReciprocalIteration`
// the steps after them one by one, because a serial unit in hardware goes exactly
// through these.

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
    try check.requireInt8Activations()
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

/// The exponentials of a softmax by difference from the row's maximum, and the row algorithm over them.
public struct SoftmaxTable: Equatable, Sendable {
  /// e^(−β·s·d) in Q0.31 for d = 0...255. Entries beyond `largestDifference` are 0 and never used as exponentials.
  public let exponentials: [Int32]
  /// The largest difference that contributes. Beyond it an input adds nothing to the sum and gives −128.
  public let largestDifference: Int
  /// β·s·2^26: from a difference to Q5.26.
  public let multiplier: QuantizedMultiplier

  /// - Parameters:
  ///   - beta: finite and positive.
  ///   - scale: of the input, finite and positive; beta · scale must exceed 2^−26.
  public init(beta: Float, scale: Float) {
    let real = min(Double(beta) * Double(scale) * 0x1p26, 0x1p31 - 1)
    let multiplier = QuantizedMultiplier(real, maximumExponent: 31)
    // The largest difference that stays within Q5.26 after the shift; 31 is the largest integer in Q5.
    let largest = Int((31 * 0x1p26) / Double(1 << max(multiplier.exponent, 0)))
    self.multiplier = multiplier
    largestDifference = min(largest, 255)
    exponentials = (0...255).map { difference in
      guard difference <= largest else { return 0 }
      let scaled = saturatingRoundingDoublingHighMultiply(
        Int32(truncatingIfNeeded: -difference << max(multiplier.exponent, 0)), multiplier.multiplier)
      return exponentialOnNegativeValues(scaled)
    }
  }

  /// What difference d = 0...255 adds to the sum, in Q12.19: RDBPOT(exponential, 12), 0 beyond `largestDifference`.
  public func contribution(_ difference: Int) -> Int32 {
    difference <= largestDifference ? roundingDivideByPowerOfTwo(exponentials[difference], 12) : 0
  }

  /// The softmax of one row of 1 to `Softmax.longestRow` elements.
  public func softmax(_ row: [Int8]) -> [Int8] {
    guard let maximum = row.max() else { return [] }
    let differences = row.map { Int(maximum) - Int($0) }
    let sum = differences.reduce(Int32(0)) { $0 &+ contribution($1) }
    let reciprocal = SoftmaxReciprocal(sum: sum)
    return differences.map { output($0, reciprocal) }
  }

  /// The output for difference `difference` once the reciprocal is known.
  public func output(_ difference: Int, _ reciprocal: SoftmaxReciprocal) -> Int8 {
    guard difference <= largestDifference else { return -128 }
    let product = saturatingRoundingDoublingHighMultiply(reciprocal.mantissa, exponentials[difference])
    // More than 31 only when over 511 inputs share the maximum; the output then rounds to nothing.
    let steps = reciprocal.shift > 31 ? 0 : roundingDivideByPowerOfTwo(product, reciprocal.shift)
    let value = steps &- 128
    return Int8(truncatingIfNeeded: min(max(value, -128), 127))
  }
}

/// The reciprocal of a sum of exponentials, as a mantissa and a shift.
public struct SoftmaxReciprocal: Equatable, Sendable {
  /// Zero bits above the sum's highest one bit: how far the sum is shifted left to become 1 + a, a in [0, 1).
  public let leadingZeros: Int
  /// a in Q0.31: the shifted sum without its highest bit.
  public let fraction: Int32
  /// 1/(1 + a) in Q0.31, after three Newton steps.
  public let mantissa: Int32
  /// The right shift that takes mantissa times exponential to an output in 1/256: 12 − leadingZeros + 31 − 8,
  /// which is 23 for a single contribution of 1 and up to 34.
  public let shift: Int

  /// - Parameter sum: in Q12.19; at least RDBPOT(2^31 − 1, 12) = 2^19, as the maximum itself contributes that.
  public init(sum: Int32) {
    let bits = UInt32(bitPattern: sum)
    leadingZeros = bits.leadingZeroBitCount
    fraction = Int32(truncatingIfNeeded: (bits &<< UInt32(leadingZeros & 31)) & 0x7FFF_FFFF)
    mantissa = reciprocalOfOnePlus(fraction)
    shift = 12 - leadingZeros + 31 - 8
  }
}
