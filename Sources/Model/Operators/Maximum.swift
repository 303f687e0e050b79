// MAXIMUM and MINIMUM: the greater or the less of two bytes.
//
// All three tensors have one quantization, so stored bytes are compared as they are. With a constant of one element it is a
// limit. Else it is two additions, both exact: a difference between bytes that counts only where it is positive, and which
// fits a byte from −128 up, and its sum with or its difference from the second operand:
//
//   max(a, b) = b + max(a − b, 0),   min(a, b) = b − max(b − a, 0)

/// An elementwise maximum or minimum of two tensors, one of which may be a constant.
public struct Maximum: CompositeOperation {
  public var name: String { isMinimum ? "MINIMUM" : "MAXIMUM" }
  /// Whether it is the less of the two.
  public var isMinimum: Bool

  public init(isMinimum: Bool = false) {
    self.isMinimum = isMinimum
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireElementwiseOperands()
    for input in node.inputs { try check.requireSameQuantization(input, node.outputs[0]) }
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    elementwise(node, in: graph, on: &store) { first, second in
      let (a, b) = (Int8(truncatingIfNeeded: first), Int8(truncatingIfNeeded: second))
      return isMinimum ? min(a, b) : max(a, b)
    }
  }

  /// The constant operand of a validated `node` if it has one element only.
  public func limit(_ node: Node, in graph: Graph) -> Int8? {
    node.inputs.map { graph.tensors[$0] }.first { $0.isConstant && $0.elementCount == 1 }?.int8Values().first
  }

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    if limit(node, in: graph) != nil { return nil }
    let (a, b, output) = (node.inputs[0], node.inputs[1], node.outputs[0])
    let quantization = Quantization(scale: graph.tensors[output].scale, zeroPoint: -128)
    let excess = graph.addTensor(like: output, "excess", quantization)
    return [
      Node(
        index: node.index, operation: Addition(isSubtraction: true), inputs: isMinimum ? [b, a] : [a, b], outputs: [excess]),
      Node(index: node.index, operation: Addition(isSubtraction: isMinimum), inputs: [b, excess], outputs: [output]),
    ]
  }
}
