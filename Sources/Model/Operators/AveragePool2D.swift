// AVERAGE_POOL_2D: the mean of a window, per channel.
//
// The sum of the stored values inside the image is divided by their number n, rounded
// half away from zero: (a + n/2)/n, or (a − n/2)/n for a ≤ 0, both toward zero. Padding
// counts neither in the sum nor in n. There is no rescaling.

/// An average pool.
public struct AveragePool2D: Pooling {
  public var name: String { "AVERAGE_POOL_2D" }
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
    evaluatePool(node, in: graph, on: &store, initial: 0, combine: { $0 &+ $1 }) { sum, count in
      Int8(truncatingIfNeeded: min(max(Self.average(sum, count), limits.lowerBound), limits.upperBound))
    }
  }

  /// `sum / count`, halves away from zero. `count` is at least 1.
  public static func average(_ sum: Int32, _ count: Int32) -> Int32 {
    (sum > 0 ? sum &+ count / 2 : sum &- count / 2) / max(count, 1)
  }
}
