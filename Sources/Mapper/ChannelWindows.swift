// Layers whose output channels each look at one input channel: depthwise convolutions, pools, means.

import Machine
import Model

extension Lowering {
  /// Adds a step per image for a window per channel, in the layout with the fewest predicted cycles.
  ///
  /// - Parameters:
  ///   - shape: the window; `shape.depth` input channels.
  ///   - weights: kh × kw × channels; nil for ones (or with `maximum`).
  ///   - multiplier: output channels per input channel.
  ///   - outputOffset: of the first output pixel in an image of the output tensor.
  mutating func addChannelWindows(
    _ plan: LayerPlan, _ shape: WindowShape, weights: [Int8]?, multiplier: Int = 1, maximum: Bool = false,
    padByte: Int, _ stage: PostStage, images: Int, outputOffset: Int = 0, detail: String = ""
  ) throws {
    let channels = shape.depth * multiplier
    let machine = machine
    var best: (view: WindowShape, layout: WindowLayout, block: Block?, cycles: Int)?
    var groups = ChannelGroups(channels, of: elements)
    func consider(_ view: WindowShape, _ layout: WindowLayout?, _ block: Block? = nil) {
      guard let layout else { return }
      let predicted = cycles.time(of: .run, LayerFields(layout, view, groups)).cycles
      if best.map({ predicted < $0.cycles }) ?? true { best = (view, layout, block, predicted) }
    }
    if multiplier == 1 {
      for view in shape.views {
        consider(view, view.sharedColumns(machine, groups: groups.count, padByte: padByte, maximum: maximum))
        if best == nil || view.strideX > 1 || view.dilationX > 1 || view.kernelWidth % machine.dotProduct != 0 {
          consider(view, view.tapColumns(machine, groups: groups.count, padByte: padByte, maximum: maximum))
        }
      }
    }
    if multiplier > elements {
      try addChannelSlices(
        plan, shape, weights: weights, multiplier: multiplier, padByte: padByte, stage, images: images,
        outputOffset: outputOffset, detail: detail)
      return
    }
    if best == nil {
      guard !maximum else {
        throw error(
          plan, "a \(shape.kernelHeight)x\(shape.kernelWidth) maximum does not fit the column buffer of "
            + "\(machine.dotProduct * machine.patchDepth) entries",
          advice: "enlarge \"patchDepth\" (\(machine.patchDepth)) or make the pool smaller")
      }
      let block = Block(shape, multiplier: multiplier, elements: elements)
      let view = shape.views.last ?? shape
      groups = ChannelGroups(channels, of: block.outputs)
      consider(view, view.stream(machine, groups: groups.count, padByte: padByte, block: (block.inputs, block.groupStep)), block)
    }
    guard let (view, layout, block, _) = best else { return }
    let words: WeightFields
    if let block {
      words = add(pack(block, weights, view, layout, groups), layout)
    } else if let weights, !maximum {
      words = WeightFields(base: self.weights.add(pack(weights, view, layout)), step: 1, groupStep: layout.steps)
    } else {
      words = ones()
    }
    let inputBytes = shape.inputHeight * shape.inputWidth * shape.depth
    let outputBytes = graph.tensors[plan.output].elementCount / images
    for image in 0..<images {
      try addStep(
        plan, layout, view, groups, stage, weights: words, inputOffset: image * inputBytes + view.baseOffset,
        outputOffset: image * outputBytes + outputOffset, detail: detail)
    }
  }

  /// A weight word of ones for all steps: every lane of every element passes its byte on.
  mutating func ones() -> WeightFields {
    WeightFields(base: weights.add([UInt8](repeating: 1, count: configuration.weightWordBytes)), step: 0, groupStep: 0)
  }

  /// The words of a stream, which all groups may share.
  private mutating func add(_ packed: (words: [UInt8], isShared: Bool), _ layout: WindowLayout) -> WeightFields {
    WeightFields(base: weights.add(packed.words), step: 1, groupStep: packed.isShared ? 0 : layout.steps)
  }

