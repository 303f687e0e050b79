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
