// Whole pixels: a window per channel as a stream of all channels, where the weights of other channels are zero.
//
// The feeder has one loop less to do than with blocks of the channels, so that it can read rows of taps again.

import Machine

/// A stream of which every output channel takes the bytes of one input channel.
struct WholePixels: Layout {
  private let stream: Stream
  private let multiplier: Int

  /// - Parameter multiplier: output channels per input channel.
  init(_ shape: WindowShape, multiplier: Int, padByte: Int, _ machine: ArrayShape) {
    self.multiplier = multiplier
    stream = Stream(shape, channels: shape.depth * multiplier, padByte: padByte, machine)
  }

  var shape: WindowShape { stream.shape }
  var groups: ChannelGroups { stream.groups }
  var feed: FeedFields { stream.feed }
  var array: ArrayFields { stream.array }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    guard let found = stream.weight(at: place), found.input == found.output / multiplier else { return nil }
    return found
  }
}
