// An operator that is known by name and refused by name.

/// An operator of the file that this module cannot run; validation always fails with `reason`.
public struct UnsupportedOperation: Operation {
  /// The TFLite name, or the quoted name of a custom operator.
  public var name: String
  /// The error that validation throws, before the place is added.
  public var reason: String
  /// The category of that error.
  public var category: ModelError.Category

  public init(name: String, reason: String? = nil, category: ModelError.Category = .unsupported) {
    self.name = name
    self.reason = reason ?? "\(name) is not supported"
    self.category = category
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireKnownWayOut()
    throw check.error(category, reason)
  }

  /// Does nothing: validation refuses the node.
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
