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
    var best: (view: WindowShape, registers: RegisterFile, block: Block?, cycles: Int)?
    func consider(_ view: WindowShape, _ candidate: RegisterFile?, _ block: Block? = nil) {
      guard var registers = candidate else { return }
      setGroups(&registers, channels)
      let predicted = cycles.run(registers, configuration).cycles
      if best.map({ predicted < $0.cycles }) ?? true { best = (view, registers, block, predicted) }
    }
    let (c, depth) = (configuration.dotProduct, configuration.patchDepth)
    if multiplier == 1 {
      for view in shape.views {
        consider(view, view.sharedColumns(
            elements: elements, dotProduct: c, patchDepth: depth, padByte: padByte, maximum: maximum))
        if best == nil || view.strideX > 1 || view.dilationX > 1 || view.kernelWidth % c != 0 {
          consider(view, view.tapColumns(
              elements: elements, dotProduct: c, patchDepth: depth, padByte: padByte, maximum: maximum))
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
            + "\(c * depth) entries", advice: "enlarge \"patchDepth\" (\(depth)) or make the pool smaller")
      }
      let block = Block(shape, multiplier: multiplier, elements: elements)
      let view = shape.views.last ?? shape
      var registers = view.stream(dotProduct: c, padByte: padByte, block: (block.inputs, block.groupStep))
      registers[.groupChannels] = min(block.outputs, channels)
      consider(view, registers, block)
    }
    guard let (view, found, block, _) = best else { return }
    var registers = found
    let base: Int
    if let block {
      let packed = pack(block, weights, view, registers)
      base = self.weights.add(packed.words)
      registers[.weightGroupStep] = packed.isShared ? 0 : registers[.passes]
      registers[.weightStep] = 1
    } else if let weights, !maximum {
      base = self.weights.add(pack(weights, view, registers))
      registers[.weightStep] = 1
      registers[.weightGroupStep] = registers[.passes] * registers[.passSteps]
    } else {
      base = self.weights.add(onesWord)
      registers[.weightStep] = 0
      registers[.weightGroupStep] = 0
    }
    let inputBytes = shape.inputHeight * shape.inputWidth * shape.depth
    let outputBytes = graph.tensors[plan.output].elementCount / images
    for image in 0..<images {
      try addStep(
        plan, registers, stage, channels: channels, weights: base, inputOffset: image * inputBytes + view.baseOffset,
        outputOffset: image * outputBytes + outputOffset, detail: detail)
    }
  }

  /// The weight word of ones: every lane of every element passes its byte on.
  var onesWord: [UInt8] { [UInt8](repeating: 1, count: configuration.weightWordBytes) }

  /// Words of a column-mode layer: in step (pass, entry) lane t holds one tap of the element's channel.
  func pack(_ weights: [Int8], _ view: WindowShape, _ r: RegisterFile) -> [UInt8] {
    let (n, c) = (elements, configuration.dotProduct)
    let channels = view.depth
    let shared = r[.tapColumns] == 1 && r[.passSteps] == view.kernelHeight && r[.windowColumns] == view.kernelWidth
    let steps = r[.passes] * r[.passSteps]
    let groups = dividedUp(channels, n)
    var words = [UInt8](repeating: 0, count: groups * steps * n * c)
    for group in 0..<groups {
      for step in 0..<steps {
        let (pass, entry) = (step / r[.passSteps], step % r[.passSteps])
        for lane in 0..<c where pass * c + lane < r[.windowColumns] {
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
      var registers = view.stream(dotProduct: configuration.dotProduct, padByte: padByte, block: (1, 1))
      registers[.groupChannels] = count
      registers[.outputGroupStep] = multiplier
      setGroups(&registers, channels.count)
      var part = stage
      if !stage.isUniform { part.words = channels.map { stage.words[$0] } }
      let all = shape.depth * multiplier
      let slice = weights.map { weights in (0..<shape.taps).flatMap { tap in channels.map { weights[tap * all + $0] } } }
      var block = Block(shape, multiplier: count, elements: count)
      block.inputs = 1
      let packed = pack(block, slice, view, registers)
      registers[.weightGroupStep] = packed.isShared ? 0 : registers[.passes]
      let base = self.weights.add(packed.words)
      for image in 0..<images {
        try addStep(
          plan, registers, part, channels: channels.count, weights: base,
          inputOffset: image * inputBytes + view.baseOffset, outputOffset: image * outputBytes + outputOffset + first,
          detail: detail)
      }
    }
  }

  /// Words of a stream that computes a window per channel.
  /// - Returns: the words of all groups, or of one that all groups share.
  private func pack(
    _ block: Block, _ weights: [Int8]?, _ view: WindowShape, _ r: RegisterFile
  ) -> (words: [UInt8], isShared: Bool) {
    let (n, c) = (elements, configuration.dotProduct)
    let channels = view.depth * block.multiplier
    let group = r[.groupChannels]
    let groups = weights == nil ? 1 : dividedUp(channels, group)
    let passes = r[.passes]
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
