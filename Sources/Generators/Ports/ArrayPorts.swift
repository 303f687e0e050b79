// Inside the array: what its controller tells the buffers and the elements, and how finished tiles leave.

import HDL
import Machine

/// Words of the aligning buffer, C bytes each, in order.
struct StreamRead: PortBundle {
  /// Takes the word that shows.
  let pop = Forward<Bit>()
  /// A whole word is there.
  let available = Backward<Bit>()
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

/// What the elements do, each signal as many cycles after the step as its stage.
struct ElementSteps: PortBundle {
  // One cycle: the operand, its lanes that count, and whether it comes from columns.
  let operandValid = Forward<Bit>()
  let operandColumns = Forward<Bit>()
  let operandLanes: Forward<Unsigned>
  // Two cycles.
  let multiply = Forward<Bit>()
  let maximum = Forward<Bit>()
  // Three cycles.
  let accumulate = Forward<Bit>()
  let first = Forward<Bit>()
  /// The shadow registers take a finished tile at the end of this cycle.
  let capture = Forward<Bit>()

  init(_ c: Configuration) { operandLanes = Forward(c.dotProduct) }
}

/// Finished tiles, from the shadow registers to the post unit.
struct TileDrain: PortBundle {
  /// A tile is there from the next cycle on.
  let capture = Forward<Bit>()
  /// Its next Q sums.
  let sums: Forward<Unsigned>
  /// On to the Q sums behind these.
  let shift = Backward<Bit>()

  /// - Parameters:
  ///   - accumulatorBits: bits of a sum.
  ///   - lanes: Q.
  init(accumulatorBits: Int, lanes: Int) { sums = Forward(accumulatorBits * lanes) }
}
