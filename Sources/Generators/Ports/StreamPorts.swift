// Both sides of the aligning buffer.

import HDL
import Machine

/// Bytes of a window, for the aligning buffer. Byte k of them comes in the lane of its place in the ring.
struct StreamWrite: PortBundle {
  let enable = Forward<Bit>()
  /// Where in the ring the first byte goes.
  let position: Forward<Unsigned>
  /// Bytes that arrive.
  let count: Forward<Unsigned>
  /// Bytes by which the ring fills: more than arrive at the end of a window.
  let advance: Forward<Unsigned>
  let data: Forward<Unsigned>

  init(_ c: Configuration) {
    (position, data) = (Forward(c.streamBufferBytes.log2), Forward(8 * c.memoryLanes))
    (count, advance) = (Forward(c.memoryLanes.log2 + 1), Forward(c.memoryLanes.log2 + 1))
  }
}

/// Steps' worth of the aligning buffer, C bytes for every element that shares an output, in order.
struct StreamRead: PortBundle {
  /// Takes what shows.
  let pop = Forward<Bit>()
  let merged: MergedElements
  /// All of it is there.
  let available = Backward<Bit>()

  init(_ c: Configuration) { merged = MergedElements(c) }
}
