// MAXIMUM and MINIMUM with a constant of one element: a copy with a limit. All others are additions: see
// `Maximum.parts(_:in:)`.

import Model

extension Maximum: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, first = network.constant(node.inputs[0]) != nil ? 1 : 0
    let limit = try network.repeatingConstant(node.inputs[1 - first], of: node)[0]
    return [
      LayerPlan(
        node, parts: [.unchanged(node.inputs[first], node.outputs[0], in: graph)],
        ending: Ending(limits: isMinimum ? -128...Int(limit) : Int(limit)...127),
        function: (-128...127).map { isMinimum ? min($0, limit) : max($0, limit) })
    ]
  }
}
