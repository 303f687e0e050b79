import Model
import Testing

/// The rules of rounding.
@Suite struct SumFactorTests {
  @Test func halvesGoToTheEvenNeighbour() {
    let sums: [Int32] = [-5, -3, -1, 0, 1, 3, 5]
    #expect(sums.map { SumFactor.float32(0.5).steps($0) } == [-2, -2, 0, 0, 0, 2, 2])
    #expect(sums.map { SumFactor.fixedPoint(QuantizedMultiplier(0.5)).steps($0) } == [-2, -1, 0, 0, 1, 2, 3])
    #expect(sums.map { SumFactor.nearest(QuantizedMultiplier(0.5), to: 0.5).steps($0) } == [-2, -1, 0, 0, 1, 2, 3])
    // Rounded twice this is 1.
    let factor: Float = 0.003_244_516
    #expect(SumFactor.fixedPoint(QuantizedMultiplier(Double(factor))).steps(154) == 1)
    #expect(SumFactor.nearest(QuantizedMultiplier(Double(factor)), to: factor).steps(154) == 0)
  }

  /// By a multiplier of 15 bits, once, halves up.
  @Test func sumsOfInt16HaveAReducedMultiplier() {
    func steps(_ sums: [Int64], _ real: Double) -> [Int32] { sums.map { SumFactor.reduced(QuantizedMultiplier(real)).steps(int64: $0) } }
    #expect(steps([-6, -5, -3, -2, 0, 2, 3, 5, 6], 0.25) == [-1, -1, -1, 0, 0, 1, 1, 1, 2])
    #expect(steps([-1, 1, 1 << 20], 100) == [-100, 100, 104_857_600])
    #expect(steps([1 << 46, -1 << 47], 0x1p-31) == [1 << 15, -1 << 16] && steps([.max, .min], 0) == [0, 0])
    // 2/3 is 21,845.3 / 2^15, and just less than 1 is 32,767 / 2^15.
    #expect(steps([3_000_000], 2.0 / 3) == [1_999_969] && steps([1 << 20], 1 - 0x1p-20) == [(1 << 20) - 32])
    #expect(QuantizedMultiplier(0.75).reduced == 3 << 13 && QuantizedMultiplier(multiplier: 0x7FFE_FFFF, exponent: 0).reduced == 0x7FFF)
    #expect(QuantizedMultiplier(multiplier: .max, exponent: 0).reduced == 0x7FFF && QuantizedMultiplier(0).reduced == 0)
  }

  /// Other rules have sums of 32 bits.
  @Test func otherSumsWrap() {
    #expect(SumFactor.fixedPoint(QuantizedMultiplier(0.5)).steps(int64: 1 << 32 + 6) == 3)
    #expect(SumFactor.reduced(QuantizedMultiplier(0.5)).steps(Int32(6)) == 3)
  }

  /// 3/2^24 of a step more than a half, lost when the product is rounded to float32.
  @Test func aProductIsRoundedBeforeItsSteps() {
    let factor = Float(100.5 / 8_193), sum: Int32 = 8_193
    #expect(Double(sum) * Double(factor) != 100.5 && Float(sum) * factor == 100.5)
    #expect(SumFactor.float32(factor).steps(sum) == 100)
  }

  @Test func nothingOverflows() {
    #expect(SumFactor.float32(1e9).steps(.max) == 65_536 && SumFactor.float32(1e9).steps(.min) == -65_536)
    for sum: Int32 in [.min, .max] {
      #expect(abs(SumFactor.nearest(QuantizedMultiplier(1e9), to: 1e9).steps(sum)) == 65_536)
    }
    #expect(SumFactor.float32(0.1).quotient == 0.1 && SumFactor.fixedPoint(QuantizedMultiplier(0.1)).quotient == nil)
    #expect(SumFactor.float32(0.5).multiplier == QuantizedMultiplier(0.5))
  }
}
