// ADD: the first operand goes through the array unchanged and meets the second behind the limits.

import Model

extension Addition: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, output = graph.tensors[node.outputs[0]]
    if network.readsInt16(node) { return [try int16Plan(node, in: network)] }
    let rescaling = rescaling(node, in: graph), limits = activation.limits(of: output)
    let sides = [0, 1].map { operand in
      Added.Side(
        terms: rescaling.table(operand),
        slope: (isSubtraction && operand == 1 ? -1 : 1) * Double(graph.tensors[node.inputs[operand]].scale) / Double(output.scale),
        zero: rescaling.zeroPoints[operand])
    }
    let first = try network.arrayOperand(of: node)
    let other = node.inputs[1 - first]
    let added = Added(
      first: sides[first], second: sides[1 - first],
      other: network.constant(other) == nil ? .tensor(other) : .constant(try network.repeatingConstant(other, of: node)),
      factor: rescaling.output, zero: output.zeroPoint, limits: Int(limits.lowerBound)...Int(limits.upperBound), node: node,
      label: "operator \(node.index) \(name), \(graph.label(node.outputs[0]))")
    return [LayerPlan(node, parts: [.repeated(node.inputs[first], node.outputs[0], in: graph)], ending: Ending(tail: .addition(added)), result: node.inputs[first])]
  }
}

extension Part {
  /// Every byte of a tensor as it is.
  static func unchanged(_ input: Int, _ output: Int, in graph: Graph) -> Part {
    let shape = graph.tensors[output].shape
    return Part(kernel: .bytes(), from: Box(whole: input, shape), to: Box(whole: output, shape))
  }
}

extension Network {
  /// A constant operand of an elementwise operator, as the shortest run of bytes that repeats over the output: 1, or whole
  /// dimensions.
  func repeatingConstant(_ tensor: Int, of node: Node) throws(MappingError) -> [Int8] {
    let shape = graph.tensors[node.outputs[0]].shape
    guard let bytes = constant(tensor), let broadcast = Broadcast(graph.tensors[tensor].shape, to: shape) else {
      throw MappingError(
        source: graph.name,
        message: "operator \(node.index) \(node.operation.name): \(graph.label(tensor)) does not broadcast to its output")
    }
    var values = [Int8](repeating: 0, count: graph.tensors[node.outputs[0]].elementCount)
    broadcast.forEach { values[$0] = Int8(bitPattern: bytes[$1]) }
    var period = 1
    for size in [1] + shape.reversed() {
      period *= size
      if values.indices.allSatisfy({ values[$0] == values[$0 % period] }) { return Array(values[..<period]) }
    }
    return values
  }
}
