// MUL by a constant: y = clamp(zy + MBQM((x1 − z1)·w)), w = x2 − z2, byte by byte.

import Model

extension Multiplication: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, output = graph.tensors[node.outputs[0]]
    let first = network.constant(node.inputs[0]) != nil ? 1 : 0
    let input = node.inputs[first], constant = node.inputs[1 - first]
    guard network.constant(constant) != nil else {
      throw LayerPlan(node, parts: []).error("the product of two computed tensors is not supported by the hardware", in: graph)
    }
    let factors = try network.repeatingConstant(constant, of: node).map { Int($0) - graph.tensors[constant].zeroPoint }
    var part = Part.unchanged(input, node.outputs[0], in: graph)
    part.kernel = .bytes(factors: factors)
    part.rescaling = .sums(
      bias: [Int32](repeating: 0, count: factors.count),
      factors: [QuantizedMultiplier](repeating: multiplier(node, in: graph), count: factors.count),
      zeroIn: graph.tensors[input].zeroPoint, zeroOut: output.zeroPoint)
    return [LayerPlan(node, parts: [part], ending: Ending(limits: activation, of: output))]
  }
}
