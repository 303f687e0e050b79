// Which bytes of feature memory a piece of the feeder's walk reads.
//
// A piece belongs to a row of the image, at or beyond its ends. What lies outside of the image is padding and is not read.

extension LayerFields {
  private static let address = Walk.feeder.index(ofPosition: "address"), x = Walk.feeder.index(ofPosition: "x")
  private static let y = Walk.feeder.index(ofPosition: "y")

  /// Where the first byte of a piece is or would be: an address, not wrapped.
  /// - Parameter place: of `Walk.feeder`.
  public func firstByte(at place: Walk.Place) -> Int { place.values[Self.address] + place.values[Self.x] }

  /// The row of the image that a piece belongs to: below 0 above the image, from `feed.height` on below it.
  /// - Parameter place: of `Walk.feeder`.
  public func imageRow(at place: Walk.Place) -> Int { place.values[Self.y] }

  /// The byte that stands for everything outside of the image in a piece. Of int16, zero is a high byte of 0 and a low byte of -128;
  /// where a maximum is asked for, -128 in both is the least.
  /// - Parameter place: of `Walk.feeder`.
  public func padding(at place: Walk.Place) -> Int8 {
    let isLow = mode.contains(.int16Input) && !mode.contains(.maximum) && imageRow(at: place) & 1 == 1
    return Int8(truncatingIfNeeded: feed.padByte ^ (isLow ? 0x80 : 0))
  }

  /// The addresses of the bytes that are read for a piece; empty where all of it is padding.
  /// - Parameter place: of `Walk.feeder`.
  public func bytesRead(at place: Walk.Place) -> Range<Int> {
    let x = place.values[Self.x], row = place.values[Self.address]
    guard (0..<feed.height).contains(imageRow(at: place)) else { return row..<row }
    let first = max(x, 0)
    return row + first..<row + max(first, min(x + place.count, feed.rowBytes))
  }
}
