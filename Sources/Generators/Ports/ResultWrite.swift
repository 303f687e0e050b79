// Writes of the feature memory, as engines make them.

import HDL
import Machine

/// The outputs of an engine in one cycle.
struct ResultWrite: PortBundle {
  let enable = Forward<Bit>()
  let address = Forward<Unsigned>(Configuration.addressBits)
  /// Bytes, from the first on.
  let count = Forward<Unsigned>(8)
  let data: Forward<Unsigned>
  /// For the trace: what they were before a fused addition or a table.
  let before: Forward<Unsigned>

  /// - Parameter bytes: the most that are written at once.
  init(bytes: Int) { (data, before) = (Forward(8 * bytes), Forward(8 * bytes)) }
}
