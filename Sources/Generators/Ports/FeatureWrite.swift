// Writes of the feature memory, as it takes them.

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
