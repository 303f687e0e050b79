// TensorFlow Lite's format of model files.
//
// Tools load models by `loadModel`, whatever their format; the functions here are for those that mean this one.

/// The format of TensorFlow Lite.
public struct TFLite: ModelFormat {
  public init() {}
  public var name: String { "TFLite" }
  public var fileExtension: String { "tflite" }

  public func recognizes(_ bytes: [UInt8]) -> Bool { FlatBuffer(bytes).identifier == Array("TFL3".utf8) }

  public func read(_ bytes: [UInt8], name: String) throws(ModelError) -> Graph {
    var reader = TFLiteReader(bytes)
    return try reader.graph(named: name)
  }
}

/// Loads and validates the model at `path`; see `loadModel`.
public func loadTFLite(contentsOf path: String, reference: ReferenceInterpreter = .tflm) throws(ModelError) -> Graph {
  try loadTFLite(bytes: try readModelFile(path), name: path, reference: reference)
}

/// Loads and validates a model from memory; see `loadModel`.
public func loadTFLite(
  bytes: [UInt8], name: String, reference: ReferenceInterpreter = .tflm
) throws(ModelError) -> Graph {
  try TFLite().load(bytes, from: name, reference: reference)
}

/// Reads a model from memory without validating it. The graph may be shown but not run.
public func readTFLite(bytes: [UInt8], name: String) throws(ModelError) -> Graph { try TFLite().read(bytes, from: name) }
