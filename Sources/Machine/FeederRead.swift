// Which bytes of feature memory a piece of the feeder's walk reads.
//
// A piece belongs to a row of the image, at or beyond its ends. What lies outside of the image is padding and is not read.

extension LayerFields {
  private static let address = Walk.feeder.index(ofPosition: "address"), x = Walk.feeder.index(ofPosition: "x")
  private static let y = Walk.feeder.index(ofPosition: "y")

  /// Where the first byte of a piece is or would be: an address, not wrapped.
  /// - Parameter place: of `Walk.feeder`.
  public func firstByte(at place: Walk.Place) -> Int { place.values[Self.address] + place.values[Self.x] }

  /// The addresses of the bytes that are read for a piece; empty where all of it is padding.
  /// - Parameter place: of `Walk.feeder`.
  public func bytesRead(at place: Walk.Place) -> Range<Int> {
    let x = place.values[Self.x], row = place.values[Self.address]
    guard (0..<feed.height).contains(place.values[Self.y]) else { return row..<row }
    let first = max(x, 0)
    return row + first..<row + max(first, min(x + place.count, feed.rowBytes))
  }
}
