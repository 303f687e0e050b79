// CONV_2D: windows as byte streams, a group of N output channels at a time.

import Machine
import Model

extension Convolution2D: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let kernel = graph.tensors[plan.node.inputs[1]]
    let shape = WindowShape(
      plan, in: graph, kernel: (kernel.shape[1], kernel.shape[2]), stride: (strideHeight, strideWidth),
      dilation: (dilationHeight, dilationWidth), padding: padding)
    let arithmetic = arithmetic(plan.node, in: graph)
    try lowering.addStream(
      plan, shape, weights: kernel.int8Values(), bias: arithmetic.bias, multipliers: arithmetic.multipliers,
      images: graph.tensors[plan.input].shape[0])
  }
}

extension WindowShape {
  /// The windows of an operator on a feature map, folded PADs included.
  init(
    _ plan: LayerPlan, in graph: Graph, kernel: (height: Int, width: Int), stride: (y: Int, x: Int),
    dilation: (y: Int, x: Int) = (1, 1), padding: Padding
  ) {
    let input = graph.tensors[plan.input].shape
    let rows = WindowGeometry(
      input: input[1] + plan.padTop + plan.padBottom, filter: kernel.height, stride: stride.y, dilation: dilation.y,
      padding: padding)
    let columns = WindowGeometry(
      input: input[2] + plan.padLeft + plan.padRight, filter: kernel.width, stride: stride.x, dilation: dilation.x,
      padding: padding)
    let channels = graph.tensors[plan.node.outputs[0]].shape[3]
    self.init(
      inputHeight: input[1], inputWidth: input[2], depth: input[3], outputHeight: rows.output,
      outputWidth: columns.output, kernelHeight: kernel.height, kernelWidth: kernel.width, strideY: stride.y,
      strideX: stride.x, dilationY: dilation.y, dilationX: dilation.x, padTop: plan.padTop + rows.before,
      padLeft: plan.padLeft + columns.before, outputRowStep: columns.output * channels, outputColumnStep: channels)
  }
}

extension Lowering {
  /// Adds a step per image in which every output channel sums the whole window.
  ///
  /// - Parameter weights: output channels × window bytes.
  mutating func addStream(
    _ plan: LayerPlan, _ shape: WindowShape, weights: [Int8], bias: [Int32], multipliers: [QuantizedMultiplier],
    images: Int
  ) throws {
    let zero = graph.tensors[plan.input].zeroPoint
    let window = shape.taps * shape.depth, channels = bias.count
    var weights = weights
    let input = range(of: plan.input).channels(shape.depth)
    let values = shape.touchesPadding ? input.including(zero) : input
    var sums: [ClosedRange<Int>] = [], weightSums: [Int] = []
    for channel in 0..<channels {
      var low = 0, high = 0, sum = 0
      for tap in 0..<shape.taps {
        let first = channel * window + tap * shape.depth
        for index in 0..<shape.depth {
          let weight = Int(weights[first + index])
          sum += weight
          low += weight * (weight > 0 ? values.low[index] : values.high[index])
          high += weight * (weight > 0 ? values.high[index] : values.low[index])
        }
      }
      sums.append(low...high)
      weightSums.append(sum)
    }
    let channelsOut = try sumParameters(plan, sums: sums, weightSums: weightSums, bias: bias, multipliers: multipliers)
    for channel in channelsOut.constant {
      for index in channel * window..<(channel + 1) * window { weights[index] = 0 }
    }
    let stage = try postStage(
      plan, words: channelsOut.words, zero: graph.tensors[plan.node.outputs[0]].zeroPoint, range: channelsOut.range)

    let view = shape.views.last ?? shape
    let inputBytes = shape.inputHeight * shape.inputWidth * shape.depth
    let outputBytes = graph.tensors[plan.output].elementCount / images
    for part in sideBySide(view, channels: channels) {
      let groups = ChannelGroups(channels * part.pixels, of: elements)
      let layout = part.shape.stream(machine, groups: groups.count, padByte: zero)
      let base = self.weights.add(
        packStream(part.spread(weights, channels: channels, of: view), channels: groups.channels, window: part.window))
      for image in 0..<images {
        try addStep(
          plan, layout, part.shape, groups, stage, weights: WeightFields(base: base, step: 1, groupStep: layout.steps),
          inputOffset: image * inputBytes + part.shape.baseOffset,
          outputOffset: image * outputBytes + part.firstColumn * view.outputColumnStep, detail: part.detail)
      }
    }
  }

