// Reads of the feature memory as the feeder makes them and the memory takes them.

import HDL
import Machine

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
