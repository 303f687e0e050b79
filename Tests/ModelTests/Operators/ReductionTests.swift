import Model
import Testing

@Suite struct ReductionTests {
  func layer(_ shape: [Int], axes: [Int32] = [1, 2], _ kind: Reduction.Kind = .mean, keep: Bool = false, output: Tensor) -> Graph {
    graph(
      Reduction(kind, keepDimensions: keep), [activation(shape), integers([axes.count], axes, name: "axes")], output: output)
  }

  @Test func means() throws {
    let mean = layer([2, 2, 2, 1], output: activation([2, 1], zeroPoint: 10))
    #expect(try run(mean, [1, 2, 3, 4, -1, -2, -3, -5]) == [13, 7])
    try layer([2, 2, 2, 1], axes: [-2, -3], keep: true, output: activation([2, 1, 1, 1])).validate()
  }

  /// Dimensions that are no neighbours, one that counts from the last, one that is named twice.
  @Test func anyDimensions() throws {
    let values = (0..<12).map { Int8($0) }
    func reduced(_ kind: Reduction.Kind, _ axes: [Int32], _ shape: [Int]) throws -> [Int8] {
      try run(layer([2, 3, 2], axes: axes, kind, output: activation(shape)), values)
    }
    #expect(try reduced(.sum, [0, 2], [3]) == [14, 22, 30])
    #expect(try reduced(.sum, [-1, 0, -1], [3]) == [14, 22, 30])
    #expect(try reduced(.sum, [1], [2, 2]) == [6, 9, 24, 27])
    #expect(try reduced(.mean, [0, 1, 2], []) == [6])
    #expect(try reduced(.maximum, [0, 2], [3]) == [7, 9, 11])
    #expect(try reduced(.minimum, [0, 2], [3]) == [0, 2, 4])
    #expect(try reduced(.minimum, [1], [2, 2]) == [0, 1, 6, 7])
  }

  @Test func aScalarIsAnAxis() throws {
    let sum = graph(Reduction(.sum), [activation([2, 2]), integers([], [1], name: "axes")], output: activation([2]))
    #expect(try run(sum, [1, 2, -3, 5]) == [3, 2])
  }

  @Test func theDivisionKeepsAllBits() {
    #expect(Reduction.multiplier(QuantizedMultiplier(1), count: 4) == QuantizedMultiplier(multiplier: 1 << 30, exponent: -1))
    #expect(
      Reduction.multiplier(QuantizedMultiplier(1), count: 3)
        == QuantizedMultiplier(multiplier: Int32((Int64(1) << 31) / 3), exponent: 0))
    #expect(
      Reduction.multiplier(QuantizedMultiplier(multiplier: 1 << 30, exponent: -31), count: 7)
        == QuantizedMultiplier(multiplier: (1 << 30) / 7, exponent: -31))
    #expect(Reduction.multiplier(QuantizedMultiplier(0.5), count: 0) == QuantizedMultiplier(0.5))
  }

  @Test func axesAndShapesAreChecked() {
    func error(_ shape: [Int], _ axes: [Int32], _ output: [Int]) -> ModelError {
      validationError(layer(shape, axes: axes, output: activation(output)))
    }
    #expect(error([1, 2, 2, 3], [1, 4], [1, 3]).message == "axis 4 is out of range for rank 4 (operator 0 MEAN, tensor 1 'axes')")
    #expect(error([1, 2, 2, 3], [.min, 1], [1, 3]).category == .invalidGraph)
    #expect(error([1, 2, 2, 3], [1, 2], [1, 1, 1, 3]).category == .invalidShape)
    #expect(error([1, 2, 2, 3], [1, 1, 2, -2], [1, 3]).category == .unreadable)
    #expect(error([2], [], [2]).message == "MEAN without axes is not supported (operator 0 MEAN, tensor 1 'axes')")
    #expect(error([1, 1, 1, 1, 1, 1, 2], [6], [1, 1, 1, 1, 1, 1]).message.hasPrefix("MEAN input must be rank 1 to 6, is rank 7"))
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
    for kind in [Reduction.Kind.mean, .sum] {
      let steep = graph(
        Reduction(kind), [activation([1, 1, 1, 1], scale: 1e30), integers([2], [1, 2])], output: activation([1, 1], scale: 1e-30))
      #expect(validationError(steep).category == .invalidQuantization)
    }
    for kind in [Reduction.Kind.maximum, .minimum] {
      #expect(validationError(layer([2, 2], axes: [1], kind, output: activation([2], zeroPoint: 1))).message.hasPrefix("does not rescale"))
    }
  }

  /// A minimum of several is a maximum between complements, of one it is a copy.
  @Test(arguments: [-128, 0, 127]) func aMinimumIsTheComplementOfAMaximum(_ zero: Int) throws {
    let minimum = graph(
      Reduction(.minimum), [activation([2, 3], scale: 0.3, zeroPoint: zero), integers([1], [1])],
      output: activation([2], scale: 0.3, zeroPoint: zero))
    #expect(minimum.decomposed.nodes.map(\.operation.name) == ["MUL", "REDUCE_MAX", "MUL"])
    try minimum.decomposed.validate()
    for values in [[Int8]([-128, 127, 0, 5, 3, 4]), [127, 127, 127, -1, -127, -128]] {
      #expect(try run(minimum.decomposed, values) == run(minimum, values))
    }
    let one = layer([2, 1], axes: [1], .minimum, output: activation([2]))
    #expect(one.decomposed.nodes.map(\.operation.name) == ["REDUCE_MIN"])
  }

  /// Large ones, and those along dimensions that many others separate.
  @Test func aMaximumOfManyIsAMaximumOfMaxima() throws {
    func parts(_ shape: [Int], _ axes: [Int32], _ result: [Int], keep: Bool = false, _ expected: [String]) throws {
      let values = (0..<shape.reduce(1, *)).map { Int8(truncatingIfNeeded: $0 * 7919 >> 4) }
      let whole = layer(shape, axes: axes, .maximum, keep: keep, output: activation(result)), parts = whole.decomposed
      #expect(parts.nodes.map(\.operation.name) == expected, "\(shape)")
      try parts.validate()
      #expect(try run(parts, values) == run(whole, values), "\(shape)")
    }
    try parts([1, 8, 8, 3], [1, 2], [1, 3], ["REDUCE_MAX"])
    try parts([1, 8, 9, 3], [1, 2], [1, 3], ["REDUCE_MAX", "REDUCE_MAX"])
    try parts([2, 9, 9, 3], [-2, 1], [2, 1, 1, 3], keep: true, ["REDUCE_MAX", "REDUCE_MAX"])
    try parts([3, 200, 2], [1], [3, 2], ["RESHAPE", "REDUCE_MAX", "REDUCE_MAX"])
    try parts([67, 2], [0], [2], ["REDUCE_MAX"])
    try parts([100, 90], [0, 1], [], ["RESHAPE", "REDUCE_MAX", "REDUCE_MAX", "RESHAPE", "REDUCE_MAX", "REDUCE_MAX"])
    try parts([2, 2, 2, 1, 2, 3], [0, 2, 3], [2, 2, 3], ["REDUCE_MAX"])
    try parts([2, 3, 2, 3, 2], [0, 2, 4], [3, 3], ["REDUCE_MAX", "REDUCE_MAX"])
  }
}
