// Operators that only move bytes: copies, which mostly turn out to be views.

import Model

extension Movement {
  /// A layer per output, a copy per move.
  func copies(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let moves = moves(node, in: network.graph)
    return try node.outputs.map { output throws(MappingError) in
      var plan = LayerPlan(node, parts: [], output: output)
      plan.parts = try moves.filter { $0.to.tensor == output }.map { move throws(MappingError) in
        let bytes = try network.bytes(of: move, in: plan)
        return Part(kernel: .bytes(), from: bytes.from, to: bytes.to)
      }
      return plan
    }
  }
}

extension Pad: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let graph = network.graph
    return [
      LayerPlan(
        node,
        parts: [
          Part(
            kernel: .surround(amounts(node, in: graph), value: fill(node, in: graph) ?? 0),
            from: Box(whole: node.inputs[0], graph.tensors[node.inputs[0]].shape),
            to: Box(whole: node.outputs[0], graph.tensors[node.outputs[0]].shape))
        ])
    ]
  }
}
