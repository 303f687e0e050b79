// MAX_POOL_2D: the maximum of a window, per channel. Padding does not take part.

/// A maximum pool.
public struct MaxPool2D: Pooling {
  public var name: String { "MAX_POOL_2D" }
  /// Rows and columns of the window, at least 1.
  public var filterHeight: Int
  public var filterWidth: Int
  /// Rows and columns between windows, at least 1.
  public var strideHeight: Int
  public var strideWidth: Int
  public var padding: Padding
  public var activation: Activation

  public init(
    filterHeight: Int, filterWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1, padding: Padding = .valid,
    activation: Activation = .none
  ) {
    self.filterHeight = filterHeight
    self.filterWidth = filterWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.padding = padding
    self.activation = activation
  }

  /// How the window slides over rows and columns of a validated `node`.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D { poolGeometry(node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try validatePool(node, in: graph) }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let limits = activation.limits(of: graph.tensors[node.outputs[0]])
    evaluatePool(node, in: graph, on: &store, initial: -128, combine: { max($0, $1) }) { value, _ in
      Int8(truncatingIfNeeded: min(max(value, limits.lowerBound), limits.upperBound))
    }
  }
}
