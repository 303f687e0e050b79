// From a quantized multiplier to the post unit's parameters.
//
// MBQM(x, m, e) rounds twice for e < 0 and once otherwise. Both are one shift of the whole product with the
// right constant; `ParameterWord` has the proof.

import Machine
import Model

extension ParameterWord {
  /// Passes a sum through unchanged.
  static let identity = ParameterWord(bias: 0, multiplier: 1 << 30, shift: 30, doubleRounding: false)

  /// y = clamp(zero + MBQM(acc + bias, factor)).
  init(bias: Int, _ factor: QuantizedMultiplier) {
    self.init(
      bias: Int32(truncatingIfNeeded: bias), multiplier: factor.multiplier, shift: 31 - factor.exponent,
      doubleRounding: factor.exponent < 0)
  }

  /// y = clamp(zero + ⌊(acc + bias) · factor + 1/2⌋).
  init(roundingOnce bias: Int, _ factor: QuantizedMultiplier) {
    self.init(bias: Int32(truncatingIfNeeded: bias), multiplier: factor.multiplier, shift: 31 - factor.exponent, doubleRounding: false)
  }
}

/// Bits of a two's complement number that holds every value of `range`.
func signedBits(_ range: ClosedRange<Int>) -> Int {
  let magnitude = max(range.upperBound, -1 - range.lowerBound, 0)
  return Int.bitWidth - magnitude.leadingZeroBitCount + 1
}

/// The division of an average pool: y = sum / count, halves away from zero, for all sums of `count` bytes.
///
/// A multiplier a little above 1/count rounds ties away from zero on both sides.
/// - Returns: nil when no multiplier does it for all sums.
func averageParameters(count: Int) -> ParameterWord? {
  guard count < 1 << 23 else { return nil }
  let logarithm = Int.bitWidth - 1 - count.leadingZeroBitCount
  for shift in stride(from: min(30 + logarithm, 62), through: 1, by: -1) {
    let multiplier = (1 << shift) / count + 1
    guard multiplier < 1 << 31 else { continue }
    let word = ParameterWord(bias: 0, multiplier: Int32(multiplier), shift: shift, doubleRounding: false)
    if dividesExactly(word, by: count) { return word }
  }
  return nil
}

/// Both sides are monotone, so they are equal everywhere if equal beside every threshold.
private func dividesExactly(_ word: ParameterWord, by count: Int) -> Bool {
  for quotient in -129...128 {
    let threshold = (2 * quotient + 1) * count / 2
    for sum in threshold - 2...threshold + 2 where sum >= -128 * count && sum <= 127 * count {
      let expected = (sum > 0 ? sum + count / 2 : sum - count / 2) / count
      if word.rescaled(sum) != expected { return false }
    }
  }
  return true
}
