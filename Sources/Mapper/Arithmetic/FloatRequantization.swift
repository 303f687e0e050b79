// ONNX Runtime's requantization by the post unit: equal for every sum that can occur, or by how much not.
//
// ONNX Runtime makes y = clamp(round(float32(v)·f) + zero) of a sum v, the post unit y = clamp(((v·m + 2^(s−1)) >> s) + zero).
// Both never decrease as v grows. So each is known by its thresholds, the least sums that reach each of at most 255 steps, and
// they are equal everywhere if no threshold differs. For a shift s every threshold is two bounds of m: the sum at the threshold
// must reach the step, the sum before it must not. Bounds from below and above are met or missed by an interval of m, whose
// least element is found by bisection; a smaller shift has no other fractions m/2^s, so the largest is tried alone.

import Machine
import Model

/// What ONNX Runtime makes of the sums of one channel.
struct FloatRequantization {
  /// f, positive.
  var factor: Float
  /// The sums that can occur, the bias included.
  var sums: ClosedRange<Int>
  /// The steps j that tell outputs apart: an output is at least j + zero or not.
  private var steps: Range<Int>

  /// - Parameters:
  ///   - zero: the output's zero point.
  ///   - limits: of the output.
  init(factor: Float, sums: ClosedRange<Int>, zero: Int, limits: ClosedRange<Int>) {
    (self.factor, self.sums) = (factor, sums)
    steps = limits.lowerBound - zero + 1..<limits.upperBound - zero + 1
  }

  /// Parameters that are equal for every sum; nil when there are none.
  func word(bias: Int) -> ParameterWord? {
    // The largest shift whose multiplier has 31 bits.
    let shift = min(30 - Int(factor.exponent), 62)
    guard shift >= 1 else { return nil }
    let center = Int((Double(factor) * Double(sign: .plus, exponent: shift, significand: 1)).rounded())
    func word(_ multiplier: Int) -> ParameterWord {
      ParameterWord(
        bias: Int32(truncatingIfNeeded: bias), multiplier: Int32(truncatingIfNeeded: multiplier), shift: shift, doubleRounding: false)
    }
    let bounds = bounds
    func isLargeEnough(_ multiplier: Int) -> Bool { bounds.allSatisfy { $0.holds(for: word(multiplier)) || !$0.asksForMore } }
    var low = max(center - Self.reach, 0), high = min(center + Self.reach, Int(Int32.max))
    guard low < high, isLargeEnough(high) else { return nil }
    while low < high {
      let middle = (low + high) / 2
      if isLargeEnough(middle) { high = middle } else { low = middle + 1 }
    }
    let found = word(low)
    return bounds.allSatisfy { $0.holds(for: found) } ? found : nil
  }

  /// How far from the nearest multiplier one may be that is equal: float32 has 24 bits, a multiplier 31.
  private static let reach = 1 << 10

  /// In how many sums parameters differ. Where thresholds differ, the output is one step more or less.
  func difference(_ word: ParameterWord) -> RoundingDifference {
    var result = RoundingDifference(sums: 0, of: sums.count)
    for step in steps {
      result.sums += abs(threshold(step) - threshold { word.rescaled($0) >= step })
    }
    return result
  }

  /// The least sum whose output reaches a step; one more than the greatest that can occur when none does.
  private func threshold(_ step: Int) -> Int {
    let rule = SumFactor.float32(factor)
    return threshold { Int(rule.steps(Int32(truncatingIfNeeded: $0))) >= step }
  }

  private func threshold(_ reaches: (Int) -> Bool) -> Int {
    var low = sums.lowerBound, high = sums.upperBound + 1
    while low < high {
      let middle = low + (high - low) / 2
      if reaches(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// That a sum reaches a step, or that it does not.
  private struct Bound {
    var sum: Int, step: Int, reaches: Bool
    /// Whether a larger multiplier is what makes it hold: it carries sums away from zero.
    var asksForMore: Bool { (sum > 0) == reaches }

    func holds(for word: ParameterWord) -> Bool { (word.rescaled(sum) >= step) == reaches }
  }

  private var bounds: [Bound] {
    steps.flatMap { step in
      let first = threshold(step)
      return [Bound(sum: first - 1, step: step, reaches: false), Bound(sum: first, step: step, reaches: true)].filter { sums.contains($0.sum) }
    }
  }
}
