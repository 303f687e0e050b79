// Ways to run a sliding window on the array.
//
// Stream: a pixel's window is the bytes of all its runs, every element has its own weights for all of them.
// Shared columns: a window per channel; image columns are fed once per output row and shared by the windows.
// Taps: a window per channel, every tap fed for itself. See docs/core.md.

import Machine

/// How feeder, array and column buffer are set up for windows. `feed.base` is still relative: image row `firstY` lies
/// `WindowShape.baseOffset` from the image.
struct WindowLayout: Sendable, Hashable {
  var mode: LayerMode
  var feed: FeedFields
  var array: ArrayFields
  /// Zeros in stream mode.
  var window: WindowFields

  /// Steps of a tile: as many weight words if every step has its own.
  var steps: Int { array.passes * array.passSteps }
}

/// The sizes of the machine that decide how windows run on it.
struct ArrayShape: Sendable, Hashable {
  var elements: Int, dotProduct: Int, patchDepth: Int

  init(_ configuration: Configuration) {
    (elements, dotProduct, patchDepth) = (configuration.elements, configuration.dotProduct, configuration.patchDepth)
  }
}

extension WindowShape {
  /// What the feeder reads of the image, with what the layouts differ in.
  private func feed(
    groups: Int, padByte: Int, columns: Int, tapColumns: Int, runBytes: Int, xStep: Int, xTapStep: Int, xGroupStep: Int
  ) -> FeedFields {
    let rowBytes = inputWidth * depth
    return FeedFields(
      base: 0, rowStep: strideY * rowBytes, tapRowStep: dilationY * rowBytes, firstY: -padTop, yStep: strideY, yTapStep: dilationY,
      height: inputHeight, firstX: -padLeft * depth, xStep: xStep, xTapStep: xTapStep, xGroupStep: xGroupStep, rowBytes: rowBytes,
      groups: groups, rows: outputHeight, columns: columns, tapRows: kernelHeight, tapColumns: tapColumns, runBytes: runBytes,
      padByte: padByte & 0xFF)
  }

  /// The array's passes over a window of so many lanes, `advance` of them a pass.
  private func array(lanes: Int, advance: Int, passSteps: Int) -> ArrayFields {
    let passes = dividedUp(lanes, advance)
    return ArrayFields(columns: outputWidth, passes: passes, passSteps: passSteps, lastPassLanes: lanes - advance * (passes - 1))
  }

  /// `feed.base` less the address of the image: where image row `firstY` begins.
  var baseOffset: Int { -padTop * inputWidth * depth }

  /// Windows as byte streams.
  /// - Parameters:
  ///   - groups: of output channels.
  ///   - block: channels of a pixel that belong to a group's window, a block at a time `groupStep` apart; nil for all of
  ///     them, tap by tap contiguous where possible.
  func stream(_ machine: ArrayShape, groups: Int, padByte: Int, block: (bytes: Int, groupStep: Int)? = nil) -> WindowLayout {
    let isJoined = block == nil && dilationX == 1
    let tapColumns = isJoined ? 1 : kernelWidth
    let runBytes = block?.bytes ?? (isJoined ? kernelWidth * depth : depth)
    return WindowLayout(
      mode: [],
      feed: feed(
        groups: groups, padByte: padByte, columns: outputWidth, tapColumns: tapColumns, runBytes: runBytes, xStep: strideX * depth,
        xTapStep: dilationX * depth, xGroupStep: block?.groupStep ?? 0),
      array: array(lanes: kernelHeight * tapColumns * runBytes, advance: machine.dotProduct, passSteps: 1), window: .zero)
  }

  /// A window per channel over image columns of one pixel's width and the kernel's height.
  /// - Returns: nil when the columns cannot be shared or do not fit the buffer.
  func sharedColumns(_ machine: ArrayShape, groups: Int, padByte: Int, maximum: Bool) -> WindowLayout? {
    guard dilationX == 1, kernelHeight <= machine.patchDepth else { return nil }
    let capacity = machine.dotProduct * (machine.patchDepth / kernelHeight)
    guard capacity >= max(kernelWidth, strideX) else { return nil }
    return columns(
      machine, capacity: capacity, window: kernelWidth, advance: strideX, passSteps: kernelHeight, maximum: maximum,
      feed(
        groups: groups, padByte: padByte, columns: (outputWidth - 1) * strideX + kernelWidth, tapColumns: 1,
        runBytes: min(machine.elements, depth), xStep: depth, xTapStep: 0, xGroupStep: machine.elements))
  }

  /// A window per channel, every tap a column of its own.
  /// - Returns: nil when the taps do not fit the buffer.
  func tapColumns(_ machine: ArrayShape, groups: Int, padByte: Int, maximum: Bool) -> WindowLayout? {
    let capacity = machine.dotProduct * machine.patchDepth
    guard taps <= capacity else { return nil }
    return columns(
      machine, capacity: capacity, window: taps, advance: taps, passSteps: 1, maximum: maximum,
      feed(
        groups: groups, padByte: padByte, columns: outputWidth, tapColumns: kernelWidth, runBytes: min(machine.elements, depth),
        xStep: strideX * depth, xTapStep: dilationX * depth, xGroupStep: machine.elements))
  }

  /// Column mode: windows of so many columns, each `passSteps` entries high, that end every row with a whole window.
  private func columns(
    _ machine: ArrayShape, capacity: Int, window: Int, advance: Int, passSteps: Int, maximum: Bool, _ feed: FeedFields
  ) -> WindowLayout {
    WindowLayout(
      mode: maximum ? [.columns, .maximum] : [.columns], feed: feed,
      array: array(lanes: window, advance: maximum ? 1 : machine.dotProduct, passSteps: passSteps),
      window: WindowFields(
        columns: window, capacity: min(capacity, LayerField.at(\.window.capacity).range.upperBound), advance: advance,
        rowAdvance: window, passSteps: passSteps, dotProduct: machine.dotProduct))
  }
}
