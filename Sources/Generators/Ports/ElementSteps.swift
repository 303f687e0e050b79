// What the array controller tells the elements.

import HDL
import Machine

/// What the elements do, each signal as many cycles after the step as its stage.
struct ElementSteps: PortBundle {
  // One cycle: the operand, its lanes that count, C for each part of the elements, and whether it comes from columns.
  let operandValid = Forward<Bit>()
  let operandColumns = Forward<Bit>()
  let operandLanes: Forward<Unsigned>
  // Two cycles.
  let multiply = Forward<Bit>()
  // Two and three cycles.
  let maximum = Forward<Bit>()
  // Three cycles.
  let accumulate = Forward<Bit>()
  let first = Forward<Bit>()
  let digits: DigitSteps
  let int16: Int16Steps
  /// A tile is finished at the end of this cycle, and how many elements share an output of it.
  let capture = Forward<Bit>()
  let merged: MergedElements

  init(_ c: Configuration, _ extensions: Extensions) {
    (operandLanes, merged) = (Forward(c.mergedElements * c.dotProduct), MergedElements(c))
    (digits, int16) = (DigitSteps(extensions), Int16Steps(extensions))
  }
}

/// Where a digit of wide weights begins.
struct DigitStep: PortBundle {
  /// Before this product is added the sum counts 128 times as much.
  let begins = Forward<Bit>()
}

/// One, or none where the hardware has no digits.
struct DigitSteps: PortBundle {
  let ports: [DigitStep]

  init(_ extensions: Extensions) { ports = extensions.contains(.digits) ? [DigitStep()] : [] }
}

/// Which byte of int16 a step takes.
struct Int16Step: PortBundle {
  /// Two cycles after the step. Of a maximum: the byte is the low one that belongs to the high one of the step before.
  let joins = Forward<Bit>()
  /// Three cycles. The products are of high bytes and count 256 times.
  let isHigh = Forward<Bit>()
}

/// One, or none where the hardware has no int16.
struct Int16Steps: PortBundle {
  let ports: [Int16Step]

  init(_ extensions: Extensions) { ports = extensions.contains(.int16) ? [Int16Step()] : [] }
}
