// The formats of model files, and the one door through which models come in.
//
// A format is a type and an element of `modelFormats`. Every command loads models with `loadModel`. A bundle keeps its model
// under the name of the first format.

/// A format of model files.
public protocol ModelFormat: Sendable {
  /// What people call it.
  var name: String { get }
  /// What the names of its files end with, without the point.
  var fileExtension: String { get }
  /// Whether a file says of itself that it has this format.
  func recognizes(_ bytes: [UInt8]) -> Bool
  /// Reads a file without validating the graph.
  ///
  /// What is well formed and not supported is in the graph's `problems`, so that the rest can be shown all the same.
  /// - Parameter name: of the graph.
  func read(_ bytes: [UInt8], name: String) throws(ModelError) -> Graph
}

/// All formats that are read.
public let modelFormats: [any ModelFormat] = [TFLite(), ONNX()]

extension ModelFormat {
  /// The name of the only model in a directory, a bundle for example.
  public var fileName: String { "model." + fileExtension }
}

/// The format of a file: the one that it says of itself, else the one that its name says.
/// - Throws: `ModelError` when it is in none.
public func modelFormat(of bytes: [UInt8], name: String) throws(ModelError) -> any ModelFormat {
  if let format = modelFormats.first(where: { $0.recognizes(bytes) }) ?? modelFormats.first(where: { name.hasSuffix("." + $0.fileExtension) }) {
    return format
  }
  let known = modelFormats.map { "\($0.name) (.\($0.fileExtension))" }.joined(separator: ", ")
  throw ModelError(.malformed, "is no model in a format that is read here: \(known)", file: name)
}

/// Reads a model without validating it. The graph may be shown but not run.
/// - Parameter name: what errors call the file; the graph is named after it, see `loadModel`.
public func readModel(_ bytes: [UInt8], name: String) throws(ModelError) -> Graph {
  try modelFormat(of: bytes, name: name).read(bytes, from: name)
}

/// The same of a file.
public func readModel(contentsOf path: String) throws(ModelError) -> Graph { try readModel(try readModelFile(path), name: path) }

/// Loads and validates a model of any format.
///
/// - Parameters:
///   - bytes: the whole file.
///   - name: what errors call the file; the graph is named after its last component without extension, or after
///     the directory where that is `model`.
///   - reference: the interpreter whose results are the right ones where interpreters differ.
///   - rounding: how a network is rounded whose format asks for ONNX Runtime's rule.
/// - Returns: a graph that has passed `Graph.validate()`.
/// - Throws: `ModelError` with `name` as its file.
public func loadModel(
  _ bytes: [UInt8], name: String, reference: ReferenceInterpreter = .tflm, rounding: Rounding = .exact
) throws(ModelError) -> Graph {
  try modelFormat(of: bytes, name: name).load(bytes, from: name, reference: reference, rounding: rounding)
}

/// The same of a file.
public func loadModel(
  contentsOf path: String, reference: ReferenceInterpreter = .tflm, rounding: Rounding = .exact
) throws(ModelError) -> Graph {
  try loadModel(try readModelFile(path), name: path, reference: reference, rounding: rounding)
}

extension ModelFormat {
  /// Reads a file; errors and graph are named after it.
  func read(_ bytes: [UInt8], from file: String) throws(ModelError) -> Graph {
    do throws(ModelError) {
      return try read(bytes, name: graphName(ofFile: file))
    } catch {
      throw error.located(in: file)
    }
  }

  /// Reads and validates a file.
  func load(
    _ bytes: [UInt8], from file: String, reference: ReferenceInterpreter, rounding: Rounding = .exact
  ) throws(ModelError) -> Graph {
    var graph = try read(bytes, from: file)
    graph.reference = reference
    if graph.rounding == .exact { graph.rounding = rounding }
    do throws(ModelError) {
      try graph.validate()
    } catch {
      throw error.located(in: file)
    }
    return graph
  }
}

/// `models/kws.tflite` → `kws`, `kws/model.tflite` → `kws`; never empty.
private func graphName(ofFile path: String) -> String {
  let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
  var stem = parts.last ?? ""
  for end in modelFormats.map({ "." + $0.fileExtension }) where stem.hasSuffix(end) {
    stem = String(stem.dropLast(end.count))
    break
  }
  if stem == "model", parts.count > 1 { stem = parts[parts.count - 2] }
  return stem.isEmpty ? "model" : cleanedText(stem, limit: 200)
}
