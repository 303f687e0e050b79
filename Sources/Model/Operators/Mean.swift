/// MEAN.
public struct Mean: Operation {
  public var name: String { "MEAN" }
  public var keepDimensions: Bool

  public init(keepDimensions: Bool) {
    self.keepDimensions = keepDimensions
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
