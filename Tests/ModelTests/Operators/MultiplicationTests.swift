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

  /// Against TensorFlow Lite Micro: `ReferenceVectorTests`.
  @Test func productsOfInt16() throws {
    func product(_ output: Float, _ operation: Multiplication = Multiplication()) -> Graph {
      graph(operation, [int16Activation([4]), int16Activation([4])], output: int16Activation([4], scale: output))
    }
    #expect(try runInt16(product(2), [1, 3, -1, -32_768], [1, 1, 1, -32_768]) == [1, 2, 0, 32_767])
    #expect(try runInt16(product(0x1p15), [-32_768, 32_767, 0, 16_384], [32_767, 32_767, 5, 1]) == [-32_767, 32_766, 0, 1])
    #expect(try runInt16(product(2, Multiplication(activation: .relu)), [4, 4, -4, -4], [1, -1, 1, -1]) == [2, 0, 0, 2])
    #expect(
      validationError(product(1)).message == "multiplier product of the input scales/output scale = 1.0 is out of range, must be less than 1 on int16 "
        + "(operator 0 MUL, tensor 2 't'); choose a larger output scale")
    #expect(try product(1.001).validate() == ())
  }

  /// A part of an operator, which no file has.
  @Test func productsOfInt16MayBecomeInt8() throws {
    var narrow = Multiplication()
    narrow.narrows = true
    let layer = graph(narrow, [int16Activation([3]), int16Activation([3])], output: activation([3], scale: 0x1p8, zeroPoint: -3))
    let results = try GoldenModel(layer).run(inputs: [[256, -256, 32_767], [384, 384, 32_767]].map { Elements.bytes($0, .int16) })
    #expect(Elements.integers(results[2] ?? [], .int8) == [381 - 3 - 251, -128, 127])
    var plain = layer
    plain.nodes[0].operation = Multiplication()
    #expect(validationError(plain).message.hasPrefix("int16 and int8 activations in one operator are not supported"))
  }
}
