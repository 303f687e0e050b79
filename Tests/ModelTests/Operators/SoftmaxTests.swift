import Model
import Testing

@Suite struct SoftmaxTests {
  func layer(_ shape: [Int], beta: Float = 1, scale: Float = 0.1, output: Tensor? = nil) -> Graph {
    graph(
      Softmax(beta: beta), [activation(shape, scale: scale)],
      output: output ?? activation(shape, scale: 1 / 256, zeroPoint: -128))
  }

  @Test func rowsAreIndependent() throws {
    #expect(try run(layer([2, 2]), [5, 5, 100, -100]) == [0, 0, 127, -128])
  }

  @Test func betaScales() throws {
    let twice = layer([1, 2], beta: 2, scale: 0.125)
    #expect(Softmax(beta: 2).table(twice.nodes[0], in: twice) == SoftmaxTable(beta: 1, scale: 0.25))
    #expect(try run(twice, [3, 1]) == run(layer([1, 2], scale: 0.25), [3, 1]))
  }

  @Test func optionsAreChecked() {
    #expect(validationError(layer([4], output: activation([4], scale: 1 / 256))).category == .invalidQuantization)
    #expect(validationError(layer([4], output: activation([4], zeroPoint: -128))).category == .invalidQuantization)
    #expect(validationError(layer([4], beta: 0)).category == .invalidGraph)
    #expect(validationError(layer([4], beta: .nan)).category == .invalidGraph)
    #expect(validationError(layer([4], scale: 1e-9)).category == .invalidQuantization)
    #expect(validationError(layer([1, 4_096])).category == .unsupported)
    #expect(validationError(layer([])).category == .invalidShape)
  }
}
