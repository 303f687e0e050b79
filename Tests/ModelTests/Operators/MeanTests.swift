import Model
import Testing

@Suite struct MeanTests {
  func layer(_ shape: [Int], axes: [Int32] = [1, 2], keep: Bool = false, output: Tensor) -> Graph {
    graph(
      Mean(keepDimensions: keep), [activation(shape), integers([axes.count], axes, name: "axes")], output: output)
  }

  @Test func means() throws {
    let mean = layer([2, 2, 2, 1], output: activation([2, 1], zeroPoint: 10))
    #expect(try run(mean, [1, 2, 3, 4, -1, -2, -3, -5]) == [13, 7])
    try layer([2, 2, 2, 1], axes: [-2, -3], keep: true, output: activation([2, 1, 1, 1])).validate()
  }

  @Test func theDivisionKeepsAllBits() {
    #expect(Mean.multiplier(QuantizedMultiplier(1), count: 4) == QuantizedMultiplier(multiplier: 1 << 30, exponent: -1))
    #expect(
      Mean.multiplier(QuantizedMultiplier(1), count: 3)
        == QuantizedMultiplier(multiplier: Int32((Int64(1) << 31) / 3), exponent: 0))
    #expect(
      Mean.multiplier(QuantizedMultiplier(multiplier: 1 << 30, exponent: -31), count: 7)
        == QuantizedMultiplier(multiplier: (1 << 30) / 7, exponent: -31))
    #expect(Mean.multiplier(QuantizedMultiplier(0.5), count: 0) == QuantizedMultiplier(0.5))
  }

  @Test func otherAxesAreRefusedByName() {
    func error(_ shape: [Int], _ axes: [Int32], _ output: [Int]) -> ModelError {
      validationError(layer(shape, axes: axes, output: activation(output)))
    }
    #expect(
      error([1, 2, 2, 3], [3], [1, 2, 2]).message
        == "MEAN over axes [3] of rank 4 is not supported, only over H and W (axes 1 and 2) of rank 4 "
        + "(operator 0 MEAN, tensor 0 't'); average a map of rank 4: a one-dimensional network can keep a height of 1 (GlobalAveragePooling2D)")
    #expect(error([1, 2, 3], [1, 2], [1]).category == .unsupported)
    #expect(error([1, 2, 2, 3], [1, 4], [1, 3]).category == .invalidGraph)
    #expect(error([1, 2, 2, 3], [.min, 1], [1, 3]).category == .invalidGraph)
    #expect(error([1, 2, 2, 3], [1, 2], [1, 1, 1, 3]).category == .invalidShape)
    #expect(error([1, 2, 2, 3], [1, 1, 2, -2], [1, 3]).category == .unreadable)
  }

  @Test func axesAreConstants() {
    var mean = layer([1, 2, 2, 1], output: activation([1, 1]))
    mean.tensors[1].type = .int16
    #expect(validationError(mean).message.hasPrefix("axes must be int32, are int16"))
    mean.tensors[1].constant = nil
    mean.inputs = [0, 1]
    #expect(validationError(mean).message.hasPrefix("axes that are computed are not supported"))
  }

  @Test func factorsHaveARange() {
    let mean = graph(
      Mean(), [activation([1, 1, 1, 1], scale: 1e30), integers([2], [1, 2])], output: activation([1, 1], scale: 1e-30))
    #expect(validationError(mean).category == .invalidQuantization)
  }
}
