// RELU6 on its own: rescale, then clamp between zero and six. See RELU.

/// A rectifier with an upper limit of 6.
public struct Relu6: TableOperation {
  public var name: String { "RELU6" }

  public init() {}

  public func table(_ node: Node, in graph: Graph) -> [Int8] { rectifierTable(.relu6, node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try validateRectifier(node, in: graph) }
}
