// PRELU: a rectifier whose negative side has a factor of its own, mostly one per channel.
//
// With α the real value of the factor, y = clamp(zy + MBQM(x − zx, QM(sx/sy))) where x ≥ zx and
// y = clamp(zy + MBQM((x − zx)·(α − zα), QM(sx·sα/sy))) elsewhere. Each side is zy where the other one is not, so y is their
// sum, which is exact: products with constants, each limited at the zero point.

/// A rectifier with constant factors.
public struct ParametricRectifier: CompositeOperation {
  public var name: String { "PRELU" }

  public init() {}

  /// sx/sy and sx·sα/sy.
  private func factors(_ node: Node, in graph: Graph) -> (positive: Double, negative: Double) {
    let scales = (node.inputs + node.outputs).map { Double(graph.tensors[$0].scale) }
    return (scales[0] / scales[2], scales[0] * scales[1] / scales[2])
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireActivations(inputs: [0, 1])
    try check.requireShape(node.outputs[0], check.input().shape)
    let factor = check.input(1)
    try check.require(factor.isConstant, .unsupported, "factors that are computed are not supported", tensor: node.inputs[1])
    try check.require(
      !check.input().isConstant, .unsupported, "a constant input is not supported", tensor: node.inputs[0],
      advice: "fold the constants when converting")
    try check.require(
      Broadcast(factor.shape, to: check.input().shape) != nil, .invalidShape,
      "factors of shape \(check.describe(factor.shape)) do not broadcast to the input \(check.describe(check.input().shape))",
      tensor: node.inputs[1])
    let factors = factors(node, in: graph)
    try check.requireMultiplier(factors.positive, "input scale/output scale", tensor: node.outputs[0])
    try check.requireMultiplier(factors.negative, "input scale·factor scale/output scale", tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let factors = factors(node, in: graph), stage = OutputStage(graph.tensors[node.outputs[0]], .none)
    let (positive, negative) = (QuantizedMultiplier(factors.positive), QuantizedMultiplier(factors.negative))
    let zeros = node.inputs.map { Int32(truncatingIfNeeded: graph.tensors[$0].zeroPoint) }
    elementwise(node, in: graph, on: &store) { x, factor in
      let difference = Int32(Int8(truncatingIfNeeded: x)) - zeros[0]
      if difference >= 0 { return stage.store(difference, positive) }
      return stage.store(difference * (Int32(Int8(truncatingIfNeeded: factor)) - zeros[1]), negative)
    }
  }

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    let (input, factor, output) = (node.inputs[0], node.inputs[1], node.outputs[0])
    let quantizations = node.inputs.map { graph.tensors[$0].quantization }, zero = graph.tensors[output].zeroPoint
    let isNegative = graph.tensors[factor].int8Values().contains { Int($0) < quantizations[1].zeroPoints[0] }
    func part(_ operation: any Operation, _ inputs: Int..., output: Int) -> Node {
      Node(index: node.index, operation: operation, inputs: inputs, outputs: [output])
    }
    let one = graph.addConstant(1, Quantization(scale: 1, zeroPoint: 0))
    let limit = graph.addConstant(zero, graph.tensors[output].quantization)
    let (rescaled, positive) = (graph.addTensor(like: output, "rescaled"), graph.addTensor(like: output, "positive"))
    var nodes = [
      part(Multiplication(), input, one, output: rescaled),
      part(Maximum(), rescaled, limit, output: positive),
    ]
    let negative = graph.addTensor(like: output, "negative")
    if isNegative {
      // A factor below zero turns the sides around: limited before the product, not after it.
      let inputLimit = graph.addConstant(quantizations[0].zeroPoints[0], quantizations[0])
      let limited = graph.addTensor(like: input, "limited")
      nodes.append(part(Maximum(isMinimum: true), input, inputLimit, output: limited))
      nodes.append(part(Multiplication(), limited, factor, output: negative))
    } else {
      let product = graph.addTensor(like: output, "product")
      nodes.append(part(Multiplication(), input, factor, output: product))
      nodes.append(part(Maximum(isMinimum: true), product, limit, output: negative))
    }
    return nodes + [part(Addition(), negative, positive, output: output)]
  }
}
