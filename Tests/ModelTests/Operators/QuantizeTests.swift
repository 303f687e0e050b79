import Model
import Testing

@Suite struct QuantizeTests {
  private func tensor(_ type: ElementType, _ count: Int, scale: Float? = nil, zeroPoint: Int = 0) -> Tensor {
    Tensor(name: "t", shape: [count], type: type, quantization: scale.map { Quantization(scale: $0, zeroPoint: zeroPoint) } ?? .none)
  }

  private func bytes(_ floats: [Float]) -> [UInt8] {
    floats.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) } }
  }

  /// Runs one operator on the host by itself.
  private func onHost(_ operation: any HostOperation, _ input: Tensor, _ bytes: [UInt8], _ output: Tensor) throws -> [UInt8] {
    let graph = graph(operation, [input], output: output)
    try operation.validateOnHost(graph.nodes[0], in: graph)
    var store = TensorStore(graph)
    store[0] = bytes
    operation.evaluate(graph.nodes[0], in: graph, on: &store)
    return store[1]
  }

  @Test func bytesAreRescaled() throws {
    let layer = graph(Quantize(), [activation([5], scale: 0.5, zeroPoint: -1)], output: activation([5], zeroPoint: 5))
    #expect(try run(layer, [-1, 0, -2, 127, -128]) == [5, 6, 5, 69, -58])
    let steep = graph(Quantize(), [activation([1], scale: 1e20)], output: activation([1], scale: 1e-20))
    #expect(validationError(steep).message.hasPrefix("multiplier input scale/output scale = "))
  }

  /// Halves go away from zero, the ends are limits, and what is no number is zero.
  @Test func numbersAreRounded() throws {
    let floats: [Float] = [0.24, 0.25, -0.25, 0.75, -0.75, 63.5, 1e9, -1e9, .infinity, -.infinity, .nan]
    let stored = try onHost(Quantize(), tensor(.float32, 11), bytes(floats), tensor(.int8, 11, scale: 0.5, zeroPoint: 3))
    #expect(stored.map { Int8(bitPattern: $0) } == [3, 4, 2, 5, 1, 127, 127, -128, 127, -128, 3])
    let wide = try onHost(Quantize(), tensor(.float32, 2), bytes([300, -300]), tensor(.int16, 2, scale: 0.5))
    #expect(wide == [0x58, 0x02, 0xA8, 0xFD])
    #expect(try onHost(Quantize(), tensor(.float32, 2), bytes([-1, 2]), tensor(.uint8, 2, scale: 0.5, zeroPoint: 1)) == [0, 5])
  }

  @Test func integersOfOtherTypesAreRescaled() throws {
    let same = try onHost(Quantize(), tensor(.uint8, 3, scale: 0.5), [0, 128, 255], tensor(.int8, 3, scale: 0.5, zeroPoint: -128))
    #expect(same == [0x80, 0, 0x7F])
    let back = try onHost(Quantize(), tensor(.int8, 3, scale: 0.5, zeroPoint: -128), [0x80, 0, 0x7F], tensor(.uint8, 3, scale: 0.5))
    #expect(back == [0, 128, 255])
    // (200 − 10)/2 and a half that rounds up.
    #expect(try onHost(Quantize(), tensor(.uint8, 2, scale: 0.5, zeroPoint: 10), [200, 11], tensor(.int8, 2, scale: 1)) == [95, 1])
    #expect(try onHost(Quantize(), tensor(.int16, 2, scale: 0.25), [0xE8, 0x03, 0x18, 0xFC], tensor(.int8, 2, scale: 2)) == [125, 131])
    #expect(try onHost(Quantize(), tensor(.int8, 1, scale: 1), [0x80], tensor(.int32, 1, scale: 0.5)) == [0x00, 0xFF, 0xFF, 0xFF])
  }

  @Test func bytesBecomeNumbers() throws {
    let numbers = try onHost(Dequantize(), tensor(.int8, 3, scale: 0.1, zeroPoint: -3), [0x80, 0, 127], tensor(.float32, 3))
    #expect(numbers == bytes([0.1 * Float(-125), 0.1 * Float(3), 0.1 * Float(130)]))
  }

  @Test func whatCannotBeConvertedIsRefused() {
    func error(_ operation: any HostOperation, _ input: Tensor, _ output: Tensor) -> String {
      let graph = graph(operation, [input], output: output)
      do throws(ModelError) {
        try operation.validateOnHost(graph.nodes[0], in: graph)
        return ""
      } catch { return error.message }
    }
    #expect(error(Quantize(), tensor(.float32, 1), tensor(.int8, 1)).hasPrefix("int8 has no scale"))
    #expect(error(Quantize(), tensor(.float16, 1), tensor(.int8, 1, scale: 1)).hasPrefix("QUANTIZE from float16 to int8 is not supported"))
    #expect(error(Quantize(), tensor(.float32, 2), tensor(.int8, 1, scale: 1)).hasPrefix("output shape is 1, but 2 is computed"))
    #expect(error(Dequantize(), tensor(.float16, 1), tensor(.float32, 1)).hasPrefix("DEQUANTIZE from float16 to float32 is not supported"))
    #expect(error(Dequantize(), tensor(.int8, 1), tensor(.float32, 1)).hasPrefix("int8 has no scale"))
  }
}
