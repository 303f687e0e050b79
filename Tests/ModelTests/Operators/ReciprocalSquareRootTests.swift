import Testing

@testable import Model

@Suite struct ReciprocalSquareRootTests {
  private func layer(_ input: (Float, Int), _ output: (Float, Int), count: Int = 1) -> Graph {
    graph(
      UnaryFunction("RSQRT"), [activation([count], scale: input.0, zeroPoint: input.1)],
      output: activation([count], scale: output.0, zeroPoint: output.1))
  }

  /// Values of TensorFlow Lite Micro.
  @Test func directedValues() throws {
    let values: [Int8] = [-128, -127, -126, -125, -124, -112, 0, 127]
    #expect(try run(layer((0.25, -128), (0.03125, -100), count: 8), values) == [127, -36, -55, -63, -68, -84, -94, -96])
    #expect(try run(layer((0.03, -128), (0.02, 5), count: 8), values) == [127, 127, 127, 127, 127, 77, 31, 23])
  }

  @Test func theIterationConverges() {
    for value: Int32 in [1, 2, 3, 4, 5, 255, 256, 1000, 65_535, 1 << 28, (1 << 29) - 1] {
      let root = reciprocalSquareRoot(value).real * Double(value).squareRoot()
      #expect(abs(root - 1) < 2e-6, "\(value): \(root)")
    }
  }

  @Test func whatHasNoResultIsRefused() {
    #expect(
      validationError(layer((1, 5), (1, 0))).message
        == "RSQRT of an input with zero point 5 is not supported, only with -128: it could be negative (operator 0 RSQRT, tensor 0 't')")
    #expect(validationError(layer((1, -128), (5000, 0))).message.hasPrefix("1/(√input scale·output scale) = 0.0002 is less than 1/4096"))
    #expect(validationError(layer((1e-20, -128), (1e-20, 0))).message.hasPrefix("multiplier 1/(√input scale·output scale) = "))
  }
}
