// Every rounding of the fixed-point primitives, at its ties.

import Foundation
import Model
import Testing

@Suite struct FixedPointTests {
  struct Factor: Sendable {
    var real: Double
    var multiplier: Int32
    var exponent: Int
  }

  static let factors: [Factor] = [
    Factor(real: 0.5, multiplier: 1 << 30, exponent: 0),
    Factor(real: 1, multiplier: 1 << 30, exponent: 1),
    Factor(real: 0.75, multiplier: 3 << 29, exponent: 0),
    Factor(real: 2.5, multiplier: 5 << 28, exponent: 2),
    Factor(real: 0x1p-31, multiplier: 1 << 30, exponent: -30),
    Factor(real: 0x1p-32, multiplier: 1 << 30, exponent: -31),
    Factor(real: 0x1p-33, multiplier: 0, exponent: 0),
    // Rounds up to a whole power of two, so the fraction is halved.
    Factor(real: 1 - 0x1p-33, multiplier: 1 << 30, exponent: 1),
    Factor(real: 1 - 0x1p-31, multiplier: .max, exponent: 0),
    // A tie in the last bit of the fraction: away from zero.
    Factor(real: 0.5 + 0x1p-32, multiplier: (1 << 30) + 1, exponent: 0),
    Factor(real: 0x1p29, multiplier: 1 << 30, exponent: 30),
    Factor(real: 0x1p30 - 1, multiplier: .max - 1, exponent: 30),
  ]

  @Test(arguments: factors)
  func quantizedMultiplier(factor: Factor) {
    let expected = QuantizedMultiplier(multiplier: factor.multiplier, exponent: factor.exponent)
    #expect(QuantizedMultiplier(factor.real) == expected)
  }

  @Test func quantizedMultiplierOfNonsenseDoesNotTrap() {
    for real in [0, -1, Double.nan, -Double.infinity, .leastNonzeroMagnitude] {
      #expect(QuantizedMultiplier(real).multiplier == 0)
    }
    for real in [Double.infinity, 0x1p31, .greatestFiniteMagnitude] {
      #expect(QuantizedMultiplier(real) == QuantizedMultiplier(multiplier: .max, exponent: 30))
      #expect(!QuantizedMultiplier.isRepresentable(real))
    }
    #expect(QuantizedMultiplier.isRepresentable(0x1p30 - 1))
    #expect(!QuantizedMultiplier.isRepresentable(0x1p30))
    #expect(!QuantizedMultiplier.isRepresentable(.nan))
  }

  @Test func realIsTheInverse() {
    #expect(QuantizedMultiplier(0.3).real - 0.3 < 1e-9)
    #expect(QuantizedMultiplier(12.5).real == 12.5)
  }

  @Test func highMultiplyRoundsTiesUp() {
    let half: Int32 = 1 << 30
    let results = [-3, -2, -1, 0, 1, 2, 3].map { saturatingRoundingDoublingHighMultiply($0, half) }
    #expect(results == [-1, -1, 0, 0, 1, 1, 2])
    #expect(saturatingRoundingDoublingHighMultiply(.min, .min) == .max)
    #expect(saturatingRoundingDoublingHighMultiply(.min, .max) == -.max)
    #expect(saturatingRoundingDoublingHighMultiply(.max, .max) == Int32.max - 1)
  }

  @Test func divisionRoundsTiesAwayFromZero() {
    let quarters = [-6, -5, -3, -2, -1, 1, 2, 3, 5, 6].map { roundingDivideByPowerOfTwo($0, 2) }
    #expect(quarters == [-2, -1, -1, -1, 0, 0, 1, 1, 1, 2])
    #expect([-1, 0, 1].map { roundingDivideByPowerOfTwo($0, 0) } == [-1, 0, 1])
    #expect(roundingDivideByPowerOfTwo(.min, 31) == -1)
    #expect(roundingDivideByPowerOfTwo(.max, 31) == 1)
    #expect(roundingDivideByPowerOfTwo(1 << 30, 31) == 1)
    #expect(roundingDivideByPowerOfTwo(-(1 << 30), 31) == -1)
    #expect(roundingDivideByPowerOfTwo(-(1 << 30) + 1, 31) == 0)
  }

