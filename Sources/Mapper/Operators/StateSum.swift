// SVDF: what filters kept, summed over time, a unit's elements times its own weights.
//
// A unit's elements lie one behind the other, as rows of high and low bytes: x = 256·h + l + 128. So its sum is one over bytes, Σ h·(256·w) + Σ l·w, and
// 128·Σ w in the bias; its weights come digit by digit (`DigitStream`).

import Model

extension StateSum: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, weights = weights(node, in: graph).map(Int.init), bias = bias(node, in: graph)
    let units = bias.count, count = weights.count / units
    var plan = LayerPlan(node, parts: [], ending: Ending(limits: activation, of: graph.tensors[node.outputs[0]]))
    guard let rows = network.int16[node.inputs[0]], count % rows.length == 0 else {
      throw plan.error("its state is read in other rows, which is not supported for activations of int16", in: graph)
    }
    let folded = try bias.indices.map { unit throws(MappingError) in
      let value = Int(bias[unit]) + 128 * weights[unit * count..<(unit + 1) * count].reduce(0, +)
      guard let folded = Int32(exactly: value) else {
        throw plan.error(
          "the bias of output channel \(unit) is \(value) with what int16 adds, which needs more than 32 bits", in: graph,
          advice: "use a shorter memory or a lower rank")
      }
      return folded
    }
    let window = Window(
      inputHeight: 1, inputWidth: 1, depth: 2 * count, outputHeight: 1, outputWidth: 1, kernelHeight: 1, kernelWidth: 1)
    let ofBytes = (0..<2 * weights.count).map { weights[rows.element(at: $0)] * (rows.isHigh($0) ? 256 : 1) }
    plan.parts = [
      Part(
        kernel: .wide(window, weights: ofBytes, isDivided: true), from: Box(pixels: node.inputs[0], 1, 2 * weights.count),
        to: Box(pixels: node.outputs[0], 1, units),
        rescaling: .sums(
          bias: folded, factors: [SumFactor](repeating: .fixedPoint(multiplier(node, in: graph)), count: units), zeroIn: 0,
          zeroOut: graph.tensors[node.outputs[0]].zeroPoint))
    ]
    return [plan]
  }
}
