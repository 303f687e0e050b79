import Model
import Testing

@Suite struct UnaryFunctionTests {
  @Test func aRectifierRescalesAndClamps() throws {
    let layer = graph(UnaryFunction("RELU"), [activation([4], zeroPoint: 10)], output: activation([4], scale: 0.5, zeroPoint: -20))
    #expect(try run(layer, [9, 10, 11, 127]) == [-20, -20, -18, 127])
    #expect(UnaryFunction("RELU").table(layer.nodes[0], in: layer)[128 + 30] == 20)
  }

  /// The quotient is formed in double: here float32 would round it to 1.5 and make ties of odd inputs.
  @Test func theQuotientIsNotRoundedToFloat() throws {
    var scales: (Float, Float)?
    var output: Float = 0.01
    while scales == nil {
      output = output.nextUp
      let input = Float(Double(output) * 1.5)
      if input / output == 1.5, Double(input) / Double(output) < 1.5 { scales = (input, output) }
    }
    let (sx, sy) = try #require(scales)
    let layer = graph(UnaryFunction("RELU"), [activation([3], scale: sx)], output: activation([3], scale: sy))
    #expect(try run(layer, [1, 3, 2]) == [1, 4, 3])
    let exact = graph(UnaryFunction("RELU"), [activation([3], scale: 1.5)], output: activation([3]))
    #expect(try run(exact, [1, 3, 2]) == [2, 5, 3])
  }

  @Test func shapesAndFactorsAreChecked() {
    #expect(validationError(graph(UnaryFunction("RELU"), [activation([2])], output: activation([1, 2]))).category == .invalidShape)
    #expect(
      validationError(graph(UnaryFunction("RELU"), [activation([2], scale: 1e20)], output: activation([2], scale: 1e-20))).category
        == .invalidQuantization)
  }

  /// TensorFlow Lite Micro clamps bytes in the input's scale and rescales nothing.
  @Test func relu6ClampsTheStoredBytes() throws {
    let layer = graph(
      UnaryFunction("RELU6"), [activation([5], scale: 0.05, zeroPoint: 3)], output: activation([5], scale: 0.25, zeroPoint: -20))
    #expect(try run(layer, [-128, 3, 4, 123, 124]) == [3, 3, 4, 123, 123])
    #expect(UnaryFunction("RELU6").rectifier(layer.nodes[0], in: layer) == Rectifier(rescales: false, limits: 3...123, factor: 1))
  }

  @Test func relu6HasNoUpperLimitAtATinyScale() throws {
    let layer = graph(
      UnaryFunction("RELU6"), [activation([2], scale: .leastNonzeroMagnitude, zeroPoint: -5)], output: activation([2], scale: 1))
    #expect(try run(layer, [-6, 127]) == [-5, 127])
  }

  @Test func relu6RescalesAndClampsAtSixWhereLiteRTIsTheReference() throws {
    var layer = graph(UnaryFunction("RELU6"), [activation([4])], output: activation([4], scale: 0.25, zeroPoint: -20))
    layer.reference = .litert
    #expect(try run(layer, [-1, 0, 3, 7]) == [-20, -20, -8, 4])
    #expect(UnaryFunction("RELU6").table(layer.nodes[0], in: layer).max() == 4)
  }

  private func layer(_ function: UnaryFunction, _ input: Tensor, _ output: Tensor) -> Graph { graph(function, [input], output: output) }

  @Test func otherRectifiersClampAtOne() throws {
    let symmetric = layer(UnaryFunction("RELU_N1_TO_1"), activation([5], scale: 0.5), activation([5], scale: 0.25, zeroPoint: 3))
    #expect(try run(symmetric, [-9, -1, 0, 2, 3]) == [-1, 1, 3, 7, 7])
    let unit = layer(UnaryFunction("RELU_0_TO_1"), activation([4], scale: 0.5), activation([4], scale: 0.25, zeroPoint: 3))
    #expect(try run(unit, [-9, 0, 1, 3]) == [3, 3, 5, 7])
    #expect(UnaryFunction("RELU_0_TO_1").rectifier(unit.nodes[0], in: unit) == Rectifier(rescales: true, limits: 3...7, factor: 2))
  }

  @Test func leakyRectifiersScaleNegativeInputsByAlpha() throws {
    let leaky = layer(UnaryFunction("LEAKY_RELU", alpha: 0.25), activation([6], zeroPoint: 10), activation([6], scale: 0.5, zeroPoint: -20))
    #expect(try run(leaky, [5, 6, 9, 10, 11, 127]) == [-22, -22, -20, -20, -18, 127])
    #expect(UnaryFunction("LEAKY_RELU", alpha: 0.25).rectifier(leaky.nodes[0], in: leaky) == nil)
    let flat = layer(UnaryFunction("LEAKY_RELU"), activation([3]), activation([3]))
    #expect(try run(flat, [-100, 0, 9]) == [0, 0, 9])
    func error(_ alpha: Float) -> String {
      validationError(layer(UnaryFunction("LEAKY_RELU", alpha: alpha), activation([1]), activation([1]))).message
    }
    #expect(error(-0.5) == "LEAKY_RELU with the factor -0.5 is not supported, only factors from 0 up (operator 0 LEAKY_RELU)")
    #expect(error(.nan).contains("factor nan") && error(.infinity).contains("factor inf"))
  }

  @Test func absoluteValues() throws {
    let absolute = layer(UnaryFunction("ABS"), activation([4], zeroPoint: 2), activation([4], scale: 2, zeroPoint: -128))
    #expect(try run(absolute, [1, 2, 5, -128]) == [-127, -128, -126, -63])
  }

  @Test func allFunctionsAreNamedOnceAndRectifiersAreKnown() throws {
    let names = UnaryFunction.all.map(\.name)
    #expect(Set(names).count == names.count && names.count == 15)
    let any = layer(UnaryFunction("RELU"), activation([1]), activation([1]))
    let rectifiers = names.filter { UnaryFunction($0).rectifier(any.nodes[0], in: any) != nil }
    #expect(rectifiers == ["RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1"])
    let unknown = validationError(layer(UnaryFunction("SIGN"), activation([1]), activation([1])))
    #expect(unknown.message == "SIGN is not supported (operator 0 SIGN)")
  }
}
