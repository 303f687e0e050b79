import Model
import Testing

@Suite struct FixedPointSigmoidTests {
  @Test func logisticIsClose() {
    #expect(logistic(0) == 1 << 30)
    for a in stride(from: Int32.min + 1, to: .max - 40_000_000, by: 40_000_003) {
      let real = 1 / (1 + exponential(-Double(a) / 0x1p27))
      #expect(abs(Double(logistic(a)) / 0x1p31 - real) < 1e-6)
    }
  }

  @Test func hyperbolicTangentIsCloseAndOdd() {
    #expect(hyperbolicTangent(0) == 0)
    for a in stride(from: Int32(1), to: .max - 40_000_000, by: 40_000_003) {
      let e = exponential(-2 * Double(a) / 0x1p27)
      #expect(abs(Double(hyperbolicTangent(a)) / 0x1p31 - (1 - e) / (1 + e)) < 1e-6)
      #expect(hyperbolicTangent(-a) == -hyperbolicTangent(a))
    }
  }

  /// The exponential in Q4.27 agrees with that in Q5.26 where both reach.
  @Test func exponentialsOfBothFormats() {
    for a in stride(from: Int32.min + 2, to: 0, by: 30_000_001) where a % 2 == 0 {
      let narrow = exponentialOnNegativeValues(a, integerBits: 4), wide = exponentialOnNegativeValues(a / 2)
      #expect(abs(Int64(narrow) - Int64(wide)) < 64)
    }
  }
}
