import Model
import Testing

@Suite struct FullyConnectedTests {
  @Test func rowsTimesWeights() throws {
    let layer = graph(
      FullyConnected(),
      [activation([2, 3], zeroPoint: 1), weights([2, 3], [1, 2, 3, -1, 0, 1]), integers([2], [10, -10])],
      output: activation([2, 2], zeroPoint: 5))
    // (x − 1)·w + b + 5
    #expect(try run(layer, [1, 2, 3, 0, 0, 0]) == [23, -3, 9, -5])
    #expect(layer.multiplyAccumulates == 12)
  }

  @Test func weightsMayHaveAZeroPoint() throws {
    let layer = graph(
      FullyConnected(), [activation([1, 2]), weights([1, 2], [5, 7], zeroPoint: 5)], output: activation([1, 1]))
    #expect(try run(layer, [9, 4]) == [8])
    #expect(FullyConnected().effectiveWeights(layer.nodes[0], in: layer) == [0, 2])
    let wide = graph(
      FullyConnected(), [activation([1, 2]), weights([1, 2], [-127, 7], zeroPoint: 5)], output: activation([1, 1]))
    #expect(validationError(wide).category == .unsupported)
  }

  /// (x − 1)·(w + 2) + b + 5, the weights from another operator.
  @Test func weightsMayBeComputed() throws {
    let layer = graph(
      FullyConnected(activation: .relu), [activation([2, 2], zeroPoint: 1), activation([2, 2], zeroPoint: -2), integers([2], [10, -10])],
      output: activation([2, 2], zeroPoint: 5))
    #expect(try run(layer, [2, 3, 0, 1], [1, 2, -1, 0]) == [26, 5, 12, 5])
    let flat = graph(FullyConnected(), [activation([2, 2]), activation([4])], output: activation([2, 1]))
    #expect(validationError(flat).category == .invalidShape)
  }

  /// Halves away from zero, where two roundings give another number: 1/4 is 0, not 1/2 and then 1.
  @Test func unsignedSumsAreRoundedOnce() {
    #expect([-6, -2, -1, 1, 2, 6].map { SumFactor.once(0.25).steps($0) } == [-2, -1, 0, 0, 1, 2])
    #expect(SumFactor.once(1e9).steps(.max) == 1 << 30)
  }

  @Test func dimensionsMayBeKept() throws {
    let operation = FullyConnected(keepDimensions: true)
    let filter = weights([1, 2], [1, 1])
    try graph(operation, [activation([2, 3, 2]), filter], output: activation([2, 3, 1])).validate()
    let folded = graph(operation, [activation([2, 3, 2]), filter], output: activation([6, 1]))
    #expect(validationError(folded).category == .invalidShape)
    try graph(FullyConnected(), [activation([2, 3, 2]), filter], output: activation([6, 1])).validate()
    #expect(
      validationError(graph(FullyConnected(), [activation([5]), filter], output: activation([6, 1]))).message
        .hasPrefix("input of shape 5 cannot be read as rows of 2 elements"))
    let flat = graph(FullyConnected(), [activation([4]), filter], output: activation([2]))
    #expect(validationError(flat).category == .invalidShape)
  }

  @Test func hybridQuantizationIsNamed() {
    var layer = graph(FullyConnected(), [activation([1, 2]), weights([1, 2], [1, 1])], output: activation([1, 1]))
    layer.tensors[0].type = .float32
    #expect(validationError(layer).message.hasPrefix("hybrid quantization (float32 activations, int8 weights)"))
  }

  /// A part of an operator, which no file has: rounded as on int8.
  @Test func sumsOfInt8MayBecomeInt16() throws {
    var wide = FullyConnected()
    wide.widens = true
    let layer = graph(
      wide, [activation([1, 2], zeroPoint: 1), weights([2, 2], [100, 3, -128, -128]), integers([2], [7, -1])], output: int16Activation([1, 2], scale: 0.5))
    #expect(try GoldenModel(layer).run(inputs: [[127, 0xFF]])[3].map { Elements.integers($0, .int16) } == [25_202, -31_746])
    let halves = graph(wide, [activation([1, 1]), weights([2, 1], [1, -1])], output: int16Activation([1, 2], scale: 2))
    #expect(try GoldenModel(halves).run(inputs: [[1]])[2].map { Elements.integers($0, .int16) } == [1, 0])
    let saturated = graph(wide, [activation([1, 1]), weights([2, 1], [127, -128])], output: int16Activation([1, 2], scale: 0x1p-9))
    #expect(try GoldenModel(saturated).run(inputs: [[127]])[2].map { Elements.integers($0, .int16) } == [32_767, -32_768])
    var plain = layer
    plain.nodes[0].operation = FullyConnected()
    #expect(validationError(plain).message.hasPrefix("int8 and int16 activations in one operator are not supported"))
    let int8 = graph(wide, [activation([1, 1]), weights([1, 1], [1])], output: activation([1, 1]))
    #expect(validationError(int8).message.hasPrefix("int8 in the place of int16 (operator 0 FULLY_CONNECTED"))
  }
}
