// SOFTMAX: rows of the scalar unit.

import Machine
import Model

extension Softmax: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let graph = network.graph, shape = graph.tensors[node.inputs[0]].shape
    let length = shape.last ?? 1, rows = shape.dropLast().reduce(1, *)
    return [
      LayerPlan(
        node,
        parts: [
          Part(
            kernel: .softmax(table(node, in: graph).exponentials), from: Box(whole: node.inputs[0], [rows, length]),
            to: Box(whole: node.outputs[0], [rows, length]),
            rescaling: .words([], zero: graph.tensors[node.outputs[0]].zeroPoint))
        ])
    ]
  }
}
