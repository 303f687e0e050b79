// Stream: a pixel's window is the bytes of all its runs, and every element has weights of its own for all of them, or for a part of them where
// elements share an output: element n of N then makes output n mod N/r, and takes C bytes of every r·C.

import Machine

/// Windows as byte streams, a group of N output channels at a time, or of N/r.
struct Stream: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  let mode: LayerMode
  private let dotProduct: Int
  /// Elements that share an output, and all of them by that number.
  private let merged: Int, part: Int
  /// The first output channel of the layer that is made.
  private let first: Int

  /// - Parameters:
  ///   - first: the first output channel of the layer that is made.
  ///   - channels: how many are made.
  ///   - merged: elements that share an output, r.
  init(_ shape: WindowShape, from first: Int = 0, channels: Int, merged: Int = 1, padByte: Int, _ machine: ArrayShape) {
    (self.shape, dotProduct, self.merged, part, self.first) = (shape, machine.dotProduct, merged, machine.elements / merged, first)
    groups = ChannelGroups(channels, of: part)
    mode = .merged(merged)
    // Taps beside each other are one run where their bytes are. Beside the only pixel of a row is padding, as wide as a pixel's bytes.
    let isJoined = shape.dilationX == 1 && shape.hasDenseRows
    var shape = shape
    if isJoined { shape.inputColumnStep = shape.depth }
    // A row that is read again takes the loop over taps of a row, which is free where these are one run.
    precondition(isJoined || shape.kernelWidth == 1 || shape.rowRepeats == 1, "no loop is left for a row of taps that is read again")
    let isRepeated = shape.rowRepeats > 1
    let tapColumns = isRepeated ? shape.rowRepeats : isJoined ? 1 : shape.kernelWidth
    let runBytes = isJoined ? shape.kernelWidth * shape.depth : shape.depth
    feed = shape.feed(
      groups: groups.count, padByte: padByte, columns: shape.outputWidth, tapColumns: tapColumns, runBytes: runBytes,
      xStep: shape.strideX * shape.inputColumnStep, xTapStep: isRepeated ? 0 : shape.dilationX * shape.inputColumnStep, xGroupStep: 0)
    array = shape.array(lanes: shape.taps * shape.depth, advance: merged * machine.dotProduct, passSteps: 1)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let byte = (place.step * merged + place.element / part) * dotProduct + place.lane
    guard byte < shape.taps * shape.depth else { return nil }
    return (byte / shape.depth, byte % shape.depth, channel(place.group * groups.size + place.element % part))
  }

  func channel(_ number: Int) -> Int { first + number }
}
