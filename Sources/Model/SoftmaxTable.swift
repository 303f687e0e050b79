// The arithmetic of one softmax row, in the pieces a serial hardware unit goes through.
//
// 1. maximum: m = max x.
// 2. sum, in Q12.19: S = Σ contribution(m − x), where contribution(d) is e^(−β·s·d) from
//    the table in Q0.31, rounded to 19 fractional bits: RDBPOT(exponential, 12).
// 3. reciprocal: S is shifted left by its leading zeros to 1 + a, a in [0, 1), and 1/(1 + a)
//    comes from three Newton steps (`ReciprocalIteration`, two multiplications each).
// 4. products: y = RDBPOT(SRDHM(mantissa, exponential), shift) − 128, clamped.
//
// An input further below the maximum than `largestDifference` contributes nothing and
// gives −128 straight away.

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
