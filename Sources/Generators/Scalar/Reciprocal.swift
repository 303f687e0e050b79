// Reciprocal of a softmax row's sum, by Newton's method in the kernel's own fixed point: gemmlowp's `one_over_one_plus_x_for_x_in_0_1`.
//
// x = 48/17 − 32/17·h, then three times x += x·(1 − h·x), with h half the denominator and x in Q2.29. A step is one
// multiplication; it takes as many cycles as operands, product, product and result need.

import HDL
import Machine

struct Reciprocal: Module {
  @Input() var runs: Bit
  @Input(32) var denominator: Unsigned
  /// To the multiplier, and its product.
  @Output(32) var a: Signed
  @Output(32) var b: Signed
  @Input(32) var product: Signed
  /// The last cycle of the last step.
  @Output() var isDone: Bit
  /// 2^31 / (denominator shifted up to bit 31), in Q0.31, and how far it was shifted; both stay until the next one.
  @Output(32) var scale: Signed
  @Output(5) var headroom: Unsigned

  var moduleName: String { "reciprocal" }
  var documentation: String { "Newton's method: \(Timing.reciprocalSteps) steps of \(Timing.reciprocalBeats) cycles on the shared multiplier." }

  /// 48/17 and −32/17 in Q2.29.
  private static let first = 1_515_870_810, slope = -1_010_580_540

  func body() {
    precondition(Timing.reciprocalSteps == 8 && Timing.reciprocalBeats == 4, "the reciprocal counts in 3 and 2 bits")
    let step = Register<Unsigned>("step", 3), beat = Register<Unsigned>("beat", 2)
    let stepDone = beat.value.allBitsSet.named("stepDone")
    When(runs) {
      beat.value = beat.value &+ 1
      When(stepDone) { step.value = step.value &+ 1 }
    }.Else {
      beat.value = 0
      step.value = 0
    }
    isDone = stepDone & step.value.allBitsSet

    let (normalized, zeros) = shiftedUp(denominator)
    let places = Register<Unsigned>("places", 5), half = Register<Signed>("half", 32)
    let estimate = Register<Signed>("estimate", 32), error = Register<Signed>("error", 32), result = Register<Signed>("result", 32)
    let next = (estimate.value &+ product.shiftedLeft(by: Unsigned(2))).named("refined")
    let largest = Signed((1 << 31) - 1, width: 32)
    When(runs & stepDone) {
      Switch(step.value) {
        Case(0) {
          places.value = zeros
          half.value = (normalized >> 1).extended(to: 32).asSigned
        }
        Case(1) { estimate.value = Signed(Self.first, width: 32) &+ product }
        Case(2, 4, 6) { error.value = Signed(1 << 29, width: 32) &- product }
        Case(3, 5) { estimate.value = next }
        Default { result.value = select(next >= Signed(1 << 30, width: 32), largest, next.shiftedLeft(by: Unsigned(1))) }
      }
    }
    let isFirst = (step.value === 1).named("isFirst")
    a = select(step.value[0] & !isFirst, error.value, half.value)
    b = select(isFirst, Signed(Self.slope, width: 32), estimate.value)
    scale = result.value
    headroom = places.value
  }

  /// A number shifted up to bit 31, and its leading zeros.
  private func shiftedUp(_ number: Unsigned) -> (Unsigned, Unsigned) {
    var shifted = number
    var zeros: [Bit] = []
    for bit in (0..<5).reversed() {
      let step = 1 << bit
      let empty = (!shifted[32 - step..<32].anyBitSet).named("empty\(step)")
      shifted = select(empty, shifted.shiftedLeft(by: Unsigned(step)), shifted).named("normalized\(step)")
      zeros.insert(empty, at: 0)
    }
    return (shifted, concatenate(zeros))
  }
}
