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

  /// Parameters of sums of int16 activations: a reduced multiplier, and one rounding.
  init(int16 bias: Int32, _ factor: SumFactor) {
    if case .reduced(let factor) = factor {
      self.init(bias: bias, multiplier: factor.reduced, shift: 15 - factor.exponent, doubleRounding: false)
    } else {
      self.init(bias: Int(bias), factor.multiplier)
    }
  }

  /// y = clamp(zero + ⌊(acc + bias) · factor + 1/2⌋).
  init(roundingOnce bias: Int, _ factor: QuantizedMultiplier) {
    self.init(bias: Int32(truncatingIfNeeded: bias), multiplier: factor.multiplier, shift: 31 - factor.exponent, doubleRounding: false)
  }
}

extension ParameterWord {
  /// Whether 64 bits hold the product of every sum, which has its bias, and what rounds it.
  func roundsExactly(_ sums: ClosedRange<Int>) -> Bool {
    let rounding = 1 << (shift - 1) + (doubleRounding ? 1 << 30 : 0)
    return [(sums.lowerBound, -rounding), (sums.upperBound, rounding)].allSatisfy { sum, rounding in
      let product = sum.multipliedReportingOverflow(by: Int(multiplier))
      return !product.overflow && !product.partialValue.addingReportingOverflow(rounding).overflow
    }
  }
}

extension ParameterWord {
  /// y = round((acc + bias) · factor), halves away from zero, for all `sums` with their bias, as far as `steps` tells them apart.
  ///
  /// The product is computed in double by the reference, so it is met by trial of multipliers around `factor`; both sides grow with the
  /// sum, so they are equal everywhere if equal beside every threshold.
  /// - Returns: nil when no multiplier does it.
  init?(bias: Int, roundingOnce factor: Double, _ sums: ClosedRange<Int>, to steps: ClosedRange<Int>) {
    let widest = min(30 - Int(factor.exponent), 62)
    for shift in stride(from: widest, through: max(widest - 4, 1), by: -1) {
      let center = Int((factor * Double(sign: .plus, exponent: shift, significand: 1)).rounded(.toNearestOrAwayFromZero))
      for offset in [0, 1, -1, 2, -2, 3, -3] where (1..<1 << 31).contains(center + offset) {
        let word = ParameterWord(
          bias: Int32(truncatingIfNeeded: bias), multiplier: Int32(center + offset), shift: shift, doubleRounding: false)
        if word.rounds(factor, sums, to: steps) {
          self = word
          return
        }
      }
    }
    return nil
  }

  private func rounds(_ factor: Double, _ sums: ClosedRange<Int>, to steps: ClosedRange<Int>) -> Bool {
    func expected(_ sum: Int) -> Int { Int((Double(sum) * factor).rounded(.toNearestOrAwayFromZero)) }
    func agrees(_ sum: Int) -> Bool {
      min(max(rescaled(sum), steps.lowerBound), steps.upperBound) == min(max(expected(sum), steps.lowerBound), steps.upperBound)
    }
    guard agrees(sums.lowerBound), agrees(sums.upperBound) else { return false }
    for step in steps {
      let threshold = ((Double(step) - 0.5) / factor).rounded(.down)
      guard threshold > Double(sums.lowerBound) - 2, threshold < Double(sums.upperBound) + 2 else { continue }
      for sum in Int(threshold) - 1...Int(threshold) + 2 where sums.contains(sum) && !agrees(sum) { return false }
    }
    return true
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
/// - Parameter halvesUp: y + 128 = (sum + 128·count) / count, halves up: a bias makes all sums positive.
/// - Returns: nil when no multiplier does it for all sums.
func averageParameters(count: Int, halvesUp: Bool = false) -> ParameterWord? {
  guard count < 1 << 23 else { return nil }
  let bias = halvesUp ? 128 * count : 0
  let logarithm = Int.bitWidth - 1 - count.leadingZeroBitCount
  for shift in stride(from: min(30 + logarithm, 62), through: 1, by: -1) {
    let multiplier = (1 << shift) / count + 1
    guard multiplier < 1 << 31 else { continue }
    let word = ParameterWord(bias: Int32(bias), multiplier: Int32(multiplier), shift: shift, doubleRounding: false)
    if dividesExactly(word, by: count) { return word }
  }
  return nil
}

/// Both sides are monotone, so they are equal everywhere if equal beside every threshold.
private func dividesExactly(_ word: ParameterWord, by count: Int) -> Bool {
  let sums = -128 * count + Int(word.bias)...127 * count + Int(word.bias)
  for quotient in -129...256 {
    let threshold = (2 * quotient + 1) * count / 2
    for sum in threshold - 2...threshold + 2 where sums.contains(sum) {
      let expected = (sum > 0 ? sum + count / 2 : sum - count / 2) / count
      if word.rescaled(sum) != expected { return false }
    }
  }
  return true
}
