// A border of zero points around height and width becomes the padding of the windows that read it.

import Model

extension Network {
  /// Windows over weights treat what is outside of the image as zero points, and so does a PAD before them.
  mutating func foldPadding() {
    let (writers, privateTensors) = (writers, privateTensors)
    for position in plans.indices {
      guard var plan = plans[position], let (source, padding) = onlySource(of: plan.input, writers, privateTensors),
        padding.isOpen, let surround = padding.parts.first, case .surround(let amounts, let value) = surround.kernel,
        amounts.count == 4, amounts[0] == (0, 0), amounts[3] == (0, 0)
      else { continue }
      let padded = graph.tensors[padding.output], shape = graph.tensors[surround.from.tensor].shape
      guard Int(value) == padded.zeroPoint,
        plan.parts.allSatisfy({ $0.kernel.weightedWindow != nil && $0.from.shape.dropLast() == padded.shape.dropLast() && $0.from.offset < shape[3] })
      else { continue }
      for index in plan.parts.indices {
        let part = plan.parts[index]
        plan.parts[index].from = Box(
          surround.from.tensor, offset: part.from.offset, shape: shape.dropLast() + [part.from.shape[3]], strides: Move.strides(shape))
        guard var window = part.kernel.weightedWindow else { continue }
        (window.inputHeight, window.inputWidth) = (shape[1], shape[2])
        window.padTop += amounts[1].before
        window.padLeft += amounts[2].before
        plan.parts[index].kernel.weightedWindow = window
      }
      plan.nodes = padding.nodes + plan.nodes
      plans[position] = plan
      plans[source] = nil
    }
  }
}
