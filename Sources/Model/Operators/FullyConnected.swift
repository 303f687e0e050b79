/// FULLY_CONNECTED.
public struct FullyConnected: Operation {
  public var name: String { "FULLY_CONNECTED" }
  public var activation: Activation
  public var keepDimensions: Bool

  public init(activation: Activation, keepDimensions: Bool) {
    self.activation = activation
    self.keepDimensions = keepDimensions
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
