// One node of an ONNX file: an operator's name, the names of what it reads and writes, and its attributes.

/// A node.
package struct ONNXNode: Sendable {
  /// Its position in the file.
  package var index: Int
  /// The operator's name, `Conv`, behind its domain if that is not the default one: `com.microsoft.QGemm`.
  package var name: String
  /// Names of values; empty where an optional one is absent.
  package var inputs: [String], outputs: [String]
  private var attributes: [String: Onnx_AttributeProto]

  init(_ message: Onnx_NodeProto, index: Int) {
    self.index = index
    let domain = ONNXFile.domain(message.domain)
    name = cleanedText(domain.isEmpty ? message.opType : domain + "." + message.opType, limit: 120)
    (inputs, outputs) = (message.input, message.output)
    attributes = Dictionary(message.attribute.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The name of input `position`; nil when it is absent.
  package func input(_ position: Int) -> String? {
    guard inputs.indices.contains(position), !inputs[position].isEmpty else { return nil }
    return inputs[position]
  }

  /// How messages name the node: `node 3 Conv`.
  package var place: String { "node \(index) \(name)" }

  // MARK: Attributes

  package func integer(_ name: String, default value: Int) -> Int { attributes[name].map { Int(truncatingIfNeeded: $0.i) } ?? value }
  package func real(_ name: String, default value: Float) -> Float { attributes[name]?.f ?? value }
  package func integers(_ name: String) -> [Int]? { attributes[name].map { $0.ints.map { Int(truncatingIfNeeded: $0) } } }
  package func text(_ name: String, default value: String) -> String {
    attributes[name].map { cleanedText(String(decoding: $0.s.prefix(80), as: UTF8.self)) } ?? value
  }
  /// A tensor; nil when there is none.
  package func tensor(_ name: String) throws(ModelError) -> Tensor? {
    guard let message = attributes[name], message.hasT else { return nil }
    return try Tensor(message.t)
  }
}
