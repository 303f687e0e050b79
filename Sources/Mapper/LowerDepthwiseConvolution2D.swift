// DEPTHWISE_CONV_2D: a window per channel.

import Machine
import Model

extension DepthwiseConvolution2D: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let kernel = graph.tensors[plan.node.inputs[1]]
    let shape = WindowShape(
      plan, in: graph, kernel: (kernel.shape[1], kernel.shape[2]), stride: (strideHeight, strideWidth),
      dilation: (dilationHeight, dilationWidth), padding: padding)
    let arithmetic = arithmetic(plan.node, in: graph)
    let images = graph.tensors[plan.input].shape[0]
    var weights = kernel.int8Values()
    let channels = arithmetic.channels
    if shape.depth == 1 {
      // One input channel: a convolution, with weights ordered by output channel.
      let transposed = (0..<channels * shape.taps).map { weights[$0 % shape.taps * channels + $0 / shape.taps] }
      try lowering.addStream(
        plan, shape, weights: transposed, bias: arithmetic.bias, multipliers: arithmetic.multipliers, images: images)
      return
    }
    let zero = graph.tensors[plan.input].zeroPoint
    let input = lowering.range(of: plan.input).channels(shape.depth)
    let values = shape.touchesPadding ? input.including(zero) : input
    var sums: [ClosedRange<Int>] = [], weightSums: [Int] = []
    for channel in 0..<channels {
      var low = 0, high = 0, sum = 0
      let least = values.low[channel / depthMultiplier], greatest = values.high[channel / depthMultiplier]
      for tap in 0..<shape.taps {
        let weight = Int(weights[tap * channels + channel])
        sum += weight
        low += weight * (weight > 0 ? least : greatest)
        high += weight * (weight > 0 ? greatest : least)
      }
      sums.append(low...high)
      weightSums.append(sum)
    }
    let found = try lowering.sumParameters(
      plan, sums: sums, weightSums: weightSums, bias: arithmetic.bias, multipliers: arithmetic.multipliers)
    for channel in found.constant {
      for tap in 0..<shape.taps { weights[tap * channels + channel] = 0 }
    }
    let stage = try lowering.postStage(
      plan, words: found.words, zero: graph.tensors[plan.node.outputs[0]].zeroPoint, range: found.range)
    try lowering.addChannelWindows(
      plan, shape, weights: weights, multiplier: depthMultiplier, padByte: zero, stage, images: images)
  }
}
