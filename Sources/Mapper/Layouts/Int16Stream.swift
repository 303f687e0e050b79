// Int16 stream: windows over rows of high bytes and rows of low bytes in turn, as byte streams.
//
// A pass of the array is a row of taps. The array counts what it sums in passes over high bytes 256 times, so each row of taps fills whole steps: what is
// fed behind its bytes, the next pixels' or padding, meets weights of zero. Elements can share an output as in `Stream`.

import Machine

/// Windows over int16 as byte streams, a group of N output channels at a time, or of N/r.
struct Int16Stream: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  let mode: LayerMode
  private let dotProduct: Int
  /// Elements that share an output, and all of them by that number.
  private let merged: Int, part: Int
  /// Bytes that lie one behind the other in a row of taps, and the steps that they take.
  private let run: Int, runSteps: Int

  /// - Parameters:
  ///   - shape: of windows whose taps' rows follow each other.
  ///   - merged: elements that share an output, r.
  init(_ shape: WindowShape, channels: Int, merged: Int, _ machine: ArrayShape) {
    (self.shape, dotProduct, self.merged, part) = (shape, machine.dotProduct, merged, machine.elements / merged)
    groups = ChannelGroups(channels, of: part)
    mode = .merged(merged).union(.int16Input)
    let isJoined = shape.dilationX == 1 && shape.hasDenseRows, stepBytes = merged * machine.dotProduct
    var shape = shape
    if isJoined { shape.inputColumnStep = shape.depth }
    let runs = isJoined ? 1 : shape.kernelWidth
    run = isJoined ? shape.kernelWidth * shape.depth : shape.depth
    runSteps = dividedUp(run, stepBytes)
    feed = shape.feed(
      groups: groups.count, padByte: 0, columns: shape.outputWidth, tapColumns: runs, runBytes: runSteps * stepBytes,
      xStep: shape.strideX * shape.inputColumnStep, xTapStep: shape.dilationX * shape.inputColumnStep, xGroupStep: 0)
    array = ArrayFields(columns: shape.outputWidth, passes: shape.kernelHeight, passSteps: runs * runSteps, lastPassLanes: stepBytes)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let (number, step) = place.step.quotientAndRemainder(dividingBy: runSteps)
    let byte = (step * merged + place.element / part) * dotProduct + place.lane
    guard byte < run else { return nil }
    // Runs are rows of taps, or single taps.
    let tap = number * (run / shape.depth) + byte / shape.depth
    return (tap, byte % shape.depth, place.group * groups.size + place.element % part)
  }
}

extension WindowShape {
  /// Ways to sum windows over int16: every output channel over all channels, or over its own.
  /// - Parameter isByChannel: whether every output channel has weights for one channel only.
  func int16Candidates(channels: Int, isByChannel: Bool, _ machine: ArrayShape) -> [LayoutCandidate] {
    // A stream meets zeros in all channels but one.
    if isByChannel, let columns = SharedColumns(self, padByte: 0, maximum: false, isInt16: true, machine) { return [LayoutCandidate(columns)] }
    return LayerMode.mergedCounts(upTo: machine.mergedElements).map { LayoutCandidate(Int16Stream(self, channels: channels, merged: $0, machine)) }
  }
}
