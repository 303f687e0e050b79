import Model
import Testing

@Suite struct UnsupportedReasonTests {
  private func message(_ name: String) -> String {
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: Corpus.fixture("way_out/\(name).tflite"))
      return "accepted"
    } catch { return error.message }
  }

  /// All kinds at once, with counts, each with what to change.
  @Test func everyKindIsNamedWithItsWayOut() {
    let shapes = "SHAPE ×1: the batch is dynamic, convert with a fixed batch of 1; STRIDED_SLICE ×1: a shape is computed while the network "
      + "runs, convert with a fixed batch of 1; PACK ×1: a shape is computed while the network runs, convert with a fixed batch of 1; RESHAPE ×1: "
    let dynamic = message("dynamic_batch")
    #expect(dynamic.hasPrefix("4 of 7 operators cannot be compiled: " + shapes), "\(dynamic)")
    let float = message("float_io")
    #expect(float.hasPrefix(
      "6 of 8 operators cannot be compiled: QUANTIZE ×1: the input is float32, convert with inference_input_type=tf.int8; " + shapes), "\(float)")
    #expect(float.contains("DEQUANTIZE ×1: the output is float32, convert with inference_output_type=tf.int8"), "\(float)")
    #expect(!float.contains { $0.isNewline })
    #expect(message("mean_axis1_rank3").hasSuffix("can keep a height of 1 (GlobalAveragePooling2D)"))
  }

  @Test func oneProblemIsSaidWithItsPlace() {
    func refused(_ name: String, _ input: Tensor, _ output: Tensor) -> String {
      validationError(graph(UnsupportedOperation(name: name), [input], output: output)).message
    }
    let float = Tensor(name: "f", shape: [4], type: .float32), bytes = Tensor(name: "u", shape: [4], type: .uint8)
    #expect(refused("QUANTIZE", float, activation([4]))
      == "the input is float32 (operator 0 QUANTIZE); convert with inference_input_type=tf.int8")
    #expect(refused("QUANTIZE", bytes, activation([4])).hasPrefix("the input is uint8 "))
    #expect(refused("QUANTIZE", activation([4]), bytes)
      == "the output is uint8 (operator 0 QUANTIZE); convert with inference_output_type=tf.int8")
    #expect(refused("DEQUANTIZE", activation([4]), float).hasPrefix("the output is float32 "))
    // QUANTIZE is supported between int8 tensors, and otherwise refused with the same words.
    let quantize = graph(UnaryFunction("QUANTIZE"), [float], output: activation([4]))
    #expect(validationError(quantize).message == refused("QUANTIZE", float, activation([4])))
    // So are moves of shapes.
    let size = Tensor(name: "i", shape: [], type: .int32)
    let pack = graph(Pack(axis: 0), [size, integers([], [2])], output: Tensor(name: "s", shape: [2], type: .int32))
    #expect(validationError(pack).message.hasPrefix("a shape is computed while the network runs (operator 0 PACK)"))
    #expect(refused("VAR_HANDLE", float, float).hasPrefix("the network keeps state between inferences "))
    #expect(refused("custom operator 'ethos-u'", activation([4]), activation([4])).contains("compiled by Vela"))
    #expect(refused("GELU", activation([4]), activation([4])) == "GELU is not supported (operator 0 GELU)")
  }
}
