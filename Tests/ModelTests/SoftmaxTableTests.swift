import Foundation
import Model
import Testing

@Suite struct SoftmaxTableTests {
  @Test func exponentialsByDifference() {
    let table = SoftmaxTable(beta: 1, scale: 0.1)
    #expect(table.exponentials.count == 256)
    #expect(table.exponentials[0] == .max)
    // The shift is 23, so 31·2^26/2^23.
    #expect(table.largestDifference == 248)
    for difference in 0...248 {
      let exact = exp(-0.1 * Double(difference))
      #expect(abs(Double(table.exponentials[difference]) / 0x1p31 - exact) < 1e-6)
    }
  }

  /// β·s = 0.5 is 2^25 in Q5.26: QM gives 2^30 · 2^(26 − 31), so the left shift is 26 and 31·2^26/2^26 = 31.
  @Test func differencesBeyondTheRangeOfQ5AreCut() {
    let table = SoftmaxTable(beta: 1, scale: 0.5)
    #expect(table.multiplier == QuantizedMultiplier(multiplier: 1 << 30, exponent: 26))
    #expect(table.largestDifference == 31)
    #expect(table.contribution(31) == roundingDivideByPowerOfTwo(table.exponentials[31], 12))
    #expect(table.contribution(32) == 0)
    #expect(table.exponentials[32...].allSatisfy { $0 == 0 })
    #expect(table.softmax([127, 96, 95]) == [127, -128, -128])
  }

  @Test func extremeScales() {
    // The factor is capped at 2^31 − 1: only the maximum itself is left.
    let steep = SoftmaxTable(beta: 1_000, scale: 1_000)
    #expect(steep.largestDifference == 0)
    #expect(steep.multiplier == QuantizedMultiplier(multiplier: .max, exponent: 31))
    #expect(steep.softmax([5, 4, 5]) == [0, -128, 0])
    let flat = SoftmaxTable(beta: 1, scale: 1e-7)
    #expect(flat.softmax([-128, 127]) == [0, 0])
  }

  @Test func rows() {
    let table = SoftmaxTable(beta: 1, scale: 0.1)
    #expect(table.softmax([]) == [])
    #expect(table.softmax([-7]) == [127])
    #expect(table.softmax([3, 3]) == [0, 0])
    #expect(table.softmax([3, 3, 3, 3]) == [-64, -64, -64, -64])
  }

  /// The steps that hardware takes, one by one, against the whole row.
  @Test func aRowIsItsSteps() {
    var random = SplitMix64(seed: 4)
    for length in [1, 2, 3, 12, 37, 300] {
      let table = SoftmaxTable(beta: 1, scale: 0.07)
      let row = (0..<length).map { _ in Int8(truncatingIfNeeded: Int(random.next() >> 8)) }
      let maximum = Int(row.max() ?? 0)
      var sum: Int32 = 0
      for value in row { sum += table.contribution(maximum - Int(value)) }
      let reciprocal = SoftmaxReciprocal(sum: sum)
      #expect(sum > 0 && reciprocal.leadingZeros == sum.leadingZeroBitCount)
      var iteration = ReciprocalIteration(onePlus: reciprocal.fraction)
      for _ in 0..<ReciprocalIteration.stepCount { iteration.step() }
      #expect(iteration.result == reciprocal.mantissa)
      #expect(row.map { table.output(maximum - Int($0), reciprocal) } == table.softmax(row))
      // And the result is a softmax.
      let exact = row.map { exp(0.07 * Double(Int($0) - maximum)) }
      let total = exact.reduce(0, +)
      for (got, value) in zip(table.softmax(row), exact) {
        #expect(abs(Double(got) + 128 - min(256 * value / total, 255)) <= 1)
      }
    }
  }

  @Test func longRowsOfEqualInputsVanish() {
    let table = SoftmaxTable(beta: 1, scale: 0.1)
    #expect(table.softmax([Int8](repeating: 9, count: 511)).allSatisfy { $0 == -127 })
    #expect(table.softmax([Int8](repeating: 9, count: 512)).allSatisfy { $0 == -128 })
    #expect(table.softmax([Int8](repeating: 9, count: 4_095)).allSatisfy { $0 == -128 })
  }
}
