// Stream: a pixel's window is the bytes of all its runs, and every element has weights of its own for all of them.

import Machine

/// Windows as byte streams, a group of N output channels at a time.
struct Stream: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  private let dotProduct: Int

  init(_ shape: WindowShape, channels: Int, padByte: Int, _ machine: ArrayShape) {
    (self.shape, dotProduct) = (shape, machine.dotProduct)
    groups = ChannelGroups(channels, of: machine.elements)
    // Taps beside each other are one run where their bytes are. Beside the only pixel of a row is padding, as wide as a pixel's bytes.
    let isJoined = shape.dilationX == 1 && shape.hasDenseRows
    var shape = shape
    if isJoined { shape.inputColumnStep = shape.depth }
    let tapColumns = isJoined ? 1 : shape.kernelWidth
    let runBytes = isJoined ? shape.kernelWidth * shape.depth : shape.depth
    feed = shape.feed(
      groups: groups.count, padByte: padByte, columns: shape.outputWidth, tapColumns: tapColumns, runBytes: runBytes,
      xStep: shape.strideX * shape.inputColumnStep, xTapStep: shape.dilationX * shape.inputColumnStep, xGroupStep: 0)
    array = shape.array(lanes: shape.taps * shape.depth, advance: machine.dotProduct, passSteps: 1)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let byte = place.step * dotProduct + place.lane
    guard byte < shape.taps * shape.depth else { return nil }
    return (byte / shape.depth, byte % shape.depth, place.group * groups.size + place.element)
  }
}
