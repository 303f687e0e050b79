import Model
import Testing

@Suite struct MultiplicationTests {
  @Test func products() throws {
    let layer = graph(
      Multiplication(), [activation([3], scale: 0.5, zeroPoint: 1), activation([3], zeroPoint: -1)],
      output: activation([3], zeroPoint: 2))
    // ((x1 − 1)(x2 + 1))/2 + 2
    #expect(try run(layer, [3, 2, -1], [1, 2, 2]) == [4, 4, -1])
    #expect(Multiplication().multiplier(layer.nodes[0], in: layer) == QuantizedMultiplier(0.5))
  }

  @Test func perChannelConstants() throws {
    let layer = graph(
      Multiplication(activation: .relu), [activation([2, 2]), weights([2], [3, -3])], output: activation([2, 2]))
    #expect(try run(layer, [1, 1, -5, -5]) == [3, 0, 0, 15])
  }

  @Test func hugeFactorsAreRefused() {
    let layer = graph(
      Multiplication(), [activation([1], scale: 1e30), activation([1])], output: activation([1], scale: 1e-30))
    #expect(validationError(layer).category == .invalidQuantization)
  }
}
