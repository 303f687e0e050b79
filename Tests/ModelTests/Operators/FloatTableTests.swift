import Model
import Testing

/// Values of the reference interpreters: TensorFlow Lite Micro for ELU, LiteRT's reference kernels for the others.
@Suite struct FloatTableTests {
  private func outputs(_ function: UnaryFunction, _ input: (Float, Int), _ output: (Float, Int), _ values: [Int8]) throws -> [Int8] {
    try run(layer(function, input, output, count: values.count), values)
  }

  private func layer(_ function: UnaryFunction, _ input: (Float, Int), _ output: (Float, Int), count: Int = 1) -> Graph {
    graph(
      function, [activation([count], scale: input.0, zeroPoint: input.1)], output: activation([count], scale: output.0, zeroPoint: output.1))
  }

  @Test func exponentialLinearUnits() throws {
    #expect(
      try outputs(UnaryFunction("ELU"), (0.0625, 3), (0.125, -20), [-128, -13, -5, 1, 2, 3, 4, 5, 7, 8, 127])
        == [-28, -25, -23, -21, -20, -20, -19, -19, -18, -17, 42])
  }

  @Test func exponentials() throws {
    #expect(
      try outputs(UnaryFunction("EXP"), (0.0625, 0), (1, -128), [-128, -1, 0, 1, 8, 64, 80, 127]) == [-128, -127, -127, -127, -126, -73, 20, 127])
    #expect(try outputs(UnaryFunction("EXP"), (0.05, 10), (0.3, 3), [-128, -1, 0, 10, 20, 64, 80, 127]) == [3, 5, 5, 6, 8, 53, 113, 127])
  }

  /// The approximation is another function.
  @Test func gaussianErrorLinearUnits() throws {
    #expect(
      try outputs(UnaryFunction("GELU"), (0.03, 5), (0.007, -20), [-128, -32, -16, -8, -1, 0, 1, 8, 16, 64, 127])
        == [-20, -41, -44, -39, -31, -29, -28, -13, 10, 127, 127])
    let values: [Int8] = [-80, -50, -44, -40, -38, -36]
    #expect(try outputs(UnaryFunction("GELU"), (0.0625, 0), (0.0005, 0), values) == [0, -6, -16, -31, -42, -55])
    #expect(try outputs(UnaryFunction("GELU", isApproximate: true), (0.0625, 0), (0.0005, 0), values) == [0, -5, -15, -30, -41, -54])
  }

  @Test func squareRootsAreTruncated() throws {
    #expect(
      try outputs(UnaryFunction("SQRT"), (0.25, -128), (0.125, -128), [-128, -127, -126, -125, -124, -112, 127])
        == [-128, -124, -123, -122, -120, -112, -65])
    #expect(
      try outputs(UnaryFunction("SQRT"), (0.1, -128), (0.02, -100), [-128, -127, -126, -120, -100, 0, 127])
        == [-100, -85, -78, -56, -17, 78, 127])
  }

  /// The least output stands for the logarithm of zero.
  @Test func logarithms() throws {
    #expect(
      try outputs(UnaryFunction("LOG"), (0.05, -128), (0.03, -20), [-128, -127, -126, -125, -124, -123, -122, -121, -120])
        == [-128, -120, -97, -83, -74, -66, -60, -55, -51])
    #expect(validationError(layer(UnaryFunction("LOG"), (0.05, 0), (0.03, 0))).message.hasPrefix("LOG of an input with zero point 0 is not"))
    #expect(validationError(layer(UnaryFunction("LOG"), (1e-20, -128), (1e-10, 0))).category == .invalidQuantization)
  }

  @Test func whatHasNoResultIsRefused() {
    #expect(
      validationError(layer(UnaryFunction("SQRT"), (1, -127), (1, 0))).message
        == "SQRT of an input with zero point -127 is not supported, only with -128: it could be negative (operator 0 SQRT, tensor 0 't')")
    #expect(
      validationError(layer(UnaryFunction("EXP"), (1, 0), (0.5, 0))).message.hasPrefix("EXP of 21.0 is 2.6376315e+09 steps of the output, beyond int32"))
    #expect(validationError(layer(UnaryFunction("EXP"), (1, -128), (1, 0))).message.hasPrefix("EXP of 22.0 is "))
    #expect(validationError(layer(UnaryFunction("SQRT"), (1, -128), (1e-10, 0))).category == .invalidQuantization)
    #expect(validationError(layer(UnaryFunction("ELU"), (1, 0), (1e-10, 0))).category == .invalidQuantization)
  }
}
