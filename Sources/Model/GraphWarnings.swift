// What is odd about a network without being wrong.
//
// A warning never stops anything: the network is computed as the reference does. It says what a person would want to
// look at, one line each.

extension Graph {
  /// The warnings about a graph that has passed `validate()`, in the order of its operators.
  public var warnings: [String] {
    nodes.compactMap { ($0.operation as? any Accumulating)?.biasWarning($0, in: self) }
  }
}
