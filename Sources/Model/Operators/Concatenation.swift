// CONCATENATION, known well enough to say what is wrong with one, not supported yet.

/// CONCATENATION along `axis`. Its options are checked, then it is refused.
public struct Concatenation: Operation {
  public var name: String { "CONCATENATION" }
  /// The dimension that grows; negative counts from the last.
  public var axis: Int
  public var activation: Activation

  public init(axis: Int, activation: Activation = .none) {
    self.axis = axis
    self.activation = activation
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    if let tensor = node.outputs.first, graph.tensors.indices.contains(tensor) {
      let rank = graph.tensors[tensor].shape.count
      try check.require(
        axis >= -rank && axis < rank, .invalidGraph, "CONCATENATION axis \(axis) is out of range for rank \(rank)",
        tensor: tensor)
    }
    throw check.error(.unsupported, "CONCATENATION is not supported")
  }

  /// Does nothing: validation refuses the node.
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
