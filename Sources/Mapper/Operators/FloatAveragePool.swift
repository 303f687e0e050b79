// Average pools of ONNX files: windows with weights of one, whose sums are rounded once.

import Model

extension FloatAveragePool: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let graph = network.graph, input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]], channels = input.shape[3]
    let part = Part(
      kernel: .each(Window(geometry(node, in: graph), depth: channels), weights: nil), from: Box(whole: node.inputs[0], input.shape),
      to: Box(whole: node.outputs[0], output.shape),
      rescaling: .sums(
        bias: [Int32](repeating: 0, count: channels), factors: [SumFactor](repeating: factor(node, in: graph), count: channels),
        zeroIn: input.zeroPoint, zeroOut: output.zeroPoint))
    return [LayerPlan(node, parts: [part])]
  }
}
