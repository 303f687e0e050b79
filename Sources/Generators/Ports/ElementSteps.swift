// What the array controller tells the elements.

import HDL
import Machine

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
