import Model
import Testing

/// The door: bytes decide, then the name; what is neither is told what there is.
@Suite struct ModelFormatTests {
  private func error(_ bytes: [UInt8], _ name: String) -> ModelError? {
    do throws(ModelError) {
      _ = try loadModel(bytes, name: name)
      return nil
    } catch {
      return error
    }
  }

  @Test func aModelIsKnownByItsBytes() throws {
    for name in ["x.tflite", "x.bin", "x"] { #expect(try loadModel(tinyModel(), name: name).nodes.count == 1) }
    #expect(try modelFormat(of: tinyModel(), name: "x.onnx").name == "TFLite")
    #expect(try loadModel(tinyModel(), name: "nets/kws/model.tflite", reference: .litert).reference == .litert)
  }

  @Test func aDamagedModelIsKnownByItsName() {
    #expect(error([1, 2, 3], "x.tflite")?.description == "x.tflite: the file is only 3 bytes long, not a TFLite model")
    #expect(
      error([1, 2, 3], "x.onnx")?.description
        == "x.onnx: is no well-formed ONNX model (a protocol buffer message is damaged or cut off)")
  }

  @Test func anUnknownFileIsToldTheFormats() {
    #expect(error([1, 2, 3], "x.net")?.description == "x.net: is no model in a format that is read here: TFLite (.tflite), ONNX (.onnx)")
    #expect(error([], "x")?.category == .malformed)
  }

  @Test func whatIsReadIsNotValidated() throws {
    let graph = try readModel(tinyModel(code: [0: .int8(13), 3: .int32(13)]), name: "x.tflite")
    #expect(graph.nodes[0].operation is UnsupportedOperation)
  }

  /// A bundle and a directory of vectors hold a model under this name.
  @Test func formatsHaveTheirOwnNames() {
    #expect(modelFormats.map(\.fileName) == ["model.tflite", "model.onnx"])
    #expect(Set(modelFormats.map(\.fileExtension)).count == modelFormats.count)
  }
}
