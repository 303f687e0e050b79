// SQUARED_DIFFERENCE: two terms of one byte each, summed and squared in the scalar unit.
//
// That reads both operands byte by byte from the same places, so one that repeats is copied first, to where the output will be: an
// element is read there before it is written.

import Model

extension SquaredDifference: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, output = node.outputs[0], count = graph.tensors[output].elementCount
    let rescaling = rescaling(node, in: graph)
    let sides = [0, 1].map { Added.Side(terms: rescaling.table($0), slope: 1, zero: rescaling.zeroPoints[$0]) }
    let operand = try network.arrayOperand(of: node), repeats = graph.tensors[node.inputs[operand]].elementCount != count
    // A copy that repeats is the second operand, unless the other one is a constant.
    let other = node.inputs[1 - operand], constant = network.constant(other)
    let first = repeats && constant == nil ? 1 - operand : operand
    let added = Added(
      rule: .square, first: sides[first], second: sides[1 - first],
      other: constant == nil ? .tensor(repeats ? output : other) : .constant(try network.repeatingConstant(other, of: node)),
      factor: rescaling.output, zero: graph.tensors[output].zeroPoint, limits: -128...127, node: node,
      label: "operator \(node.index) \(name), \(graph.label(output))")
    let source = repeats ? (constant == nil ? other : output) : node.inputs[operand]
    let square = LayerPlan(
      node, parts: [Part(kernel: .scalarAddition(added), from: Box(whole: source, [count]), to: Box(whole: output, [count]))])
    guard rescaling.output.exponent < 0 else {
      throw square.error(
        "its output scale is so small that a difference of one step saturates, which the hardware cannot do", in: graph,
        advice: "choose a larger output scale")
    }
    guard repeats else { return [square] }
    return [LayerPlan(node, parts: [.repeated(node.inputs[operand], output, in: graph)]), square]
  }
}
