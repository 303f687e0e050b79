// The fixed-point arithmetic that everything else is made of.
//
// Integer inference multiplies a 32-bit accumulator by a real number smaller or larger
// than one. The real number is held as a 31-bit fraction and a power of two
// (`QuantizedMultiplier`), and the product is rounded *twice*: once when the upper half
// of the 64-bit product is taken, once when it is shifted right. One rounding is not
// the same: it differs exactly at ties, which ordinary scales almost never make.
//
// Numbers in Qm.n are 32-bit integers q that stand for q / 2^n, with m + n = 31.
// Additions wrap as 32-bit hardware does. Formulas: TensorFlow Lite for
// Microcontrollers and the gemmlowp fixed-point functions it uses.

import Foundation

/// A positive real factor as `multiplier · 2^(exponent − 31)`.
public struct QuantizedMultiplier: Equatable, Hashable, Sendable {
  /// The fraction in Q0.31: 2^30 up to 2^31 − 1, or 0 when the factor is too small to matter.
  public var multiplier: Int32
  /// The power of two: −31...30. Positive shifts left before the multiplication, negative right after it.
  public var exponent: Int

  public init(multiplier: Int32, exponent: Int) {
    self.multiplier = multiplier
    self.exponent = exponent
  }

  /// The nearest multiplier to `real` (half away from zero).
  ///
  /// Factors below about 2^−32 and anything that is not a positive number become 0; factors that would need an
  /// exponent above `maximumExponent` become the largest multiplier. Validation refuses models with such factors.
  /// (The softmax alone has its factor capped at 2^31 − 1 and asks for an exponent of 31.)
  public init(_ real: Double, maximumExponent: Int = QuantizedMultiplier.maximumExponent) {
    guard real > 0 else {
      self.init(multiplier: 0, exponent: 0)
      return
    }
    guard real.isFinite else {
      self.init(multiplier: .max, exponent: maximumExponent)
      return
    }
    // real = significand · 2^exponent with the significand in [1, 2); frexp's convention is [1/2, 1).
    var exponent = Int(real.exponent) + 1
    var fraction = Int64((real.significand * 0x1p30).rounded(.toNearestOrAwayFromZero))
    if fraction == 1 << 31 {
      fraction = 1 << 30
      exponent += 1
    }
    if exponent < -31 {
      self.init(multiplier: 0, exponent: 0)
    } else if exponent > maximumExponent {
      self.init(multiplier: .max, exponent: maximumExponent)
    } else {
      self.init(multiplier: Int32(fraction), exponent: exponent)
    }
  }

  /// The largest exponent the reference represents.
  public static let maximumExponent = 30

  /// Whether `real` has an exact place: finite, positive and below 2^30.
  public static func isRepresentable(_ real: Double) -> Bool {
    real > 0 && real.isFinite && real < 0x1p30 - 0.25
  }

  /// The fraction in Q0.15, rounded, halves up: 2^14 up to 2^15 − 1, or 0.
  public var reduced: Int32 { multiplier < 0x7FFF_0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF }

  /// The real number that the multiplier stands for.
  public var real: Double { Double(multiplier) * Foundation.exp2(Double(exponent - 31)) }
}

/// `value` times `factor`, rounded twice: MBQM(x, m, e) = RDBPOT(SRDHM(x · 2^max(e, 0), m), max(−e, 0)).
///
/// The left shift wraps like 32-bit hardware.
@inlinable
public func multiplyByQuantizedMultiplier(_ value: Int32, _ factor: QuantizedMultiplier) -> Int32 {
  let shifted = factor.exponent > 0 ? value &<< Int32(truncatingIfNeeded: factor.exponent) : value
  let high = saturatingRoundingDoublingHighMultiply(shifted, factor.multiplier)
  return factor.exponent < 0 ? roundingDivideByPowerOfTwo(high, -factor.exponent) : high
}

/// The same for a sum of up to 48 bits, in one rounding that equals both for every sum of 32 bits. The product is cut off at 64 bits.
///
/// - Parameter factor: with an exponent of at most 0.
public func multiplyByQuantizedMultiplier(wide value: Int64, _ factor: QuantizedMultiplier) -> Int64 {
  // The inner step's half counts only where there is an outer one.
  let inner: Int64 = factor.exponent == 0 ? 0 : value < 0 ? -1 << 30 : 1 << 30
  return (value &* Int64(factor.multiplier) &+ (1 << (30 - factor.exponent)) &+ inner) >> (31 - factor.exponent)
}

/// The upper half of twice the product, rounded: SRDHM(a, b) = (a·b + nudge) / 2^31, toward zero,
/// nudge = 2^30 or, for negative products, 1 − 2^30. Only INT32_MIN² saturates.
@inlinable
public func saturatingRoundingDoublingHighMultiply(_ a: Int32, _ b: Int32) -> Int32 {
  if a == .min && b == .min { return .max }
  let product = Int64(a) &* Int64(b)
  let nudge: Int64 = product >= 0 ? 1 << 30 : 1 - (1 << 30)
  return Int32(truncatingIfNeeded: (product &+ nudge) / (1 << 31))
}

/// `value / 2^exponent`, rounded to nearest, halves away from zero: RDBPOT(x, n). `exponent` is 0...31.
@inlinable
public func roundingDivideByPowerOfTwo(_ value: Int32, _ exponent: Int) -> Int32 {
  let shift = Int32(truncatingIfNeeded: exponent)
  let mask = Int32(bitPattern: (UInt32(1) &<< UInt32(truncatingIfNeeded: shift)) &- 1)
  let remainder = value & mask
  let threshold = Int32(bitPattern: UInt32(bitPattern: mask) &>> 1) &+ (value < 0 ? 1 : 0)
  return (value &>> shift) &+ (remainder > threshold ? 1 : 0)
}

