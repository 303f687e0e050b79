// From the feeder to the array's buffers, and how the feeder learns that there is room.

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

/// An entry of a column, a byte for each element, for the column buffer.
struct ColumnWrite: PortBundle {
  let enable = Forward<Bit>()
  let data: Forward<Unsigned>

  init(_ c: Configuration) { data = Forward(8 * c.elements) }
}

/// Everything that the feeder and the array tell each other.
struct Feed: PortBundle {
  let stream: StreamWrite
  let columns: ColumnWrite
  /// The array took C bytes from the aligning buffer.
  let streamTaken = Backward<Bit>()
  /// The array is done with this many columns.
  let release = Backward<Bit>(), releaseColumns = Backward<Unsigned>(16)

  init(_ c: Configuration) { (stream, columns) = (StreamWrite(c), ColumnWrite(c)) }
}
