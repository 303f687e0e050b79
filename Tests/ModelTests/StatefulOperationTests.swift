import Testing

@testable import Model

@Suite struct StatefulOperationTests {
  @Test func productsAreRoundedTwiceAndCutOff() {
    let matrix = weights([3, 2], [1, 0, 100, -3, -128, -128])
    #expect(matrix.int16Products([3, -5], QuantizedMultiplier(0.5)) == [2, 158, 128])
    #expect(matrix.int16Products([3, -5], bias: [-8, 1, 0], QuantizedMultiplier(0.5)) == [-2, 158, 128])
    #expect(matrix.int16Products([255, 255], QuantizedMultiplier(1)) == [255, 24_735, -32_768])
    #expect(matrix.int16Products([255, 255], bias: [0, 32_767, .min], QuantizedMultiplier(0.5)) == [128, 28_751, 32_767])
  }

  @Test func zeroPointsAreTakenAway() {
    #expect(activation([3], zeroPoint: -128).centered([0x80, 0, 0x7F]) == [0, 128, 255])
    #expect(int16Activation([2]).centered([0xFF, 0xFF, 0, 0x80]) == [-1, -32_768])
  }
}
