import Foundation
import Model
import Testing

@Suite struct UnsupportedReasonTests {
  private func message(_ name: String) -> String {
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: Corpus.fixture("way_out/\(name).tflite"))
      return "accepted"
    } catch { return error.message }
  }

  /// What once had to be converted otherwise is taken as it is.
  @Test func whatThereIsAWayForIsAccepted() {
    for name in ["dynamic_batch", "float_io", "mean_axis1_rank3", "conv1d_gap"] { #expect(message(name) == "accepted", "\(name)") }
  }

  /// What the interpreters make of a network whose batch is computed; it has no operator in which they differ.
  @Test func aComputedBatchIsOne() throws {
    func bytes(_ suffix: String) throws -> [UInt8] {
      [UInt8](try #require(FileManager.default.contents(atPath: Corpus.fixture("way_out/dynamic_batch.\(suffix)"))))
    }
    let graph = try loadTFLite(contentsOf: Corpus.fixture("way_out/dynamic_batch.tflite"))
    let result = try GoldenModel(graph).run(inputs: [bytes("in.bin")])[graph.outputs[0]]
    #expect(try result == bytes("tflm_out.bin") && graph.exceptions.isEmpty)
  }

  @Test func oneProblemIsSaidWithItsPlace() {
    func refused(_ name: String, _ input: Tensor, _ output: Tensor) -> String {
      validationError(graph(UnsupportedOperation(name: name), [input], output: output)).message
    }
    let float = Tensor(name: "f", shape: [4], type: .float32), bytes = Tensor(name: "u", shape: [4], type: .uint8)
    #expect(refused("QUANTIZE", float, activation([4]))
      == "a part of the network is float32 (operator 0 QUANTIZE); quantize the whole model to int8")
    #expect(refused("QUANTIZE", bytes, activation([4])).hasPrefix("a part of the network is uint8 "))
    #expect(refused("DEQUANTIZE", activation([4]), float).hasPrefix("a part of the network is float32 "))
    // QUANTIZE is supported between int8 tensors, and inside of a network otherwise refused with the same words.
    let quantize = graph(Quantize(), [float], output: activation([4]))
    #expect(validationError(quantize).message == refused("QUANTIZE", float, activation([4])))
    // So are moves of shapes.
    let size = Tensor(name: "i", shape: [], type: .int32)
    let pack = graph(Pack(axis: 0), [size, integers([], [2])], output: Tensor(name: "s", shape: [2], type: .int32))
    #expect(validationError(pack).message.hasPrefix("a shape is computed while the network runs (operator 0 PACK)"))
    #expect(refused("custom operator 'ethos-u'", activation([4]), activation([4])).contains("compiled by Vela"))
    #expect(refused("GELU", activation([4]), activation([4])) == "GELU is not supported (operator 0 GELU)")
  }
}
