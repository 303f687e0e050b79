// From the sum of a layer to steps of its output: by which factor, and how that is rounded.
//
// TensorFlow Lite multiplies a sum by the real factor as a fixed-point number (`QuantizedMultiplier`). ONNX Runtime converts
// the sum to float32, multiplies it by (sx·sw)/sy, each step rounded to float32, and rounds the product, halves to even. Both
// never decrease as the sum grows, so they differ at few sums only: where a product is so close to a half that its rounding to
// float32 decides. Which rule is followed is the graph's `rounding`. Sums of int16 activations have more than 32 bits, and TensorFlow
// Lite rounds their product with a reduced multiplier once.

/// How the layers of a graph rescale their sums.
public enum Rounding: String, Sendable, CaseIterable {
  /// As TensorFlow Lite does.
  case fixedPoint = "fixed-point"
  /// As ONNX Runtime does, at every sum.
  case exact
  /// By the fixed-point number that is nearest to ONNX Runtime's factor: one step more or less at few sums.
  case nearest
}

/// A real factor with its rule of rounding.
public enum SumFactor: Hashable, Sendable {
  /// MBQM(sum, multiplier).
  case fixedPoint(QuantizedMultiplier)
  /// ⌊(sum · r + 2^(14 − e)) / 2^(15 − e)⌋ with the multiplier (m, e) and r = min(⌊(m + 2^15) / 2^16⌋, 2^15 − 1): the product of a
  /// sum of up to 48 bits, rounded once, halves up. MultiplyByQuantizedMultiplier of an int64 in TensorFlow Lite. e is at most 7, and
  /// steps beyond 32 bits wrap.
  case reduced(QuantizedMultiplier)
  /// round(sum · factor), halves away from zero, in double: LiteRT's FULLY_CONNECTED on uint8. Beyond ±2^30 it is cut off.
  case once(Double)
  /// round(float32(sum) · factor), halves to even, every operation in float32. Beyond ±2^16 it is cut off, which no output sees.
  case float32(Float)
  /// ⌊sum · factor + 1/2⌋ in the place of `float32(factor)`, with multiplier = QM(factor): rounded once, halves up. Beyond ±2^16 it
  /// is cut off, too.
  case nearest(QuantizedMultiplier, to: Float)
  /// ⌊sum · factor + 1/2⌋ in the place of a sum of real numbers in float32, which ONNX Runtime adds in an order of its own: where the
  /// product is within `tolerance` steps of a half, that order decides. Beyond ±2^16 it is cut off, too.
  case ordered(QuantizedMultiplier, tolerance: Double)

  /// The steps of the output that `sum` is.
  @inlinable
  public func steps(_ sum: Int32) -> Int32 {
    switch self {
    case .fixedPoint(let multiplier): multiplyByQuantizedMultiplier(sum, multiplier)
    case .reduced: steps(int64: Int64(sum))
    case .nearest(let multiplier, _), .ordered(let multiplier, _): multiplyOnce(sum, multiplier)
    case .once(let factor): Int32(min(max((Double(sum) * factor).rounded(.toNearestOrAwayFromZero), -0x1p30), 0x1p30))
    case .float32(let factor): Int32(min(max(Float(sum) * factor, -0x1p16), 0x1p16).rounded(.toNearestOrEven))
    }
  }

  /// The steps of the output that a sum of up to 48 bits is. Where the rule is not `reduced`, sums wrap at 32 bits.
  @inlinable
  public func steps(int64 sum: Int64) -> Int32 {
    switch self {
    case .reduced(let multiplier): multiplyReduced(sum, multiplier)
    case .fixedPoint, .once, .float32, .nearest, .ordered: steps(Int32(truncatingIfNeeded: sum))
    }
  }

  /// The fixed-point number that is it, or is nearest to it.
  public var multiplier: QuantizedMultiplier {
    switch self {
    case .fixedPoint(let multiplier), .reduced(let multiplier), .nearest(let multiplier, _), .ordered(let multiplier, _): multiplier
    case .once(let factor): QuantizedMultiplier(factor)
    case .float32(let factor): QuantizedMultiplier(Double(factor))
    }
  }