/// `value · 2^exponent` with saturation. `exponent` is 0...31.
@inlinable
public func saturatingShiftLeft(_ value: Int32, _ exponent: Int) -> Int32 {
  let wide = Int64(value) &<< Int64(truncatingIfNeeded: exponent)
  return wide > Int64(Int32.max) ? .max : wide < Int64(Int32.min) ? .min : Int32(truncatingIfNeeded: wide)
}

/// The mean of two numbers, halves away from zero.
@inlinable
public func roundingHalfSum(_ a: Int32, _ b: Int32) -> Int32 {
  let sum = Int64(a) + Int64(b)
  return Int32(truncatingIfNeeded: (sum + (sum >= 0 ? 1 : -1)) / 2)
}

/// e^a for a ≤ 0: `a` in Q5.26, or with `integerBits` k = 0...5 in Qk.(31−k), the result in Q0.31 (1.0 saturates to
/// 2^31 − 1).
///
/// `a` is split into a multiple of 1/4 and a rest in [−1/4, 0). The rest goes through the Taylor polynomial of
/// degree 4 around −1/8; then each set bit of the multiple, from 1/4 to 2^(k−1), multiplies by its own constant.
public func exponentialOnNegativeValues(_ a: Int32, integerBits: Int = 5) -> Int32 {
  if a == 0 { return .max }
  let quarterBit = Int32(truncatingIfNeeded: 29 - integerBits)
  let quarter: Int32 = 1 << quarterBit
  let rest = (a & (quarter - 1)) &- quarter
  var result = exponentialOnLastQuarter(saturatingShiftLeft(rest, integerBits))
  var multiple = (rest &- a) >> quarterBit
  for constant in exponentialFactors.prefix(integerBits + 2) {
    if multiple & 1 != 0 { result = saturatingRoundingDoublingHighMultiply(result, constant) }
    multiple >>= 1
  }
  return result
}

/// e^−(2^(i−2)) in Q0.31 for i = 0...6: e^−1/4, e^−1/2, e^−1, e^−2, e^−4, e^−8, e^−16.
private let exponentialFactors: [Int32] = [
  1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242,
]

/// e^a for a in [−1/4, 0), both in Q0.31.
private func exponentialOnLastQuarter(_ a: Int32) -> Int32 {
  let multiply = saturatingRoundingDoublingHighMultiply
  let exponentialOfMinusEighth: Int32 = 1_895_147_668
  let third: Int32 = 715_827_883
  let x = a &+ (1 << 28)
  let x2 = multiply(x, x)
  let x3 = multiply(x2, x)
  let x4 = multiply(x2, x2)
  // x²/2 + x³/6 + x⁴/24 = ((x⁴/4 + x³)/3 + x²)/2
  let tail = roundingDivideByPowerOfTwo(
    multiply(roundingDivideByPowerOfTwo(x4, 2) &+ x3, third) &+ x2, 1)
  return exponentialOfMinusEighth &+ multiply(exponentialOfMinusEighth, x &+ tail)
}

/// 1 / (1 + a) for a in [0, 1): both in Q0.31, by three Newton steps on d = (1 + a) / 2.
///
/// The estimate starts at 48/17 − 32/17·d and every step is x ← x + x·(1 − d·x), x in Q2.29. See
/// `ReciprocalIteration` for the same in single steps.
public func reciprocalOfOnePlus(_ a: Int32) -> Int32 {
  var iteration = ReciprocalIteration(onePlus: a)
  for _ in 0..<ReciprocalIteration.stepCount { iteration.step() }
  return iteration.result
}

/// The Newton iteration for 1 / (1 + a), one step at a time, for hardware to follow.
public struct ReciprocalIteration: Equatable, Sendable {
  /// d = (1 + a) / 2 in Q0.31.
  public let halfDenominator: Int32
  /// The estimate of 1/d, in Q2.29.
  public private(set) var estimate: Int32

  /// Number of steps the reference makes.
  public static let stepCount = 3
  /// 48/17 in Q2.29: the constant term of the first estimate.
  public static let initialConstant: Int32 = 1_515_870_810
  /// −32/17 in Q2.29: the slope of the first estimate.
  public static let initialSlope: Int32 = -1_010_580_540

  /// The first estimate, 48/17 − 32/17·d, for `a` in [0, 1) in Q0.31.
  public init(onePlus a: Int32) {
    halfDenominator = roundingHalfSum(a, .max)
    estimate = Self.initialConstant &+ saturatingRoundingDoublingHighMultiply(halfDenominator, Self.initialSlope)
  }

  /// One Newton step: two multiplications.
  public mutating func step() {
    let product = saturatingRoundingDoublingHighMultiply(halfDenominator, estimate)
    let error = (1 << 29) &- product
    estimate = estimate &+ saturatingShiftLeft(saturatingRoundingDoublingHighMultiply(estimate, error), 2)
  }

  /// The estimate of (1 − a)/(1 + a) = 1/d − 1 in Q0.31, saturated below 1.
  public var ratio: Int32 { saturatingShiftLeft(estimate &- (1 << 29), 2) }

  /// The estimate of 1/(1 + a) = (1/d)/2 in Q0.31, saturated below 1.
  public var result: Int32 { saturatingShiftLeft(estimate, 1) }
}
