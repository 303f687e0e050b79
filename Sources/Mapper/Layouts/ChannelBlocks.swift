// Channel blocks: a window per channel as a stream with mostly zero weights, for windows that no buffer holds and for
// several output channels per input channel. A group sees a block of the image's channels.

import Machine

/// Streams over a few channels of every pixel.
struct ChannelBlocks: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  private let dotProduct: Int
  /// Input channels that a group sees, and output channels of the layer per input channel.
  private let inputs: Int, multiplier: Int
  /// Of the output channels per input channel, those that are made: from `first` on, as many as fit.
  private let slice: Range<Int>

  /// As many input channels a group as all their output channels have elements.
  /// - Parameter most: input channels that a group sees at most.
  init(_ shape: WindowShape, multiplier: Int, most: Int = .max, padByte: Int, _ machine: ArrayShape) {
    let inputs = min(machine.elements / multiplier, most)
    self.init(shape, multiplier: multiplier, slice: 0..<multiplier, inputs: inputs, padByte: padByte, machine)
  }

  /// A slice of the output channels of one input channel at a time, where there are more of them than elements.
  init(_ shape: WindowShape, multiplier: Int, slice: Range<Int>, padByte: Int, _ machine: ArrayShape) {
    self.init(shape, multiplier: multiplier, slice: slice, inputs: 1, padByte: padByte, machine)
  }

  private init(_ shape: WindowShape, multiplier: Int, slice: Range<Int>, inputs: Int, padByte: Int, _ machine: ArrayShape) {
    (self.shape, dotProduct, self.multiplier, self.slice) = (shape, machine.dotProduct, multiplier, slice)
    self.inputs = min(inputs, shape.depth)
    groups = ChannelGroups(shape.depth * slice.count, of: inputs * slice.count, step: slice.count == multiplier ? nil : multiplier)
    feed = shape.feed(
      groups: groups.count, padByte: padByte, columns: shape.outputWidth, tapColumns: shape.kernelWidth, runBytes: self.inputs,
      xStep: shape.strideX * shape.inputColumnStep, xTapStep: shape.dilationX * shape.inputColumnStep, xGroupStep: inputs)
    array = shape.array(lanes: shape.taps * self.inputs, advance: machine.dotProduct, passSteps: 1)
  }

  /// Where a dot product takes whole pixels of a group, all steps of all groups have the same places.
  var onesRepeat: Bool { dotProduct % inputs == 0 && multiplier == 1 }

  func channel(_ number: Int) -> Int { number / slice.count * multiplier + slice.lowerBound + number % slice.count }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let byte = place.step * dotProduct + place.lane
    let output = channel(place.group * groups.size + place.element), input = output / multiplier
    guard byte < shape.taps * inputs, byte % inputs == input - place.group * (groups.size / slice.count) else { return nil }
    return (byte / inputs, input, output)
  }
}
