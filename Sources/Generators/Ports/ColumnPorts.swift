// Both sides of the column buffer.

import HDL
import Machine

/// An entry of a column, a byte for each element, for the column buffer.
struct ColumnWrite: PortBundle {
  let enable = Forward<Bit>()
  let data: Forward<Unsigned>

  init(_ c: Configuration) { data = Forward(8 * c.elements) }
}

/// C neighbouring columns of the column buffer, one entry of each, in the next cycle.
struct ColumnRead: PortBundle {
  let enable = Forward<Bit>()
  /// First column modulo C, and the address of its entry in its bank.
  let bank: Forward<Unsigned>
  let entry: Forward<Unsigned>
  /// Columns whose last entry has arrived: high for one cycle each.
  let completed = Backward<Bit>()

  init(_ c: Configuration) { (bank, entry) = (Forward(c.dotProduct.log2), Forward(indexBits(c.patchDepth))) }
}
