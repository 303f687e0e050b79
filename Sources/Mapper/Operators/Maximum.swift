// MAXIMUM with a constant of one element: a copy with a lower limit.

import Model

extension Maximum: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, first = network.constant(node.inputs[0]) != nil ? 1 : 0
    let least = try network.repeatingConstant(node.inputs[1 - first], of: node)[0]
    return [
      LayerPlan(
        node, parts: [.unchanged(node.inputs[first], node.outputs[0], in: graph)], ending: Ending(limits: Int(least)...127),
        function: (-128...127).map { max($0, least) })
    ]
  }
}
