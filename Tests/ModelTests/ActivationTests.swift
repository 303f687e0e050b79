import Model
import Testing

@Suite struct ActivationTests {
  @Test func limits() {
    #expect(Activation.none.limits(scale: 0.1, zeroPoint: 5) == -128...127)
    #expect(Activation.relu.limits(scale: 0.1, zeroPoint: -128) == -128...127)
    #expect(Activation.relu.limits(scale: 0.1, zeroPoint: 5) == 5...127)
    #expect(Activation.relu6.limits(scale: 0.1, zeroPoint: -10) == -10...50)
    #expect(Activation.relu6.limits(scale: 0.0235, zeroPoint: -128) == -128...127)
    #expect(Activation.reluN1To1.limits(scale: 0.1, zeroPoint: 0) == -10...10)
  }

  @Test func limitsOfInt16() {
    let range = -32_768...32_767
    #expect(Activation.none.limits(scale: 0.1, zeroPoint: 0, in: range) == -32_768...32_767)
    #expect(Activation.relu.limits(scale: 1e-30, zeroPoint: 0, in: range) == 0...32_767)
    #expect(Activation.relu6.limits(scale: 0.001, zeroPoint: 0, in: range) == 0...6_000)
    #expect(Activation.relu6.limits(scale: 0x1p-14, zeroPoint: 0, in: range) == 0...32_767)
    #expect(Activation.reluN1To1.limits(of: int16Activation([1], scale: 0x1p-14)) == -16_384...16_384)
    #expect(Activation.reluN1To1.limits(of: int16Activation([1], scale: 0x1p-30)) == -32_768...32_767)
  }

  @Test func boundsRoundHalfAwayFromZero() {
    #expect(Activation.relu6.limits(scale: 4, zeroPoint: 0) == 0...2)
    #expect(Activation.reluN1To1.limits(scale: 2, zeroPoint: 0) == -1...1)
  }

  @Test func extremeScalesDoNotTrap() {
    #expect(Activation.relu6.limits(scale: 1e-38, zeroPoint: 127) == 127...127)
    #expect(Activation.reluN1To1.limits(scale: .leastNonzeroMagnitude, zeroPoint: -128) == -128...127)
    #expect(Activation.relu6.limits(scale: 1e38, zeroPoint: 3) == 3...3)
  }

  @Test func names() {
    #expect(Activation.allCases.map(\.description) == ["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])
  }
}
