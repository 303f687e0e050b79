// The container of ONNX: from protocol buffers to nodes, constants and the types of values.
//
// A model holds the versions of the operator sets that it uses and one graph; nodes refer to values by name. This file maps the
// messages and checks what only makes sense while the file is at hand: versions, counts, names that are given twice, the bytes
// of constants. What the operators mean is in `ONNXOperators.swift`.

import SwiftProtobuf

/// A model file of ONNX, read and checked, not yet understood.
package struct ONNXFile: Sendable {
  /// The version of the operator set by domain; the default domain's name is empty.
  package private(set) var operatorSets: [String: Int] = [:]
  package private(set) var nodes: [ONNXNode] = []
  /// Constants by name, as tensors in the order of the file.
  package private(set) var constants: [String: Tensor] = [:]
  /// What the user supplies and wants, in the order of the file. Constants that are listed among the inputs are not.
  package private(set) var inputs: [ONNXValue] = [], outputs: [ONNXValue] = []
  /// What is well formed and not supported.
  package private(set) var problems: [ModelError] = []

  /// The most nodes, constants or values that are read.
  package static let largestCount = 65_536
  /// The operator sets of the default domain that are known.
  package static let knownOperatorSets = 10...21

  /// - Throws: `ModelError` when the bytes are no model, or one that makes no sense.
  package init(_ bytes: [UInt8]) throws(ModelError) {
    let model = try Self.decoded(bytes)
    for set in model.opsetImport { operatorSets[Self.domain(set.domain)] = Int(truncatingIfNeeded: set.version) }
    if let version = operatorSets[""], !Self.knownOperatorSets.contains(version) {
      problems.append(
        ModelError(
          .unsupported, "ONNX operator set \(version) is not supported, only \(Self.knownOperatorSets.lowerBound) to "
            + "\(Self.knownOperatorSets.upperBound); convert the model with one of these"))
    }
    let graph = model.graph
    for (count, what) in [
      (graph.node.count, "nodes"), (graph.initializer.count, "constants"), (graph.input.count, "inputs"), (graph.output.count, "outputs"),
    ] where count > Self.largestCount {
      throw ModelError(.resourceLimit, "\(count) \(what), the limit is \(Self.largestCount)")
    }
    if !graph.sparseInitializer.isEmpty {
      problems.append(ModelError(.unsupported, "sparse constants are not supported; store them densely"))
    }
    for message in graph.initializer {
      let tensor = try Tensor(message)
      guard constants.updateValue(tensor, forKey: message.name) == nil else {
        throw ModelError(.invalidGraph, "there are two constants named '\(cleanedText(message.name, limit: 80))'")
      }
      if tensor.constant == nil {
        problems.append(
          ModelError(
            .unsupported, "constant '\(tensor.name)' lies in another file, which is not supported; save the model with all data inside"))
      }
    }
    nodes = graph.node.enumerated().map { ONNXNode($1, index: $0) }
    inputs = try graph.input.filter { constants[$0.name] == nil }.map { message throws(ModelError) in try ONNXValue(message) }
    outputs = try graph.output.map { message throws(ModelError) in try ONNXValue(message) }
  }

  /// `ai.onnx` is another name of the default domain.
  static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }

  private static func decoded(_ bytes: [UInt8]) throws(ModelError) -> Onnx_ModelProto {
    if bytes.isEmpty { throw ModelError(.malformed, "the file is empty (0 bytes), not an ONNX model") }
    guard let model = try? Onnx_ModelProto(serializedBytes: bytes) else {
      throw ModelError(.malformed, "is no well-formed ONNX model (a protocol buffer message is damaged or cut off)")
    }
    guard model.hasGraph else { throw ModelError(.malformed, "is no ONNX model, or one without a graph") }
    return model
  }
}

/// A graph's input or output.
package struct ONNXValue: Sendable {
  package var name: String
  package var type: ElementType
  /// Sizes, outermost first; −1 where the file leaves one open.
  package var shape: [Int]

  fileprivate init(_ message: Onnx_ValueInfoProto) throws(ModelError) {
    name = message.name
    let code = message.type.tensorType.elemType
    guard let type = ElementType(onnx: code) else {
      throw ModelError(.malformed, "unknown element type \(code) (value '\(cleanedText(message.name, limit: 80))')")
    }
    self.type = type
    shape = message.type.tensorType.shape.dim.map { if case .dimValue(let size) = $0.value { Int(truncatingIfNeeded: size) } else { -1 } }
    if shape.count > Graph.largestRank {
      throw ModelError(.invalidShape, "rank \(shape.count), the largest possible is \(Graph.largestRank) (value '\(cleanedText(name, limit: 80))')")
    }
    // A batch that is left open is one.
    if shape.first == -1 { shape[0] = 1 }
  }
}
