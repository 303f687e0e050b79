/// RELU.
public struct Relu: Operation {
  public var name: String { "RELU" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