  /// Words of a column-mode layer: in step (pass, entry) lane t holds one tap of the element's channel.
  func pack(_ weights: [Int8], _ view: WindowShape, _ layout: WindowLayout) -> [UInt8] {
    let (n, c) = (elements, configuration.dotProduct)
    let channels = view.depth
    let passSteps = layout.array.passSteps, windowColumns = layout.window.columns
    let shared = layout.feed.tapColumns == 1 && passSteps == view.kernelHeight && windowColumns == view.kernelWidth
    let steps = layout.steps
    let groups = dividedUp(channels, n)
    var words = [UInt8](repeating: 0, count: groups * steps * n * c)
    for group in 0..<groups {
      for step in 0..<steps {
        let (pass, entry) = (step / passSteps, step % passSteps)
        for lane in 0..<c where pass * c + lane < windowColumns {
          let column = pass * c + lane
          let tap = shared ? entry * view.kernelWidth + column : column
          for element in 0..<min(n, channels - group * n) {
            words[((group * steps + step) * n + element) * c + lane] =
              UInt8(bitPattern: weights[tap * channels + group * n + element])
          }
        }
      }
    }
    return words
  }

  /// Input channels of a group when a window per channel is computed as a stream with mostly zero weights.
  private struct Block {
    /// Input channels a group sees, and how far groups are apart.
    var inputs: Int, groupStep: Int
    /// Output channels of a group.
    var outputs: Int
    var multiplier: Int

    init(_ shape: WindowShape, multiplier: Int, elements: Int) {
      self.multiplier = multiplier
      inputs = min(elements / multiplier, shape.depth)
      groupStep = elements / multiplier
      outputs = groupStep * multiplier
    }
  }

  /// More output channels per input channel than elements: a run takes N of them for every input channel in turn.
  private mutating func addChannelSlices(
    _ plan: LayerPlan, _ shape: WindowShape, weights: [Int8]?, multiplier: Int, padByte: Int, _ stage: PostStage,
    images: Int, outputOffset: Int, detail: String
  ) throws {
    let view = shape.views.last ?? shape
    let inputBytes = shape.inputHeight * shape.inputWidth * shape.depth
    let outputBytes = graph.tensors[plan.output].elementCount / images
    for first in stride(from: 0, to: multiplier, by: elements) {
      let count = min(elements, multiplier - first)
      let channels = (0..<shape.depth).flatMap { input in (0..<count).map { input * multiplier + first + $0 } }
      let groups = ChannelGroups(channels.count, of: count, step: multiplier)
      let layout = view.stream(machine, groups: groups.count, padByte: padByte, block: (1, 1))
      var part = stage
      if !stage.isUniform { part.words = channels.map { stage.words[$0] } }
      let all = shape.depth * multiplier
      let slice = weights.map { weights in (0..<shape.taps).flatMap { tap in channels.map { weights[tap * all + $0] } } }
      var block = Block(shape, multiplier: count, elements: count)
      block.inputs = 1
      let words = add(pack(block, slice, view, layout, groups), layout)
      for image in 0..<images {
        try addStep(
          plan, layout, view, groups, part, weights: words, inputOffset: image * inputBytes + view.baseOffset, outputOffset: image * outputBytes + outputOffset + first,
          detail: detail)
      }
    }
  }

  /// Words of a stream that computes a window per channel.
  /// - Returns: the words of all groups, or of one that all groups share.
  private func pack(
    _ block: Block, _ weights: [Int8]?, _ view: WindowShape, _ layout: WindowLayout, _ channelGroups: ChannelGroups
  ) -> (words: [UInt8], isShared: Bool) {
    let (n, c) = (elements, configuration.dotProduct)
    let channels = view.depth * block.multiplier
    let group = channelGroups.size, groups = weights == nil ? 1 : channelGroups.count
    let passes = layout.steps
    var words = [UInt8](repeating: 0, count: groups * passes * n * c)
    for index in 0..<groups {
      for element in 0..<min(group, channels - index * group) {
        let channel = index * group + element
        let input = channel / block.multiplier - index * block.groupStep
        for tap in 0..<view.taps {
          let byte = tap * block.inputs + input
          words[((index * passes + byte / c) * n + element) * c + byte % c] =
            weights.map { UInt8(bitPattern: $0[tap * channels + channel]) } ?? 1
        }
      }
    }
    return (words, groups == 1)
  }
}
