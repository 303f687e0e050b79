import Model
import Testing

@Suite struct KernelsTests {
  @Test func bytesKeepTheirSign() {
    #expect(withInt8([0, 127, 128, 255]) { Array($0) } == [0, 127, -128, -1])
    #expect(makeInt8(3) { $0[0] = -1 } == [255, 0, 0])
    #expect(makeInt8(0) { _ in }.isEmpty)
  }

  @Test func dotProducts() {
    let a: [Int8] = [1, -2, 127, -128]
    let b: [Int8] = [3, 4, 127, -128]
    #expect(dotProduct(a, b, 4) == 3 - 8 + 16_129 + 16_384)
    #expect(dotProduct(a, b, 0) == 0)
  }

  @Test func outputsAreClamped() {
    let stage = OutputStage(activation([1], scale: 0.1, zeroPoint: -10), .relu6)
    #expect(stage.store(0) == -10)
    #expect(stage.store(-1) == -10)
    #expect(stage.store(1_000) == 50)
    #expect(stage.store(7, QuantizedMultiplier(0.5)) == -6)
    // The sum with the zero point wraps, as 32-bit hardware does.
    #expect(stage.store(.min) == 50)
  }
}
