// MUL: the product of two tensors, or of a tensor and a constant.
//
// y = clamp(zy + MBQM((x1 − z1)·(x2 − z2), s1·s2/sy)), on int8 and on int16, where zero points are 0.

/// An elementwise multiplication.
public struct Multiplication: Operation {
  public var name: String { "MUL" }
  public var activation: Activation
  /// Whether a product of int16 becomes int8. No file has that, but a part of an operator does.
  public var narrows = false

  public init(activation: Activation = .none) {
    self.activation = activation
  }

  /// The multiplier of a validated `node`: s1·s2/sy.
  public func multiplier(_ node: Node, in graph: Graph) -> QuantizedMultiplier {
    QuantizedMultiplier(Self.realMultiplier(node, in: graph))
  }

  private static func realMultiplier(_ node: Node, in graph: Graph) -> Double {
    Double(graph.tensors[node.inputs[0]].scale) * Double(graph.tensors[node.inputs[1]].scale)
      / Double(graph.tensors[node.outputs[0]].scale)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    if narrows || graph.isInt16(node) {
      try check.requireInt16Operands(to: narrows ? .int8 : .int16)
      return try check.requireFraction(Self.realMultiplier(node, in: graph), "product of the input scales/output scale")
    }
    try check.requireElementwiseOperands(broadcastsTensors: true)
    try check.requireMultiplier(
      Self.realMultiplier(node, in: graph), "product of the input scales/output scale", tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let multiplier = multiplier(node, in: graph)
    let stage = OutputStage(graph.tensors[node.outputs[0]], activation)
    if narrows || graph.isInt16(node) {
      return int16Elementwise(node, in: graph, on: &store, stage) { multiplyByQuantizedMultiplier($0 &* $1, multiplier) }
    }
    let zeroPoints = node.inputs.map { Int32(truncatingIfNeeded: graph.tensors[$0].zeroPoint) }
    elementwise(node, in: graph, on: &store) { a, b in
      let first = Int32(Int8(truncatingIfNeeded: a)) &- zeroPoints[0]
      let second = Int32(Int8(truncatingIfNeeded: b)) &- zeroPoints[1]
      return stage.store(first &* second, multiplier)
    }
  }
}
