import Machine
import Testing

/// TensorFlow Lite's two roundings, written from `numerics.md` without a look at the one-rounding form.
private func twoRoundings(_ x: Int, multiplier: Int, exponent: Int) -> Int {
  let shifted = x << max(exponent, 0)
  let product = shifted * multiplier
  let nudged = product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))
  let high = nudged / (1 << 31)  // truncates toward zero
  let n = max(-exponent, 0)
  let mask = (1 << n) - 1
  return (high >> n) + ((high & mask) > (mask >> 1) + (high < 0 ? 1 : 0) ? 1 : 0)
}

private func oneRounding(_ x: Int, multiplier: Int, exponent: Int) -> Int {
  let word = ParameterWord(
    bias: 0, multiplier: Int32(multiplier), shift: exponent < 0 ? 31 - exponent : 31 - exponent, doubleRounding: exponent < 0)
  return word.requantize(x)
}

@Suite struct ParameterWordTests {
  /// Every small sum and the neighbourhood of every power of two, for multipliers that make ties and for others.
  @Test func oneRoundingEqualsTwo() {
    let multipliers = [1 << 30, (1 << 30) + 1, (1 << 31) - 1, 3 << 29, 5 << 28, 1_518_500_250, 1_073_741_831, 0]
    var sums = Set(-300...300)
    for power in 0..<26 { for near in -2...2 { sums.insert((1 << power) + near); sums.insert(-(1 << power) + near) } }
    for exponent in -31...4 {
      for multiplier in multipliers {
        for sum in sums where abs(sum) << max(exponent, 0) < 1 << 31 {
          #expect(
            oneRounding(sum, multiplier: multiplier, exponent: exponent) == twoRoundings(sum, multiplier: multiplier, exponent: exponent),
            "sum \(sum), multiplier \(multiplier), exponent \(exponent)")
        }
      }
    }
  }

  /// Without the inner step's half the same comparison fails: the test above can.
  @Test func theInnerRoundingMatters() {
    let differs = (-300...300).contains { sum in
      ParameterWord(bias: 0, multiplier: 3 << 29, shift: 33, doubleRounding: false).requantize(sum)
        != twoRoundings(sum, multiplier: 3 << 29, exponent: -2)
    }
    #expect(differs)
  }

  @Test func wordsHoldTheFields() {
    let word = ParameterWord(bias: -2, multiplier: 0x7FFF_FFFF, shift: 62, doubleRounding: true, operand: -3)
    #expect(word.words == [0xFFFF_FFFE, 0x7FFF_FFFF, 0xFD00 | 64 | 62])
  }
}
