// Product stream: a window over weights that are computed, and copied to the weight memory before they are read.
//
// As `Stream`, but that every tap begins with a step of its own: then the bytes of the second matrix have the same lanes in every tap.

import Machine

/// The product of two matrices as byte streams, a group of N columns at a time.
struct ProductStream: Layout {
  let shape: WindowShape
  let groups: ChannelGroups
  let feed: FeedFields
  let array: ArrayFields
  private let dotProduct: Int
  /// Steps of a tap.
  private let tapSteps: Int

  init(_ product: MatrixProduct, _ shape: WindowShape, columns: Int, _ machine: ArrayShape) {
    (self.shape, dotProduct) = (shape, machine.dotProduct)
    groups = ChannelGroups(columns, of: machine.elements)
    tapSteps = dividedUp(shape.depth, machine.dotProduct)
    // What is fed behind a row's end is padding or the next row's; its weights are zero.
    feed = shape.feed(
      groups: groups.count, padByte: product.padByte, columns: shape.outputWidth, tapColumns: shape.kernelWidth,
      runBytes: tapSteps * machine.dotProduct, xStep: shape.inputColumnStep, xTapStep: 0, xGroupStep: 0)
    array = ArrayFields(
      columns: shape.outputWidth, passes: shape.taps * tapSteps, passSteps: 1, lastPassLanes: machine.dotProduct)
  }

  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)? {
    let input = place.step % tapSteps * dotProduct + place.lane
    guard input < shape.depth else { return nil }
    return (place.step / tapSteps, input, place.group * groups.size + place.element)
  }

  /// Copies to the weight memory, each an image of rows and columns: from element (column, index) of the second matrix to a byte of the block.
  struct Copy: Hashable {
    /// Of the second matrix: its column, and its index along the depth.
    var column: Int, index: Int
    /// Bytes that lie one behind the other on both sides.
    var run: Int
    /// Runs along the depth, C indices apart, and columns.
    var runs: Int, columns: Int
    /// Bytes of the block.
    var place: Int
  }

  /// The copies that fill the computed taps.
  /// - Parameters:
  ///   - taps: those whose weights are computed.
  ///   - isDense: whether indices along the depth are neighbouring bytes of the second matrix.
  func copies(taps: [Int], isDense: Bool, _ machine: ArrayShape) -> [Copy] {
    let (depth, wordBytes) = (shape.depth, machine.elements * dotProduct)
    // A write is of one word of 32 bits.
    var run = isDense ? min(dotProduct, 4) : 1
    while depth % run != 0 { run /= 2 }
    return taps.flatMap { tap in
      (0..<groups.count).flatMap { group in
        stride(from: 0, to: min(dotProduct, depth), by: run).map { lane in
          Copy(
            column: group * groups.size, index: lane, run: run, runs: dividedUp(depth - lane, dotProduct),
            columns: group == groups.count - 1 ? groups.last : groups.size,
            place: (group * steps + tap * tapSteps) * wordBytes + lane)
        }
      }
    }
  }
}
