// The ways to run a window per channel.

import Machine

extension WindowShape {
  /// Ways to run a window per channel; none for a maximum that does not fit the column buffer.
  func channelCandidates(
    multiplier: Int, padByte: Int, hasWeights: Bool, maximum: Bool = false, _ machine: ArrayShape
  ) -> [LayoutCandidate] {
    let result = multiplier == 1 ? columnCandidates(padByte: padByte, hasWeights: hasWeights, maximum: maximum, machine) : []
    guard result.isEmpty, !maximum else { return result }
    let view = views.last ?? self
    if view.rowRepeats > 1 { return [LayoutCandidate(WholePixels(view, multiplier: multiplier, padByte: padByte, machine))] }
    guard multiplier > machine.elements else {
      let blocks = LayoutCandidate(ChannelBlocks(view, multiplier: multiplier, padByte: padByte, machine))
      guard !hasWeights, multiplier == 1 else { return [blocks] }
      // Blocks that a dot product takes in one: a word of ones for all steps, unless so few channels take much longer.
      var most = machine.dotProduct
      while most > view.depth { most /= 2 }
      var larger = blocks
      larger.percent = 97
      return [LayoutCandidate(ChannelBlocks(view, multiplier: 1, most: most, padByte: padByte, machine)), larger]
    }
    let slices = stride(from: 0, to: multiplier, by: machine.elements).map { first in
      let slice = first..<min(first + machine.elements, multiplier)
      return ArrayRun(
        layout: ChannelBlocks(view, multiplier: multiplier, slice: slice, padByte: padByte, machine), outputOffset: first)
    }
    return [LayoutCandidate(slices)]
  }

  /// Ways over the column buffer.
  private func columnCandidates(padByte: Int, hasWeights: Bool, maximum: Bool, _ machine: ArrayShape) -> [LayoutCandidate] {
    var result: [LayoutCandidate] = []
    for view in views {
      if let columns = SharedColumns(view, padByte: padByte, maximum: maximum, machine) { result.append(LayoutCandidate(columns)) }
      if hasWeights, window.depth > machine.elements, let even = SharedColumns(view, isEven: true, padByte: padByte, maximum: maximum, machine),
        even.groups.size < machine.elements
      {
        result.append(LayoutCandidate([ArrayRun(layout: even, detail: "even groups")]))
      }
      // Shared columns are as good where every pass is full.
      guard result.isEmpty || view.strideX > 1 || view.dilationX > 1 || view.kernelWidth % machine.dotProduct != 0 else { continue }
      if let taps = TapColumns(view, padByte: padByte, maximum: maximum, machine) { result.append(LayoutCandidate(taps)) }
    }
    guard window.rowRepeats == 1 else { return result }
    if !views.contains(turned), let columns = SharedColumns(turned, padByte: padByte, maximum: maximum, machine), columns.fitsRegisters {
      result.append(LayoutCandidate([ArrayRun(layout: columns, detail: "along columns")]))
    }
    // Pixels side by side have weights of their own, for which they must gain enough; ones are ones.
    let percent = hasWeights ? 97 : 100
    for pixels in blockSizes(machine) {
      let taps = inBlocks(of: pixels, 0..<window.outputWidth) { shape, channels in
        TapColumns(shape, channels: channels, padByte: padByte, maximum: maximum, machine)
      }
      let shared = sharedBlocks(of: pixels) { shape, channels in
        SharedColumns(shape.turned, channels: channels, padByte: padByte, maximum: maximum, machine)
      }
      result += [taps, shared].compactMap { $0.map { LayoutCandidate($0, percent: percent) } }
    }
    return result
  }

  /// How many pixels beside each other use more of the elements than one does; of those that make a row as many blocks, the fewest.
  private func blockSizes(_ machine: ArrayShape) -> [Int] {
    guard window.strideX == 1, inputColumnStep == window.depth, outputColumnStep == window.depth else { return [] }
    let depth = window.depth, width = window.outputWidth, groups = dividedUp(depth, machine.elements)
    return (1...min(max(8, machine.elements / depth), width)).dropFirst().filter { pixels in
      dividedUp(pixels * depth, machine.elements) < pixels * groups && dividedUp(width, pixels) < dividedUp(width, pixels - 1)
    }
  }

  /// Blocks of pixels down the image's columns. Pixels whose windows leave the image at its sides go one by one.
  private func sharedBlocks(of pixels: Int, _ layout: (_ shape: WindowShape, _ channels: Int) -> SharedColumns?) -> [ArrayRun]? {
    // Where rows overlap, bytes above the image are not before it.
    guard window.inputHeight == 1 || inputRowStep >= window.inputWidth * window.depth else { return nil }
    let width = window.outputWidth, first = max(window.padLeft, 0)
    let end = min(width, window.inputWidth + window.padLeft - (window.kernelWidth - 1) * window.dilationX)
    guard end - first >= pixels, var runs = inBlocks(of: pixels, first..<end, layout) else { return nil }
    // The first and the last column are one walk of long steps.
    let sides = first == 1 && end == width - 1
      ? [(columns(every: width - 1), 0)] : [0..<first, end..<width].map { (columns($0), $0.lowerBound * outputColumnStep) }
    for (shape, offset) in sides where shape.outputWidth > 0 {
      guard let side = layout(shape, window.depth), side.fitsRegisters else { return nil }
      runs.append(ArrayRun(layout: side, outputOffset: offset, detail: "sides", sharesWeights: runs.last?.detail == "sides"))
    }
    return runs
  }

  /// Blocks of pixels over some columns of the output, and a smaller one of what is left; nil where one has no layout.
  private func inBlocks<Way: Layout>(
    of pixels: Int, _ columns: Range<Int>, _ layout: (_ shape: WindowShape, _ channels: Int) -> Way?
  ) -> [ArrayRun]? {
    let middle = columns.upperBound - columns.count % pixels
    var runs: [ArrayRun] = []
    for (range, size) in [(columns.lowerBound..<middle, pixels), (middle..<columns.upperBound, columns.count % pixels)] where size > 0 {
      guard let layout = layout(self.columns(range).columns(every: size), size * window.depth), layout.fitsRegisters else { return nil }
      runs.append(
        ArrayRun(
          layout: layout, outputOffset: range.lowerBound * outputColumnStep, detail: size > 1 ? "\(size) pixels side by side" : "last column"))
    }
    return runs
  }
}
