// Shared columns and taps: a window per channel, an element per channel, over a buffer of columns.

import Machine

/// Image columns of one pixel's width and the kernel's height, fed once per output row and shared by the windows.
///
/// Or, where few channels leave elements idle, of several pixels beside each other along the image's row, on a shape that is turned: its rows
/// are the image's columns, and every entry is the same pixels one further. The feeder clips whole runs there, so the pixels' windows must not
/// leave the image at its sides.
struct SharedColumns: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let mode: LayerMode
  let feed: FeedFields
  let array: ArrayFields
  let window: WindowFields
  private let dotProduct: Int

  /// - Parameters:
  ///   - channels: of the pixels of a column together; nil: of one pixel.
  ///   - isEven: whether channels are in groups as even as can be, which store fewer words of weights and may drain longer.
  ///   - isInt16: whether rows are high and low bytes of int16 in turn.
  /// - Returns: nil when the columns cannot be shared or do not fit the buffer.
  init?(_ shape: WindowShape, channels: Int? = nil, isEven: Bool = false, padByte: Int, maximum: Bool, isInt16: Bool = false, _ machine: ArrayShape) {
    guard shape.dilationX == 1, shape.tapRows <= machine.patchDepth else { return nil }
    let capacity = machine.dotProduct * (machine.patchDepth / shape.tapRows)
    guard capacity >= max(shape.kernelWidth, shape.strideX) else { return nil }
    (self.shape, dotProduct) = (shape, machine.dotProduct)
    let channels = channels ?? shape.depth
    groups = ChannelGroups(channels, of: isEven ? dividedUp(channels, dividedUp(channels, machine.elements)) : machine.elements)
    mode = LayerMode.columns.union(maximum ? .maximum : []).union(isInt16 ? .int16Input : [])
    feed = shape.feed(
      groups: groups.count, padByte: padByte, columns: (shape.outputWidth - 1) * shape.strideX + shape.kernelWidth, tapColumns: shape.rowRepeats,
      runBytes: groups.size, xStep: shape.inputColumnStep, xTapStep: 0, xGroupStep: groups.size,
      lastPixel: groups.channels)
    array = shape.array(lanes: shape.kernelWidth, advance: maximum ? 1 : machine.dotProduct, passSteps: shape.tapRows)
    window = WindowFields(
      columns: shape.kernelWidth, capacity: capacity, advance: shape.strideX, passSteps: shape.tapRows, machine)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let (pass, entry) = (place.step / array.passSteps, place.step % array.passSteps)
    let column = pass * dotProduct + place.lane
    guard column < window.columns else { return nil }
    let channel = channel(place.group * groups.size + place.element)
    return (shape.tap(row: entry, column: column), channel, channel)
  }

  func channel(_ number: Int) -> Int { number % shape.depth }
}

/// Every tap a column of its own, fed for every window.
struct TapColumns: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let mode: LayerMode
  let feed: FeedFields
  let array: ArrayFields
  let window: WindowFields
  private let dotProduct: Int

  /// - Parameter channels: bytes of a run, of several pixels beside each other; nil: the channels of a pixel.
  /// - Returns: nil when the taps do not fit the buffer, or are read again.
  init?(_ shape: WindowShape, channels: Int? = nil, padByte: Int, maximum: Bool = false, _ machine: ArrayShape) {
    let capacity = machine.dotProduct * machine.patchDepth
    guard shape.rowRepeats == 1, shape.taps <= capacity else { return nil }
    (self.shape, dotProduct) = (shape, machine.dotProduct)
    groups = ChannelGroups(channels ?? shape.depth, of: machine.elements)
    mode = maximum ? [.columns, .maximum] : [.columns]
    feed = shape.feed(
      groups: groups.count, padByte: padByte, columns: shape.outputWidth, tapColumns: shape.kernelWidth, runBytes: groups.size,
      xStep: shape.strideX * shape.inputColumnStep, xTapStep: shape.dilationX * shape.inputColumnStep, xGroupStep: machine.elements)
    array = shape.array(lanes: shape.taps, advance: maximum ? 1 : machine.dotProduct, passSteps: 1)
    window = WindowFields(columns: shape.taps, capacity: capacity, advance: shape.taps, passSteps: 1, machine)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let tap = place.step * dotProduct + place.lane
    guard tap < shape.taps else { return nil }
    let channel = channel(place.group * groups.size + place.element)
    return (tap, channel, channel)
  }

  func channel(_ number: Int) -> Int { number % shape.depth }
}

extension WindowFields {
  /// Windows of so many columns, each `passSteps` entries high, that end every row with a whole window.
  fileprivate init(columns: Int, capacity: Int, advance: Int, passSteps: Int, _ machine: ArrayShape) {
    self.init(
      columns: columns, capacity: min(capacity, LayerField.at(\.window.capacity).range.upperBound), advance: advance,
      rowAdvance: columns, passSteps: passSteps, dotProduct: machine.dotProduct)
  }
}
