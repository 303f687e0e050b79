import Model
import Testing

@Suite struct AdditionTests {
  @Test func equalScalesAddExactly() throws {
    let layer = graph(
      Addition(), [activation([4], zeroPoint: 1), activation([4], zeroPoint: -1)], output: activation([4], zeroPoint: 2))
    #expect(try run(layer, [1, 2, 127, -128], [-1, 3, 127, -128]) == [2, 7, 127, -128])
  }

  @Test func tiesRoundTwice() throws {
    // Halves of (a + b): positive ties go up, negative ones away from zero.
    let layer = graph(
      Addition(), [activation([4]), activation([4])], output: activation([4], scale: 2))
    #expect(try run(layer, [1, 3, -1, -3], [0, 0, 0, 0]) == [1, 2, -1, -2])
  }

  @Test func constantsBroadcast() throws {
    let channels = graph(
      Addition(), [activation([1, 2, 1, 2]), weights([2], [10, 20])], output: activation([1, 2, 1, 2]))
    #expect(try run(channels, [1, 2, 3, 4]) == [11, 22, 13, 24])
    let scalar = graph(Addition(), [weights([], [5]), activation([1, 3])], output: activation([1, 3]))
    #expect(try run(scalar, [1, 2, 3]) == [6, 7, 8])
    let first = graph(
      Addition(), [weights([2, 1], [1, 2]), activation([2, 2])], output: activation([2, 2]))
    #expect(try run(first, [10, 10, 10, 10]) == [11, 11, 12, 12])
  }

  @Test func aTensorMayBeAddedToItself() throws {
    var layer = graph(Addition(activation: .relu), [activation([3])], output: activation([3]))
    layer.nodes[0].inputs = [0, 0]
    #expect(try run(layer, [1, -1, 100]) == [2, 0, 127])
  }

  @Test func subtraction() throws {
    let layer = graph(
      Addition(isSubtraction: true), [activation([4], zeroPoint: 1), activation([4], zeroPoint: -1)], output: activation([4], zeroPoint: 2))
    #expect(layer.nodes[0].operation.name == "SUB")
    #expect(try run(layer, [1, 2, 127, -128], [-1, 3, -127, 127]) == [2, -1, 127, -128])
    // Halves of (a − b) round away from zero on both sides.
    let halves = graph(Addition(isSubtraction: true), [activation([4]), activation([4])], output: activation([4], scale: 2))
    #expect(try run(halves, [1, 3, 0, 0], [0, 0, 1, 3]) == [1, 2, -1, -2])
    let scalar = graph(Addition(isSubtraction: true), [weights([], [5]), activation([1, 3])], output: activation([1, 3]))
    #expect(try run(scalar, [1, 2, 9]) == [4, 3, -4])
    let sum = Addition().rescaling(layer.nodes[0], in: layer)
    let difference = Addition(isSubtraction: true).rescaling(layer.nodes[0], in: layer)
    #expect(difference.table(0) == sum.table(0) && difference.table(1) == sum.table(1).map { -$0 })
  }

  @Test func rescaling() {
    let layer = graph(
      Addition(), [activation([1], scale: 0.5), activation([1], scale: 0.25, zeroPoint: 3)],
      output: activation([1], scale: 0.5))
    let rescaling = Addition().rescaling(layer.nodes[0], in: layer)
    #expect(rescaling.operands == [QuantizedMultiplier(0.5), QuantizedMultiplier(0.25)])
    #expect(rescaling.output == QuantizedMultiplier(0x1p-19))
    #expect(rescaling.zeroPoints == [0, 3])
    #expect(rescaling.table(1)[128 + 3] == 0)
    #expect(rescaling.table(1)[128 + 7] == 1 << 20)
  }

  @Test func tinyOutputScalesAreRefused() {
    let layer = graph(
      Addition(), [activation([1], scale: 1e30), activation([1])], output: activation([1], scale: 1e-30))
    #expect(validationError(layer).category == .invalidQuantization)
  }

  // MARK: On int16

  private func sum(_ operation: Addition = Addition(), _ scales: [Float] = [1, 1], output: Float = 1, count: Int = 4) -> Graph {
    graph(operation, scales.map { int16Activation([count], scale: $0) }, output: int16Activation([count], scale: output))
  }

  /// Against TensorFlow Lite Micro: `ReferenceVectorTests`.
  @Test func sumsOfInt16Saturate() throws {
    #expect(try runInt16(sum(), [1, -5, 32_767, -32_768], [2, 3, 1, -1]) == [3, -2, 32_767, -32_768])
    // Halves go away from zero.
    #expect(try runInt16(sum(output: 2), [1, 3, -1, -3], [0, 0, 0, 0]) == [1, 2, -1, -2])
    #expect(try runInt16(sum(Addition(), [1, 0.5]), [1, 3, -1, -3], [1, 1, 4, 5]) == [2, 4, 1, -1])
    #expect(try runInt16(sum(Addition(activation: .relu)), [1, -5, 9, 9], [1, 1, -9, -10]) == [2, 0, 0, 0])
    let layer = sum(Addition(), [1, 0.5])
    let rescaling = Addition().rescaling(layer.nodes[0], in: layer)
    #expect(rescaling.operands == [QuantizedMultiplier(0.5), QuantizedMultiplier(0.25)] && rescaling.output == QuantizedMultiplier(0x1p-14))
  }

  @Test func aBoundLimitsSums() throws {
    var bounded = Addition()
    bounded.bound = 100
    #expect(try runInt16(sum(bounded), [99, 99, -99, -99], [1, 2, -1, -2]) == [100, 100, -100, -100])
    bounded.bound = .max
    #expect(try runInt16(sum(bounded, count: 1), [-32_768], [0]) == [-32_767])
  }

  @Test func operandsOfInt16AreChecked() {
    func message(_ graph: Graph) -> String { validationError(graph).message }
    let constant = Tensor(
      name: "c", shape: [1], type: .int16, quantization: Quantization(scale: 1, zeroPoint: 0), constant: [1, 0])
    #expect(
      message(graph(Addition(), [int16Activation([1]), constant], output: int16Activation([1])))
        == "a constant operand of int16 is not supported, only two tensors that are computed (operator 0 ADD, tensor 1 'c')")
    #expect(
      message(graph(Addition(), [int16Activation([2]), int16Activation([1])], output: int16Activation([2])))
        == "an operand of int16 that repeats (1 to 2) is not supported (operator 0 ADD, tensor 1 't')")
    #expect(
      message(sum(output: 0x1p-15)) == "multiplier 2·larger input scale/(2^15·output scale) = 2.0 is out of range, must be less than 1 on int16 "
        + "(operator 0 ADD, tensor 2 't'); choose a larger output scale")
    #expect(message(sum(Addition(), [1, 0x1p-32])).hasPrefix("the graph passed validation"))
    #expect(message(sum(Addition(isSubtraction: true))).hasPrefix("int16 activations are not supported, only int8 (operator 0 SUB"))
    #expect(message(graph(Addition(), [int16Activation([1]), activation([1])], output: int16Activation([1]))).hasPrefix("int8 in the place of int16"))
    #expect(message(graph(Addition(), [int16Activation([1]), int16Activation([1])], output: activation([1]))).hasPrefix("int16 and int8 activations in one"))
  }
}
