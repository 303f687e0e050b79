// FULLY_CONNECTED: a convolution of 1×1 pixels, a pixel per row of the input.

import Machine
import Model

extension FullyConnected: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let arithmetic = arithmetic(plan.node, in: graph)
    let depth = graph.tensors[plan.node.inputs[1]].shape[1]
    let rows = rowCount(plan.node, in: graph)
    let shape = WindowShape(
      inputHeight: 1, inputWidth: rows, depth: depth, outputHeight: 1, outputWidth: rows, kernelHeight: 1,
      kernelWidth: 1, outputRowStep: 0, outputColumnStep: arithmetic.channels)
    try lowering.addStream(
      plan, shape, weights: effectiveWeights(plan.node, in: graph), bias: arithmetic.bias,
      multipliers: arithmetic.multipliers, images: 1)
  }
}
