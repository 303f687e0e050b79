// Digit stream: windows over weights of more than 8 bits, a digit of all weights after the other.
//
// A weight is w = Σ d·128^i with digits of −64…63, the greatest −128…127. The feeder brings a window as often as there are digits, and
// between two digits the elements shift their sums, so that ((Σ x·d2)·128 + Σ x·d1)·128 + Σ x·d0 is the sum over the whole weights. The
// array's passes are the digits. The feeder's two loops over taps are the digits and the rows of the kernel, for which the image
// is one long row: windows must not leave it, and the pixels of a kernel row lie back to back.
//
// Where every output channel has input channels of its own, each is a group, and the image a row of as many windows. Elements can share it as in `Stream`.

import Machine

/// Windows as byte streams, once per digit of the weights.
struct DigitStream: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  let mode: LayerMode
  private let dotProduct: Int
  /// Elements that share an output, and all of them by that number.
  private let merged: Int, part: Int
  /// Bytes of a kernel row, and those that are fed in its place so that every digit ends with a step.
  private let row: Int, fed: Int

  /// - Parameters:
  ///   - isDivided: whether every output channel has input channels of its own; for images of one pixel.
  ///   - merged: elements that share an output.
  /// - Returns: nil for windows that leave the image, or whose pixels do not lie back to back.
  init?(_ shape: WindowShape, channels: Int, digits: Int, isDivided: Bool = false, merged: Int = 1, _ machine: ArrayShape) {
    guard !shape.touchesPadding, shape.kernelWidth == 1 || shape.dilationX == 1, shape.hasDenseRows,
      shape.inputHeight == 1 || shape.inputRowStep == shape.inputWidth * shape.depth
    else { return nil }
    (self.shape, dotProduct, self.merged, part) = (shape, machine.dotProduct, merged, machine.elements / merged)
    mode = .merged(merged).union(.digits)
    groups = ChannelGroups(channels, of: isDivided ? 1 : part)
    row = shape.kernelWidth * shape.depth
    var fed = row
    while shape.kernelHeight * fed % (merged * machine.dotProduct) != 0 { fed += 1 }
    self.fed = fed
    let tapStep = shape.dilationY * shape.inputRowStep, first = -shape.padLeft * shape.inputColumnStep
    let columnStep = shape.strideX * shape.inputColumnStep
    feed = FeedFields(
      base: 0, rowStep: shape.strideY * shape.inputRowStep, tapRowStep: 0, firstY: 0, yStep: 0, yTapStep: 0, height: 1, firstX: first,
      xStep: columnStep, xTapStep: tapStep, xGroupStep: isDivided ? row : 0,
      rowBytes: first + (shape.outputWidth - 1) * columnStep + (shape.kernelHeight - 1) * tapStep + (isDivided ? channels : 1) * row,
      groups: groups.count,
      rows: shape.outputHeight, columns: shape.outputWidth, tapRows: digits, tapColumns: shape.kernelHeight, runBytes: fed, padByte: 0)
    array = ArrayFields(
      columns: shape.outputWidth, passes: digits, passSteps: shape.kernelHeight * fed / (merged * machine.dotProduct),
      lastPassLanes: merged * machine.dotProduct)
  }

  /// Taps count on from digit to digit: `taps` of them each.
  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let (digit, step) = place.step.quotientAndRemainder(dividingBy: array.passSteps)
    let lane = (step * merged + place.element / part) * dotProduct + place.lane, (tapRow, byte) = lane.quotientAndRemainder(dividingBy: fed)
    guard byte < row else { return nil }
    let tap = digit * shape.taps + tapRow * shape.kernelWidth + byte / shape.depth
    return (tap, byte % shape.depth, place.group * groups.size + place.element % part)
  }

  /// Weights as digits, the greatest first: as many for all as the widest needs.
  static func digits(of weights: [Int]) -> [[Int8]] {
    let base = 1 << Configuration.digitBits
    var rest = weights, digits: [[Int8]] = []
    while !rest.allSatisfy({ Int8(exactly: $0) != nil }) {
      let low = rest.map { ($0 + base / 2) & (base - 1) - base / 2 }
      digits.append(low.map { Int8($0) })
      rest = zip(rest, low).map { ($0 - $1) / base }
    }
    return [rest.map { Int8($0) }] + digits.reversed()
  }
}

extension WindowShape {
  /// Ways to sum windows over weights of so many digits; none where they do not lie as a stream needs them.
  /// - Parameter isDivided: whether every output channel has input channels of its own, which leaves all elements but one, or a few that share it, idle.
  func digitCandidates(channels: Int, digits: Int, isDivided: Bool, _ machine: ArrayShape) -> [LayoutCandidate] {
    (isDivided ? LayerMode.mergedCounts(upTo: machine.mergedElements) : [1]).compactMap { merged in
      DigitStream(self, channels: channels, digits: digits, isDivided: isDivided, merged: merged, machine).map { LayoutCandidate($0) }
    }
  }
}
