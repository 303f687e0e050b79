// Reads of the feature memory: the plain ones of those who want a few bytes, and the feeder's, which is placed and cut.

import HDL
import Machine

/// Some bytes from any address, `Timing.featureRead` cycles after the request.
struct FeatureRead: PortBundle {
  let enable = Forward<Bit>()
  let address = Forward<Unsigned>(Configuration.addressBits)
  /// Bytes that are needed and must exist: 1...V.
  let count: Forward<Unsigned>
  /// The first byte is the lowest.
  let data: Backward<Unsigned>

  /// - Parameters:
  ///   - bytes: the most that are needed, and as many as `data` has.
  ///   - lanes: V, the bytes that the memory reads at once.
  init(bytes: Int, lanes: Int) { (count, data) = (Forward(lanes.log2 + 1), Backward(8 * bytes)) }
}

/// V bytes, each in a lane that is asked for, with padding around them.
struct PlacedRead: PortBundle {
  let enable = Forward<Bit>()
  let address = Forward<Unsigned>(Configuration.addressBits)
  /// The lane in which the byte at `address` comes out; the rest follow, wrapping.
  let destination: Forward<Unsigned>
  /// Bytes before `low` and from `high` on, counted from the first byte, read as padding; those between must exist.
  let low: Forward<Unsigned>, high: Forward<Unsigned>
  let data: Backward<Unsigned>

  /// - Parameter lanes: V.
  init(lanes: Int) {
    (destination, low, high) = (Forward(lanes.log2), Forward(lanes.log2 + 1), Forward(lanes.log2 + 1))
    data = Backward(8 * lanes)
  }
}
