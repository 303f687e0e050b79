/// ADD.
public struct Addition: Operation {
  public var name: String { "ADD" }
  public var activation: Activation

  public init(activation: Activation) {
    self.activation = activation
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
