// Operators that only move bytes: copies, which mostly turn out to be views.

import Model

extension Movement {
  /// A layer per output, a copy per move.
  func copies(_ node: Node, in graph: Graph) -> [LayerPlan] {
    let moves = moves(node, in: graph)
    return node.outputs.map { output in
      let parts = moves.filter { $0.to.tensor == output }.map { Part(kernel: .bytes(), from: Box($0.from, $0.shape), to: Box($0.to, $0.shape)) }
      return LayerPlan(node, parts: parts, output: output)
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
