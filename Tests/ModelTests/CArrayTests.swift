import Foundation
import Testing

@testable import Model

@Suite struct CArrayTests {
  private static let model = "\(Corpus.repository)/Examples/digits_resnet/model.tflite"

  private func read(_ text: String, name: String = "model.cc") throws -> [UInt8] {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return try readModelFile(file.path)
  }

  private func message(_ text: String, name: String = "model.cc") -> String {
    do {
      _ = try read(text, name: name)
      return "read"
    } catch { return (error as? ModelError).map { String($0.reason.prefix { $0 != ";" }) } ?? "\(error)" }
  }

  /// As xxd writes it, and by hand with comments, decimals and other arrays.
  @Test func arraysAreModels() throws {
    let bytes = try readModelFile(Self.model)
    let hexadecimal = bytes.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
    #expect(try read("#include \"model.h\"\nunsigned char model[] = {\n  \(hexadecimal)\n};\nunsigned int model_len = \(bytes.count);\n") == bytes)
    let decimal = bytes.enumerated().map { $0.offset % 3 == 0 ? "\(Int8(bitPattern: $0.element))" : "\($0.element)u" }.joined(separator: ",\n")
    let text = "/* {1, 2} */ // {3}\nconst int sizes[3] = {1, 2, 3}; const char *names[] = {\"a\"};\nalignas(16) const uint8_t g[] DATA = { // bytes\n\(decimal), /* end */ };"
    #expect(try read(text, name: "m.H") == bytes)
    let graph = try loadModel(try read(text), name: "m.cc")
    #expect(graph.nodes.count > 3)
  }

  @Test func sourcesWithoutAModelAreRefused() throws {
    let none = "holds no array of bytes that is a model"
    #expect(message("int main(void) { return 0; }") == none && message("") == none && message("char a[] = {0x1c, 0x00}") == none)
    #expect(message("char a[] = {300, 1};") == none && message("{{{{0x1}") == none && message("/* {") == none)
    let list = try readModelFile(Self.model).map(String.init).joined(separator: ",")
    let other = list.split(separator: ",").dropLast().joined(separator: ",")
    #expect(message("char a[] = {\(list)}; char b[] = {\(other)};") == "holds 2 models")
    #expect(message("char a[] = {\(list)}; char b[] = {\(list)};") == "read")
  }

  @Test func aPointerIsNamed() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    #expect(message(pointer, name: "model.tflite") == "is a Git LFS pointer and not the model")
  }
}
