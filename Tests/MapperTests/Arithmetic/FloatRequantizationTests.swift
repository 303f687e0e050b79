import Machine
import Model
import Testing

@testable import Mapper

/// ONNX Runtime's rounding in the post unit: what is claimed is tried at every sum.
@Suite struct FloatRequantizationTests {
  private let zero = -7

  private func output(_ sum: Int, _ factor: Float) -> Int {
    min(max(Int(SumFactor.float32(factor).steps(Int32(sum))) + zero, -128), 127)
  }

  private func output(_ sum: Int, _ word: ParameterWord) -> Int { min(max(word.rescaled(sum) + zero, -128), 127) }

  private func wanted(_ factor: Float, _ sums: ClosedRange<Int>) -> FloatRequantization {
    FloatRequantization(factor: factor, sums: sums, zero: zero, limits: -128...127)
  }

  @Test func whatIsFoundIsEqualAtEverySum() throws {
    let sums = -20_000...30_000
    var found = 0
    for factor: Float in [0.003_244_516, 0.003_1, 0.013, 0.017_3, 0.001_7] {
      guard let word = wanted(factor, sums).word(bias: 5) else { continue }
      found += 1
      #expect(word.bias == 5)
      #expect(sums.allSatisfy { output($0, word) == output($0, factor) }, "\(factor)")
      #expect(wanted(factor, sums).difference(word).sums == 0)
    }
    #expect(found > 0)
  }

  @Test func differencesAreCountedSumBySum() {
    let sums = -60_000...90_000
    for factor: Float in [0.003_244_516, 0.001_538_425_3, 0.003, 0.5, 0.062_5] {
      let multiplier = QuantizedMultiplier(Double(factor))
      for word in [ParameterWord(bias: 0, multiplier), ParameterWord(roundingOnce: 0, multiplier)] {
        let differing = sums.count { output($0, word) != output($0, factor) }
        #expect(wanted(factor, sums).difference(word) == RoundingDifference(sums: differing, of: sums.count), "\(factor)")
      }
    }
  }

  /// Ties that float32 makes: the sums 2k + 1 times a half go to the even neighbour, which no multiplier does.
  @Test func halvesToEvenHaveNoEqual() {
    #expect(wanted(0.5, -200...200).word(bias: 0) == nil)
    let word = ParameterWord(bias: 0, QuantizedMultiplier(0.5))
    #expect(wanted(0.5, -200...200).difference(word).sums == 100)
    // Where no tie can occur there is one.
    #expect(wanted(0.5, 0...0).word(bias: 0) != nil)
  }
}