  /// ONNX Runtime's factor; nil where TensorFlow Lite is followed.
  public var quotient: Float? {
    switch self {
    case .fixedPoint, .reduced, .once, .ordered: nil
    case .float32(let factor), .nearest(_, let factor): factor
    }
  }

  /// A factor under a rule.
  /// - Parameters:
  ///   - multiplier: TensorFlow Lite's.
  ///   - quotient: ONNX Runtime's, every operation in float32.
  init(_ rounding: Rounding, _ multiplier: @autoclosure () -> QuantizedMultiplier, _ quotient: Float) {
    switch rounding {
    case .fixedPoint: self = .fixedPoint(multiplier())
    case .exact: self = .float32(quotient)
    case .nearest: self = .nearest(QuantizedMultiplier(Double(quotient)), to: quotient)
    }
  }
}

extension SumFactor {
  /// The mean of `count` bytes less their zero point: real numbers that are added in float32.
  ///
  /// Each of count numbers of up to 255·sx is rounded, then each of count − 1 sums, and two quotients and the output's zero point.
  init(meanOf count: Int, _ input: Float, to output: Float) {
    let quotient = Double(input) / Double(output)
    self = .ordered(
      QuantizedMultiplier(quotient / Double(count)), tolerance: Double(count + 4) * 255 * quotient * 0x1p-24 + 0x1p-14)
  }
}

/// ⌊value · factor + 1/2⌋, cut off beyond ±2^16.
@usableFromInline
func multiplyOnce(_ value: Int32, _ factor: QuantizedMultiplier) -> Int32 {
  let shift = Int64(31 - factor.exponent)
  let steps = (Int64(value) &* Int64(factor.multiplier) &+ 1 &<< (shift &- 1)) &>> shift
  return Int32(truncatingIfNeeded: min(max(steps, -1 << 16), 1 << 16))
}

/// The product of a sum of up to 48 bits and a reduced multiplier, rounded once; see `SumFactor.reduced`.
@usableFromInline
func multiplyReduced(_ sum: Int64, _ factor: QuantizedMultiplier) -> Int32 {
  let shift = Int64(15 - factor.exponent)
  return Int32(truncatingIfNeeded: (sum &* Int64(factor.reduced) &+ 1 &<< (shift &- 1)) &>> shift)
}

extension NodeCheck {
  /// Checks that a factor in float32 is one: between its operations nothing may have become zero or infinite.
  func requireFloat(_ factor: SumFactor, tensor: Int) throws(ModelError) {
    guard case .float32(let quotient) = factor else { return }
    try require(quotient.isNormal, .invalidQuantization, "the factor of the sums is \(quotient) in float32, out of range", tensor: tensor)
  }

  /// Checks a sum of int16 activations and its steps: 48 bits and 32 where it is rounded once, else 32 and, by saturation, any.
  ///
  /// A product of 48 bits and 16 fits in 63, so no step on the way overflows.
  /// - Parameter reach: how far the sum reaches to either side, at least 0.
  func requireInt16Sum(_ reach: Int, _ factor: SumFactor, channel: Int) throws(ModelError) {
    guard case .reduced(let multiplier) = factor else {
      return try require(
        reach <= Int32.max, .unsupported, "sums of channel \(channel) reach ±\(reach), beyond the 32 bits that they have with an int32 bias",
        tensor: node.outputs[0], advice: "convert the model with int64 biases")
    }
    try require(
      reach < 1 << 47, .unsupported, "sums of channel \(channel) reach ±\(reach), beyond 48 bits", tensor: node.outputs[0])
    let sizes = "of channel \(channel) is \(multiplier.real)"
    try require(
      multiplier.exponent <= 7, .invalidQuantization, "input·weight/output scale \(sizes), must be less than 128 on int16",
      tensor: node.outputs[0])
    let steps = (reach * Int(multiplier.reduced) + 1 << (14 - multiplier.exponent)) >> (15 - multiplier.exponent)
    try require(
      steps <= Int32.max, .invalidQuantization,
      "sums of channel \(channel) reach ±\(reach) and input·weight/output scale \(sizes): the product is beyond 32 bits",
      tensor: node.outputs[0], advice: "choose a larger output scale")
  }
}