  @Test func twoRoundingsAreNotOne() {
    // −3/8: the high half rounds −1.5 (a tie) to −1, and −1/4 is 0; 3/8 goes over 2 to 1.
    let eighth = QuantizedMultiplier(0.125)
    #expect(eighth == QuantizedMultiplier(multiplier: 1 << 30, exponent: -2))
    #expect(multiplyByQuantizedMultiplier(3, eighth) == 1)
    #expect(multiplyByQuantizedMultiplier(-3, eighth) == 0)
    #expect(multiplyByQuantizedMultiplier(4, eighth) == 1)
    #expect(multiplyByQuantizedMultiplier(-4, eighth) == -1)
  }

  @Test func positiveExponentsShiftLeftAndWrap() {
    #expect(multiplyByQuantizedMultiplier(5, QuantizedMultiplier(6)) == 30)
    #expect(multiplyByQuantizedMultiplier(-5, QuantizedMultiplier(2.5)) == -12)
    #expect(multiplyByQuantizedMultiplier(5, QuantizedMultiplier(2.5)) == 13)
    #expect(multiplyByQuantizedMultiplier(1 << 30, QuantizedMultiplier(2)) == 0)
  }

  @Test func shiftsSaturate() {
    #expect(saturatingShiftLeft(1 << 29, 1) == 1 << 30)
    #expect(saturatingShiftLeft(1 << 29, 2) == .max)
    #expect(saturatingShiftLeft(-(1 << 29), 3) == .min)
    #expect(saturatingShiftLeft(-1, 31) == .min)
  }

  @Test func halfSumsRoundAwayFromZero() {
    #expect(roundingHalfSum(1, 2) == 2)
    #expect(roundingHalfSum(-1, -2) == -2)
    #expect(roundingHalfSum(.max, .max) == .max)
  }

  @Test func exponentialsAreClose() {
    #expect(exponentialOnNegativeValues(0) == .max)
    for step in stride(from: Int32(1), to: 1 << 30, by: 7_654_321) {
      let exact = exp(-Double(step) / 0x1p26)
      let computed = Double(exponentialOnNegativeValues(-step)) / 0x1p31
      #expect(abs(computed - exact) < 4e-7)
    }
    // The smallest argument of Q5.26 is −32.
    #expect(exponentialOnNegativeValues(.min) == 0)
  }

  @Test func reciprocalsAreClose() {
    for a in stride(from: Int32(0), to: .max - 10_000_000, by: 9_999_991) {
      let exact = 1 / (1 + Double(a) / 0x1p31)
      #expect(abs(Double(reciprocalOfOnePlus(a)) / 0x1p31 - exact) < 1e-8)
    }
    #expect(reciprocalOfOnePlus(0) >= Int32.max - 3)
  }

  @Test func reciprocalIsItsThreeSteps() {
    var iteration = ReciprocalIteration(onePlus: 123_456_789)
    for _ in 0..<3 { iteration.step() }
    #expect(iteration.result == reciprocalOfOnePlus(123_456_789))
  }

  /// Where a sum has 32 bits the same as of any; beyond them twice rounded, too.
  @Test func wideSumsAreRoundedTwice() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<20_000 {
      let factor = QuantizedMultiplier(multiplier: Int32.random(in: 1 << 30...Int32.max, using: &random), exponent: Int.random(in: -31...0, using: &random))
      let value = Int32.random(in: .min ... .max, using: &random) >> Int32.random(in: 0...31, using: &random)
      #expect(multiplyByQuantizedMultiplier(wide: Int64(value), factor) == Int64(multiplyByQuantizedMultiplier(value, factor)))
    }
    let half = QuantizedMultiplier(0.5), eighth = QuantizedMultiplier(0.125)
    #expect(multiplyByQuantizedMultiplier(wide: 1 << 32 + 1, half) == 1 << 31 + 1)
    #expect(multiplyByQuantizedMultiplier(wide: -(1 << 32) - 1, half) == -(1 << 31))
    #expect(multiplyByQuantizedMultiplier(wide: 1 << 32 + 3, eighth) == 1 << 29 + 1)
    #expect(multiplyByQuantizedMultiplier(wide: -(1 << 32) - 5, eighth) == -(1 << 29) - 1)
    // 2^46 + 5 times 2^30: 64 bits keep 5 · 2^30.
    #expect(multiplyByQuantizedMultiplier(wide: 1 << 46 + 5, half) == 3)
  }
}
