// RELU6 on its own: rescale, then clamp between zero and six. See RELU.

/// A rectifier with an upper limit of 6.
public struct Relu6: Operation {
  public var name: String { "RELU6" }

  public init() {}

  /// The outputs of a validated `node` for the stored inputs −128...127.
  public func table(_ node: Node, in graph: Graph) -> [Int8] { rectifierTable(.relu6, node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try validateRectifier(node, in: graph) }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    evaluateTable(table(node, in: graph), node, in: graph, on: &store)
  }
}
