import Model
import Testing

@Suite struct ReluTests {
  @Test func rescalesAndClamps() throws {
    let layer = graph(Relu(), [activation([4], zeroPoint: 10)], output: activation([4], scale: 0.5, zeroPoint: -20))
    #expect(try run(layer, [9, 10, 11, 127]) == [-20, -20, -18, 127])
    #expect(Relu().table(layer.nodes[0], in: layer)[128 + 30] == 20)
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
    let layer = graph(Relu(), [activation([3], scale: sx)], output: activation([3], scale: sy))
    #expect(try run(layer, [1, 3, 2]) == [1, 4, 3])
    let exact = graph(Relu(), [activation([3], scale: 1.5)], output: activation([3]))
    #expect(try run(exact, [1, 3, 2]) == [2, 5, 3])
  }

  @Test func shapesAndFactorsAreChecked() {
    #expect(validationError(graph(Relu(), [activation([2])], output: activation([1, 2]))).category == .invalidShape)
    #expect(
      validationError(graph(Relu(), [activation([2], scale: 1e20)], output: activation([2], scale: 1e-20))).category
        == .invalidQuantization)
  }
}
