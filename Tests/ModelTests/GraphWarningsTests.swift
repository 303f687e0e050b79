import Model
import Testing

@Suite struct GraphWarningsTests {
  @Test func aForeignBiasScaleIsSaidAndNotRefused() throws {
    var bias = integers([2], [1, 2])
    bias.quantization = Quantization(scales: [0.25, 0.5], zeroPoints: [0, 0])
    let layer = ConvolutionArithmeticTests.layer(bias: bias)
    try layer.validate()
    #expect(layer.warnings.count == 1)
    #expect(layer.warnings.first?.hasPrefix(
      "bias scale 0.5 of channel 1 is not input scale times weight scale = 0.25 (operator 0 CONV_2D, tensor 2 'b'); ") == true)
    #expect(ConvolutionArithmeticTests.layer().warnings.isEmpty)
  }

  @Test(.enabled(if: Corpus.isPresent), arguments: ["digits_resnet", "mbv2_inverted_residual"])
  func ordinaryNetworksHaveNone(_ name: String) throws {
    #expect(try loadTFLite(contentsOf: Corpus.path("ops/\(name)/model.tflite")).warnings.isEmpty)
  }
}