  /// Few output channels leave elements idle. Several pixels side by side, seen as one pixel with a wider window and
  /// more channels, use them, if the wider window does not cost more than it gains.
  /// - Returns: one part, or one of wide pixels and one of the columns that are left over.
  private mutating func sideBySide(_ view: WindowShape, channels: Int) -> [WidePixels] {
    let plain = [WidePixels(shape: view, pixels: 1, firstColumn: 0, detail: "")]
    guard view.dilationX == 1, view.outputColumnStep == channels, view.kernelWidth > 1 else { return plain }
    func cycles(_ parts: [WidePixels]) -> Int {
      parts.reduce(0) { sum, part in
        let groups = ChannelGroups(channels * part.pixels, of: elements)
        let layout = part.shape.stream(machine, groups: groups.count, padByte: 0)
        return sum + self.cycles.time(of: .run, LayerFields(layout, part.shape, groups)).cycles
      }
    }
    /// Steps for a row, about: no need to follow what cannot gain.
    func steps(_ pixels: Int) -> Int {
      let window = view.kernelHeight * (view.kernelWidth + (pixels - 1) * view.strideX) * view.depth
      return dividedUp(window, configuration.dotProduct) * dividedUp(channels * pixels, elements)
        * (view.outputWidth / pixels)
        + view.outputWidth % pixels * dividedUp(view.taps * view.depth, configuration.dotProduct) * dividedUp(channels, elements)
    }
    let plainSteps = steps(1)
    var best = plain, least = Int.max
    for pixels in 2...8 where pixels <= view.outputWidth && steps(pixels) * 100 < plainSteps * 97 {
      if least == Int.max { least = cycles(plain) * 97 / 100 }
      var wide = view
      wide.kernelWidth += (pixels - 1) * view.strideX
      wide.strideX *= pixels
      wide.outputWidth /= pixels
      wide.outputColumnStep *= pixels
      var parts = [WidePixels(shape: wide, pixels: pixels, firstColumn: 0, detail: "\(pixels) pixels side by side")]
      let done = wide.outputWidth * pixels
      if done < view.outputWidth {
        var rest = view
        rest.padLeft -= done * view.strideX
        rest.outputWidth -= done
        parts.append(WidePixels(shape: rest, pixels: 1, firstColumn: done, detail: "last columns"))
      }
      let predicted = cycles(parts)
      if predicted < least { (best, least) = (parts, predicted) }
    }
    return best
  }

  /// Words of a stream: lane t of step s holds the weight of window byte C·s + t.
  private func packStream(_ weights: [Int8], channels: Int, window: Int) -> [UInt8] {
    let (n, c) = (elements, configuration.dotProduct)
    let passes = dividedUp(window, c)
    var words = [UInt8](repeating: 0, count: dividedUp(channels, n) * passes * n * c)
    for channel in 0..<channels {
      let (group, element) = (channel / n, channel % n)
      for byte in 0..<window {
        words[((group * passes + byte / c) * n + element) * c + byte % c] =
          UInt8(bitPattern: weights[channel * window + byte])
      }
    }
    return words
  }
}

/// Columns of the output that are computed `pixels` at a time.
private struct WidePixels {
  var shape: WindowShape
  var pixels: Int
  var firstColumn: Int
  var detail: String

  /// Bytes of a window.
  var window: Int { shape.taps * shape.depth }

  /// The weights of the wide window: pixel i uses the taps from i strides on, zero elsewhere.
  func spread(_ weights: [Int8], channels: Int, of view: WindowShape) -> [Int8] {
    if pixels == 1 { return weights }
    let row = view.kernelWidth * view.depth, wideRow = shape.kernelWidth * shape.depth
    var result = [Int8](repeating: 0, count: pixels * channels * window)
    for pixel in 0..<pixels {
      for channel in 0..<channels {
        for y in 0..<view.kernelHeight {
          let source = (channel * view.kernelHeight + y) * row
          let target = ((pixel * channels + channel) * view.kernelHeight + y) * wideRow + pixel * view.strideX * view.depth
          for index in 0..<row { result[target + index] = weights[source + index] }
        }
      }
    }
    return result
  }
}
