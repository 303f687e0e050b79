/// MAX_POOL_2D.
public struct MaxPool2D: Operation {
  public var name: String { "MAX_POOL_2D" }
  public var filterHeight: Int
  public var filterWidth: Int
  public var strideHeight: Int
  public var strideWidth: Int
  public var padding: Padding
  public var activation: Activation

  public init(filterHeight: Int, filterWidth: Int, strideHeight: Int, strideWidth: Int, padding: Padding, activation: Activation) {
    self.filterHeight = filterHeight
    self.filterWidth = filterWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padding = padding
    self.activation = activation
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
