// ADD, SUB and MUL of ONNX files: the first operand goes through the array unchanged and meets the second behind the limits.

import Model

extension FloatArithmetic: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, output = graph.tensors[node.outputs[0]], join = join(node, in: graph)
    let sides = [0, 1].map { operand in
      let sign: Double = rule == .difference && operand == 1 ? -1 : 1
      let slope = rule == .product ? 1 : sign * Double(join.scales[operand]) / Double(join.outputScale)
      return Added.Side(terms: [], slope: slope, zero: join.zeros[operand])
    }
    let first = try network.arrayOperand(of: node), other = node.inputs[1 - first]
    let added = Added(
      rule: rule == .product ? .product : .sum, join: first == 0 ? join : join.swapped, first: sides[first], second: sides[1 - first],
      other: network.constant(other) == nil ? .tensor(other) : .constant(try network.repeatingConstant(other, of: node)),
      factor: QuantizedMultiplier(Double(join.scales[0]) * Double(join.scales[1]) / Double(join.outputScale)), zero: output.zeroPoint,
      limits: -128...127, node: node, label: "operator \(node.index) \(name), \(graph.label(node.outputs[0]))")
    let part = Part.repeated(node.inputs[first], node.outputs[0], in: graph)
    return [LayerPlan(node, parts: [part], ending: Ending(tail: .addition(added)), result: node.inputs[first])]
  }
}
