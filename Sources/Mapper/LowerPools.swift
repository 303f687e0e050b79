// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN: windows with weights of one, or a maximum.

import Machine
import Model

extension AveragePool2D: Lowerable {
  /// Padding counts neither in the sum nor in the divisor: the output is cut into rectangles of equal divisor,
  /// and padding reads as 0.
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let geometry = geometry(plan.node, in: graph)
    let shape = WindowShape(
      plan, in: graph, kernel: (filterHeight, filterWidth), stride: (strideHeight, strideWidth), padding: padding)
    let range = lowering.range(of: plan.input).channels(shape.depth)
    let clamp = plan.clamp
    let output = range.through { min(max($0, clamp.lowerBound), clamp.upperBound) }
    let rowBands = bands(geometry.rows), columnBands = bands(geometry.columns)
    for rows in rowBands {
      for columns in columnBands {
        let count = geometry.rows.taps(rows.lowerBound).count * geometry.columns.taps(columns.lowerBound).count
        guard let word = averageParameters(count: count) else {
          throw lowering.error(plan, "no multiplier divides exactly by \(count)")
        }
        lowering.accumulatorBits = max(lowering.accumulatorBits, signedBits(-128 * count...127 * count))
        let stage = try lowering.postStage(plan, words: [word], zero: 0, range: output)
        var region = shape
        region.padTop -= rows.lowerBound * strideHeight
        region.padLeft -= columns.lowerBound * strideWidth
        region.outputHeight = rows.count
        region.outputWidth = columns.count
        let whole = rowBands.count == 1 && columnBands.count == 1
        try lowering.addChannelWindows(
          plan, region, weights: nil, padByte: 0, stage, images: graph.tensors[plan.input].shape[0],
          outputOffset: rows.lowerBound * shape.outputRowStep + columns.lowerBound * shape.outputColumnStep,
          detail: whole ? "" : "rows \(rows), columns \(columns), average of \(count)")
      }
    }
  }

  /// Runs of windows with equally many taps inside the image.
  private func bands(_ geometry: WindowGeometry) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for window in 0..<geometry.output {
      if let last = result.last, geometry.taps(last.lowerBound).count == geometry.taps(window).count {
        result[result.count - 1] = last.lowerBound..<window + 1
      } else {
        result.append(window..<window + 1)
      }
    }
    return result
  }
}

extension MaxPool2D: Lowerable {
  /// Padding reads as the least value.
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    guard lowering.configuration.units.maximum else { throw lowering.missingUnit("maximum", "MAX_POOL_2D") }
    let graph = lowering.graph
    let shape = WindowShape(
      plan, in: graph, kernel: (filterHeight, filterWidth), stride: (strideHeight, strideWidth), padding: padding)
    let range = lowering.range(of: plan.input).channels(shape.depth)
    let clamp = plan.clamp
    let stage = try lowering.postStage(
      plan, words: [.identity], zero: 0, range: range.through { min(max($0, clamp.lowerBound), clamp.upperBound) })
    try lowering.addChannelWindows(
      plan, shape, weights: nil, maximum: true, padByte: -128, stage, images: graph.tensors[plan.input].shape[0])
  }
}

extension Mean: Lowerable {
  /// One window as large as the image.
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let input = graph.tensors[plan.input].shape
    let count = count(plan.node, in: graph)
    let shape = WindowShape(
      inputHeight: input[1], inputWidth: input[2], depth: input[3], outputHeight: 1, outputWidth: 1,
      kernelHeight: input[1], kernelWidth: input[2], outputRowStep: 0, outputColumnStep: 0)
    let range = lowering.range(of: plan.input).channels(input[3])
    let found = try lowering.sumParameters(
      plan, sums: zip(range.low, range.high).map { $0 * count...$1 * count },
      weightSums: [Int](repeating: count, count: input[3]), bias: [Int32](repeating: 0, count: input[3]),
      multipliers: [QuantizedMultiplier](repeating: multiplier(plan.node, in: graph), count: input[3]))
    // Weights stay ones, and words equal for all channels: a constant channel needs no special care here.
    let zeroIn = graph.tensors[plan.input].zeroPoint, zeroOut = graph.tensors[plan.node.outputs[0]].zeroPoint
    let word = ParameterWord(bias: -zeroIn * count, multiplier(plan.node, in: graph))
    lowering.accumulatorBits = max(
      lowering.accumulatorBits, signedBits((-128 - zeroIn) * count...(127 - zeroIn) * count))
    let stage = try lowering.postStage(plan, words: [word], zero: zeroOut, range: found.range)
    try lowering.addChannelWindows(plan, shape, weights: nil, padByte: zeroIn, stage, images: input[0])
  }
}
