// How many elements share an output: what the array controller tells the buffer before the elements and the elements themselves.

import HDL
import Machine

/// Of 2 elements that share an output, and of 4: whether the layer has so many.
struct MergedLevel: PortBundle {
  let isAsked = Forward<Bit>()
}

/// A level for each number of elements that the hardware can merge; none where it merges none.
struct MergedElements: PortBundle {
  let levels: [MergedLevel]

  init(_ c: Configuration) { levels = LayerMode.mergedFlags(upTo: c.mergedElements).map { _ in MergedLevel() } }
}

/// What follows from how many elements share an output.
///
/// The N elements are R parts of N/R, R being the most that can share an output. Where r of them do, part p takes slice p·r/R of the r·C
/// bytes of a step, and the sums of the parts p with p·r mod R = 0 and of those behind them belong together.
struct MergedChoice {
  /// R.
  let parts: Int
  private let levels: [Bit]

  init(_ c: Configuration, _ levels: [Bit]) { (parts, self.levels) = (c.mergedElements, levels) }
  init(_ c: Configuration, _ layer: LayerCopies) { self.init(c, LayerMode.mergedFlags(upTo: c.mergedElements).map { layer[$0] }) }

  /// Picks by the number of elements r that share an output: what `value` makes of 1, 2, ... R.
  func pick(_ value: (_ elements: Int) -> Unsigned) -> Unsigned {
    levels.enumerated().reduce(value(1)) { picked, level in select(level.element, value(2 << level.offset), picked) }
  }
  func pick(_ value: (_ elements: Int) -> Bit) -> Bit {
    levels.enumerated().reduce(value(1)) { picked, level in select(level.element, value(2 << level.offset), picked) }
  }
}
