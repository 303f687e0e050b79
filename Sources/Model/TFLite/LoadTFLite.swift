// From a .tflite file to a validated graph.
//
// `loadTFLite` is what tools call: it reads, checks and either returns a graph that can
// be executed and mapped, or throws one error that names the file. `readTFLite` stops
// before the operators are validated, so that an inspector can show a network with
// parts that are not supported.

import Foundation

/// Loads and validates the model at `path`.
///
/// - Returns: a graph that has passed `Graph.validate()`.
/// - Throws: `ModelError` with the path as its file.
public func loadTFLite(contentsOf path: String, reference: ReferenceInterpreter = .tflm) throws(ModelError) -> Graph {
  try loadTFLite(bytes: try readModelFile(path), name: path, reference: reference)
}

/// Loads and validates a model from memory.
///
/// - Parameters:
///   - bytes: the whole file.
///   - name: what errors call the file; the graph is named after its last component without extension, or after
///     the directory where that is `model`.
///   - reference: the interpreter whose results are the right ones where interpreters differ.
/// - Throws: `ModelError` with `name` as its file.
public func loadTFLite(
  bytes: [UInt8], name: String, reference: ReferenceInterpreter = .tflm
) throws(ModelError) -> Graph {
  var graph = try readTFLite(bytes: bytes, name: name)
  graph.reference = reference
  do throws(ModelError) {
    try graph.validate()
  } catch {
    throw error.located(in: name)
  }
  return graph
}

/// Reads the model at `path` without validating it. The graph may be shown but not run.
public func readTFLite(contentsOf path: String) throws(ModelError) -> Graph {
  try readTFLite(bytes: try readModelFile(path), name: path)
}

/// Reads a model from memory without validating it. The graph may be shown but not run.
///
/// What the file holds beyond a graph is in its `problems`, so that the rest can be shown all the same.
public func readTFLite(bytes: [UInt8], name: String) throws(ModelError) -> Graph {
  do throws(ModelError) {
    var reader = TFLiteReader(bytes)
    return try reader.graph(named: graphName(ofFile: name))
  } catch {
    throw error.located(in: name)
  }
}

/// The largest model file that is read, in bytes.
package let largestModelFile = 256 << 20

/// `models/kws.tflite` → `kws`, `kws/model.tflite` → `kws`; never empty.
private func graphName(ofFile path: String) -> String {
  let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
  var stem = parts.last ?? ""
  if stem.hasSuffix(".tflite") { stem = String(stem.dropLast(7)) }
  if stem == "model", parts.count > 1 { stem = parts[parts.count - 2] }
  return stem.isEmpty ? "model" : cleanedText(stem, limit: 200)
}

/// The bytes of an ordinary file of at most `largestModelFile` bytes.
package func readModelFile(_ path: String) throws(ModelError) -> [UInt8] {
  try readFile(path, limit: largestModelFile)
}

/// The bytes of an ordinary file of at most `limit` bytes. Directories, devices and pipes are refused.
package func readFile(_ path: String, limit: Int) throws(ModelError) -> [UInt8] {
  let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
    throw ModelError(.unreadable, "no such file; check the path", file: path)
  }
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    let isDirectory = attributes[.type] as? FileAttributeType == .typeDirectory
    throw ModelError(
      .unreadable, isDirectory ? "is a directory; name a file in it" : "is not an ordinary file", file: path)
  }
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  guard size <= limit else {
    throw ModelError(.resourceLimit, "is \(size) bytes long, the limit is \(limit) bytes", file: path)
  }
  guard let data = FileManager.default.contents(atPath: resolved) else {
    throw ModelError(.unreadable, "cannot be read; check its permissions", file: path)
  }
  return [UInt8](data)
}
