import Machine
import Model
import Testing

@testable import Mapper

@Suite struct RequantizationTests {
  /// One shift of the product equals the reference's two roundings: ties, both signs, every exponent.
  @Test func equalsTheReference() {
    var random = SeededGenerator(7)
    for exponent in -31...8 {
      for multiplier in [1 << 30, (1 << 30) + 1, Int(Int32.max), 3 << 29, Int.random(in: 1 << 30..<1 << 31, using: &random)] {
        let factor = QuantizedMultiplier(multiplier: Int32(multiplier), exponent: exponent)
        let word = ParameterWord(bias: 0, factor)
        var values = Array(-260...260)
        for bit in 0..<22 { values += [1 << bit, (1 << bit) - 1, (1 << bit) + 1, 3 << bit, -(1 << bit), -(3 << bit), 1 - (1 << bit)] }
        for value in values where abs(value) << max(exponent, 0) < 1 << 31 {
          let expected = multiplyByQuantizedMultiplier(Int32(value), factor)
          #expect(word.rescaled(value) == Int(expected), "\(value) · \(multiplier)·2^\(exponent - 31)")
        }
      }
    }
  }

  @Test func zeroMultiplier() {
    let word = ParameterWord(bias: 0, QuantizedMultiplier(multiplier: 0, exponent: 0))
    #expect(word.rescaled(-12345) == 0)
    #expect(word.rescaled(12345) == 0)
  }

  @Test func identityPassesEverything() {
    for value in -128...127 { #expect(ParameterWord.identity.rescaled(value) == value) }
  }

  /// All sums of all windows up to 100 bytes, and some sums of large ones.
  @Test func averages() throws {
    for count in Array(1...100) + [125, 256, 1023, 2304, 9216, 65_536] {
      let word = try #require(averageParameters(count: count))
      let step = count <= 100 ? 1 : 7
      var wrong = 0
      for sum in stride(from: -128 * count, through: 127 * count, by: step)
      where word.rescaled(sum) != Int(AveragePool2D.average(Int32(sum), Int32(count))) { wrong += 1 }
      #expect(wrong == 0, "\(count)")
    }
  }

  /// Averages of unsigned bytes, whose halves go up.
  @Test func unsignedAverages() throws {
    for count in Array(1...40) + [125, 256, 1023] {
      let word = try #require(averageParameters(count: count, halvesUp: true))
      var wrong = 0
      for sum in -128 * count...127 * count where word.requantize(sum) - 128 != Int(AveragePool2D.unsignedAverage(Int32(sum), Int32(count))) {
        wrong += 1
      }
      #expect(wrong == 0, "\(count)")
    }
  }

  /// One rounding, halves away from zero, of all sums: ties on both sides of zero, and any factor.
  @Test func roundsOnce() throws {
    var random = SeededGenerator(11)
    for index in 0..<40 {
      let factor = index < 12 ? Double(sign: .plus, exponent: -index, significand: 1) : Double.random(in: 0.01...0.5, using: &random)
      let word = try #require(ParameterWord(bias: 0, roundingOnce: factor, -8_000...9_000, to: -128...127))
      var wrong = 0
      func limited(_ value: Int) -> Int { min(max(value, -128), 127) }
      for sum in -8_000...9_000 where limited(word.rescaled(sum)) != limited(Int(SumFactor.once(factor).steps(Int32(sum)))) { wrong += 1 }
      #expect(wrong == 0, "\(factor)")
    }
    // Ties of sums this large are nearer to their neighbours than 31 bits can tell.
    #expect(ParameterWord(bias: 0, roundingOnce: 0x1.8p-23, -1 << 31...(1 << 31) - 1, to: -128...127) == nil)
  }

  @Test func bits() {
    #expect(signedBits(0...0) == 1)
    #expect(signedBits(-1...0) == 1)
    #expect(signedBits(-128...127) == 8)
    #expect(signedBits(-129...0) == 9)
    #expect(signedBits(0...128) == 9)
  }
}
