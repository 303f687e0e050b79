// MUL by a constant: y = clamp(zy + MBQM((x1 − z1)·w)), w = x2 − z2, byte by byte. MUL of two computed tensors: the first
// goes through the array unchanged and meets the second behind the limits, as in ADD.

import Model

extension Multiplication: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, output = graph.tensors[node.outputs[0]]
    if network.readsInt16(node) { return [try int16Plan(node, in: network)] }
    let first = network.constant(node.inputs[0]) != nil ? 1 : 0
    let input = node.inputs[first], constant = node.inputs[1 - first]
    guard network.constant(constant) != nil else { return [try product(node, in: network)] }
    let factors = try network.repeatingConstant(constant, of: node).map { Int($0) - graph.tensors[constant].zeroPoint }
    var part = Part.repeated(input, node.outputs[0], in: graph, sums: false)
    part.kernel = .bytes(factors: factors)
    part.rescaling = .sums(
      bias: [Int32](repeating: 0, count: factors.count),
      factors: [SumFactor](repeating: .fixedPoint(multiplier(node, in: graph)), count: factors.count),
      zeroIn: graph.tensors[input].zeroPoint, zeroOut: output.zeroPoint)
    return [LayerPlan(node, parts: [part], ending: Ending(limits: activation, of: output))]
  }

  /// The product of two computed tensors.
  private func product(_ node: Node, in network: Network) throws(MappingError) -> LayerPlan {
    let graph = network.graph, operand = try network.arrayOperand(of: node), other = node.inputs[1 - operand]
    let output = graph.tensors[node.outputs[0]], limits = activation.limits(of: output)
    let sides = node.inputs.map { operand in
      let zero = graph.tensors[operand].zeroPoint
      return Added.Side(terms: (-128...127).map { $0 - Int32(truncatingIfNeeded: zero) }, slope: 1, zero: zero)
    }
    let added = Added(
      rule: .product, first: sides[operand], second: sides[1 - operand], other: .tensor(other), factor: multiplier(node, in: graph),
      zero: output.zeroPoint, limits: Int(limits.lowerBound)...Int(limits.upperBound), node: node,
      label: "operator \(node.index) \(name), \(graph.label(node.outputs[0]))")
    return LayerPlan(
      node, parts: [.repeated(node.inputs[operand], node.outputs[0], in: graph)], ending: Ending(tail: .addition(added)),
      result: node.inputs[operand])
  }
}
