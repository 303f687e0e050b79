/// PAD.
public struct Pad: Operation {
  public var name: String { "PAD" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
