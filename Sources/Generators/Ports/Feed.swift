// From the feeder to the array's buffers, and how the feeder learns that there is room.

import HDL
import Machine

/// Everything that the feeder and the array tell each other.
struct Feed: PortBundle {
  let stream: StreamWrite
  let columns: ColumnWrite
  /// The array took a step's bytes from the aligning buffer.
  let streamTaken = Backward<Bit>()
  /// The array is done with this many columns.
  let release = Backward<Bit>(), releaseColumns = Backward<Unsigned>(16)

  init(_ c: Configuration) { (stream, columns) = (StreamWrite(c), ColumnWrite(c)) }
}
