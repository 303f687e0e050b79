// How finished tiles leave the array.

import HDL

/// Finished tiles, from the shadow registers to the post unit.
struct TileDrain: PortBundle {
  /// A tile is there from the next cycle on.
  let capture = Forward<Bit>()
  /// The post unit can drain a tile from the next cycle on. Who knows how long tiles take need not look.
  let ready = Backward<Bit>()
  /// Its next Q sums.
  let sums: Forward<Unsigned>
  /// On to the Q sums behind these.
  let shift = Backward<Bit>()

  /// - Parameters:
  ///   - accumulatorBits: bits of a sum.
  ///   - lanes: Q.
  init(accumulatorBits: Int, lanes: Int) { sums = Forward(accumulatorBits * lanes) }
}
