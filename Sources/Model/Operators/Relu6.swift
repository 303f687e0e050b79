/// RELU6.
public struct Relu6: Operation {
  public var name: String { "RELU6" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
