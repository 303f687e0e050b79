/// RESHAPE, EXPAND_DIMS and SQUEEZE: the same bytes with another shape.
public struct Reshape: Operation {
  /// `RESHAPE`, `EXPAND_DIMS` or `SQUEEZE`.
  public var name: String

  public init(name: String = "RESHAPE") {
    self.name = name
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
