// ONNX's format of model files.
//
// A file has no mark of its own: it is a message of protocol buffers. One begins with the version of the format, a small number in
// field 1, and goes on with another field of a model.

/// The format of ONNX.
public struct ONNX: ModelFormat {
  public init() {}
  public var name: String { "ONNX" }
  public var fileExtension: String { "onnx" }

  public func recognizes(_ bytes: [UInt8]) -> Bool {
    // ir_version; then producer_name, producer_version, domain, model_version, doc_string, graph or opset_import.
    bytes.count > 3 && bytes[0] == 0x08 && (3...15).contains(bytes[1]) && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2])
  }

  public func read(_ bytes: [UInt8], name: String) throws(ModelError) -> Graph {
    var importer = try ONNXImporter(try ONNXFile(bytes), name: name)
    return importer.graph()
  }
}
