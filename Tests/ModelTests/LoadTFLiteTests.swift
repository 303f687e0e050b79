import Foundation
import Model
import Testing

@Suite struct LoadTFLiteTests {
  func error(_ path: String) -> ModelError? {
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func whatIsNoFileIsUnreadable() {
    #expect(error("/nonexistent/model.tflite")?.category == .unreadable)
    #expect(error("/nonexistent/model.tflite")?.description.hasPrefix("/nonexistent/model.tflite: no such file") == true)
    #expect(error("/tmp")?.message.contains("is a directory") == true)
    #expect(error("/dev/zero")?.message == "is not an ordinary file")
  }

  @Test func graphsAreNamedAfterTheirFiles() throws {
    let bytes = tinyModel()
    #expect(try loadTFLite(bytes: bytes, name: "kws.tflite").name == "kws")
    #expect(try loadTFLite(bytes: bytes, name: "nets/kws/model.tflite").name == "kws")
    #expect(try loadTFLite(bytes: bytes, name: "model.tflite").name == "model")
    #expect(try loadTFLite(bytes: bytes, name: "").name == "model")
  }

  @Test func readingDoesNotValidate() throws {
    let graph = try readTFLite(bytes: tinyModel(code: [0: .int8(13), 3: .int32(13)]), name: "x")
    #expect(graph.nodes[0].operation is UnsupportedOperation)
    #expect(try graph.operatorProblems()[0]?.category == .unsupported)
  }
}
