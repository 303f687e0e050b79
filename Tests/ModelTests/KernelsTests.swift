import Model
import Testing

@Suite struct KernelsTests {
  @Test func bytesKeepTheirSign() {
    #expect(withInt8([0, 127, 128, 255]) { Array($0) } == [0, 127, -128, -1])
    #expect(makeInt8(3) { $0[0] = -1 } == [255, 0, 0])
    #expect(makeInt8(0) { _ in }.isEmpty)
    #expect(withInt16([0, 1, 255, 255, 0, 128]) { Array($0) } == [256, -1, -32_768])
    #expect(makeInt16(2) { ($0[0], $0[1]) = (-2, 256) } == [254, 255, 0, 1])
  }

  @Test func dotProducts() {
    let a: [Int8] = [1, -2, 127, -128]
    let b: [Int8] = [3, 4, 127, -128]
    #expect(dotProduct(a, b, 4) == 3 - 8 + 16_129 + 16_384)
    #expect(dotProduct(a, b, 0) == 0)
    // 2^17 products of 2^22: beyond 32 bits.
    let wide = [Int16](repeating: -32_768, count: 1 << 17), weights = [Int8](repeating: -128, count: 1 << 17)
    #expect(dotProduct(wide, weights, 1 << 17) == Int64(1) << 39)
  }

  @Test func outputsAreClamped() {
    let stage = OutputStage(activation([1], scale: 0.1, zeroPoint: -10), .relu6)
    func stored(_ value: Int32) -> Int8 { stage.store(value) }
    #expect([0, -1, 1_000].map(stored) == [-10, -10, 50])
    #expect(stage.store(7, QuantizedMultiplier(0.5)) == -6)
    // The sum with the zero point wraps, as 32-bit hardware does.
    #expect(stored(.min) == 50)
  }
}
