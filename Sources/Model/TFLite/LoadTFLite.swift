/// Loads and validates a model file.
public func loadTFLite(contentsOf path: String) throws(ModelError) -> Graph {
  throw ModelError(.unsupported, "not yet", file: path)
}

/// Loads and validates a model from memory; `name` names the file in errors and the graph.
public func loadTFLite(bytes: [UInt8], name: String) throws(ModelError) -> Graph {
  throw ModelError(.unsupported, "not yet", file: name)
}
