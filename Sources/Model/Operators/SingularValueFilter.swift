// SVDF: a layer whose weights over features and over time are separate.
//
// Each of F filters makes a feature of the present input, x_f = clamp16(MBQM(Σ w_f·(x − zx), sx·sw/ss)), and keeps the last T of them; R filters
// are a unit, whose output is a sum over time and over its filters (`StateSum`). The state [1, F·T] is int16 with zero point 0. Source: SVDF on
// int8 of TensorFlow Lite Micro, which knows no other activation than its output's range.

/// A filter with state: input [1, C] of int8, weights [F, C] of int8, weights over time [F, T] of int16, perhaps a bias [F/R] of int32, state
/// [1, F·T] of int16; output [1, F/R] of int8, next state.
public struct SingularValueFilter: StatefulOperation, CompositeOperation {
  public var name: String { "SVDF" }
  public static let statePositions = [4]
  /// Filters of a unit, at least 1.
  public var rank: Int
  public var activation: Activation
  public var isResolved = false

  public init(rank: Int, activation: Activation = .none) { (self.rank, self.activation) = (rank, activation) }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    [1, 2].reduce(0) { $0 &+ (graph.shape(node.input($1), rank: 2).map(product) ?? 0) }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(.unsupported, "SVDF is not supported")
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? { nil }
}
