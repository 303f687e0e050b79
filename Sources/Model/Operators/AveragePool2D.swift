// AVERAGE_POOL_2D: the mean of a window, per channel.
//
// The sum of the stored values inside the image is divided by their number n, rounded
// half away from zero: (a + n/2)/n, or (a − n/2)/n for a ≤ 0, both toward zero. Padding
// counts neither in the sum nor in n. There is no rescaling. On uint8 the sum is never negative,
// so that all halves are rounded up; in int8 that is the floor of (a + n/2)/n.

/// An average pool.
public struct AveragePool2D: Pooling {
  public var name: String { "AVERAGE_POOL_2D" }
  public var filterHeight: Int
  public var filterWidth: Int
  public var window: Window2D
  public var activation: Activation
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  public var isUnsigned = false

  public init(filterHeight: Int, filterWidth: Int, window: Window2D, activation: Activation) {
    (self.filterHeight, self.filterWidth, self.window, self.activation) = (filterHeight, filterWidth, window, activation)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let limits = activation.limits(of: graph.tensors[node.outputs[0]])
    evaluatePool(node, in: graph, on: &store, initial: 0, combine: { $0 &+ $1 }) { sum, count -> Int8 in
      let average = isUnsigned ? Self.unsignedAverage(sum, count) : Self.average(sum, count)
      return Int8(truncatingIfNeeded: min(max(average, limits.lowerBound), limits.upperBound))
    }
  }

  /// `sum / count`, halves away from zero. `count` is at least 1.
  public static func average(_ sum: Int32, _ count: Int32) -> Int32 {
    (sum > 0 ? sum &+ count / 2 : sum &- count / 2) / max(count, 1)
  }

  /// `sum / count` of `count` bytes that are 128 less than those of uint8, halves up. `count` is at least 1.
  public static func unsignedAverage(_ sum: Int32, _ count: Int32) -> Int32 {
    (sum &+ 128 &* count &+ count / 2) / max(count, 1) &- 128
  }
}
