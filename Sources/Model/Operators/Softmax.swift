/// SOFTMAX.
public struct Softmax: Operation {
  public var name: String { "SOFTMAX" }
  public var beta: Float

  public init(beta: Float) {
    self.beta = beta
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
