// MAX_POOL_2D: the maximum of a window, per channel. Padding does not take part.

/// A maximum pool.
public struct MaxPool2D: Pooling {
  public var name: String { "MAX_POOL_2D" }
  public var filterHeight: Int
  public var filterWidth: Int
  public var window: Window2D
  public var activation: Activation

  public init(filterHeight: Int, filterWidth: Int, window: Window2D, activation: Activation) {
    (self.filterHeight, self.filterWidth, self.window, self.activation) = (filterHeight, filterWidth, window, activation)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    if graph.isInt16(node) {
      evaluate(node, in: graph, on: &store, as: Int16.self)
    } else {
      evaluate(node, in: graph, on: &store, as: Int8.self)
    }
  }

  private func evaluate<Element: SummedElement>(_ node: Node, in graph: Graph, on store: inout TensorStore, as type: Element.Type) {
    let limits = activation.limits(of: graph.tensors[node.outputs[0]])
    evaluatePool(node, in: graph, on: &store, initial: Int32(truncatingIfNeeded: Element.min), combine: { max($0, $1) }) { value, _ in
      Element(truncatingIfNeeded: min(max(value, limits.lowerBound), limits.upperBound))
    }
  }
}
