// Writes of the feature memory: as it takes them, and as engines make them.

import HDL
import Machine

/// Byte i of `data` goes to `address` + i where bit i of `mask` is set.
struct FeatureWrite: PortBundle {
  let enable = Forward<Bit>()
  let address = Forward<Unsigned>(Configuration.addressBits)
  let mask: Forward<Unsigned>
  let data: Forward<Unsigned>

  init(bytes: Int) { (mask, data) = (Forward(bytes), Forward(8 * bytes)) }
}

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
