// Few output channels leave elements idle. Several pixels side by side, seen as one pixel with a wider window and more
// channels, use them: pixel i of p takes the taps from i strides on, and meets zeros elsewhere.

import Machine

/// A stream of pixels that are several output pixels wide.
struct WidePixels: Layout {
  private let stream: Stream
  /// The window of one output pixel.
  private let narrow: WindowShape
  private let channels: Int

  /// - Parameters:
  ///   - shape: whose columns are computed `pixels` at a time; those that are left over are not.
  ///   - channels: of one output pixel.
  ///   - merged: elements that share an output.
  init(_ shape: WindowShape, pixels: Int, channels: Int, merged: Int = 1, padByte: Int, _ machine: ArrayShape) {
    (narrow, self.channels) = (shape, channels)
    var wide = shape
    wide.kernelWidth += (pixels - 1) * shape.strideX
    wide.strideX *= pixels
    wide.outputWidth /= pixels
    wide.outputColumnStep *= pixels
    stream = Stream(wide, channels: channels * pixels, merged: merged, padByte: padByte, machine)
  }

  var shape: WindowShape { stream.shape }
  var groups: ChannelGroups { stream.groups }
  var feed: FeedFields { stream.feed }
  var array: ArrayFields { stream.array }
  var mode: LayerMode { stream.mode }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    guard let (tap, input, output) = stream.weight(at: place) else { return nil }
    let (row, column) = (tap / shape.kernelWidth, tap % shape.kernelWidth - output / channels * narrow.strideX)
    guard (0..<narrow.kernelWidth).contains(column) else { return nil }
    return (row * narrow.kernelWidth + column, input, channel(output))
  }

  func channel(_ number: Int) -> Int { number % channels }
}
