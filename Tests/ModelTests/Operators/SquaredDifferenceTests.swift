import Model
import Testing

@Suite struct SquaredDifferenceTests {
  @Test func squares() throws {
    let layer = graph(
      SquaredDifference(), [activation([4], scale: 0.5, zeroPoint: 1), activation([4], scale: 0.25, zeroPoint: -1)],
      output: activation([4], scale: 0.25, zeroPoint: -100))
    // ((x1 − 1)/2 − (x2 + 1)/4)²·4 − 100
    #expect(try run(layer, [3, 2, -5, 127], [3, 1, 7, -128]) == [-100, -100, 0, 127])
    #expect(try run(layer, [5, -3, 1, 1], [-1, 3, 9, 0]) == [-84, -64, -75, -100])
    let rescaling = SquaredDifference().rescaling(layer.nodes[0], in: layer)
    #expect(rescaling.operands == [QuantizedMultiplier(0.5), QuantizedMultiplier(0.25)] && rescaling.output == QuantizedMultiplier(1.0 / 4096))
  }

  @Test func constantsAndRepeats() throws {
    let rows = graph(SquaredDifference(), [activation([2, 1]), activation([2, 2])], output: activation([2, 2]))
    #expect(try run(rows, [1, 2], [3, 4, 5, 6]) == [4, 9, 9, 16])
    let channels = graph(SquaredDifference(), [activation([2, 2]), weights([2], [3, -3])], output: activation([2, 2]))
    #expect(try run(channels, [1, 1, -2, -2]) == [4, 16, 25, 1])
  }

  @Test func hugeFactorsAreRefused() {
    let layer = graph(SquaredDifference(), [activation([1], scale: 1e30), activation([1])], output: activation([1], scale: 1e-30))
    #expect(validationError(layer).category == .invalidQuantization)
  }
}
