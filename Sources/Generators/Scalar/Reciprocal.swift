// Reciprocal of a softmax row's sum, by Newton's method in the kernel's own fixed point: gemmlowp's `one_over_one_plus_x_for_x_in_0_1`.
//
// x = 48/17 − 32/17·h, then three times x += x·(1 − h·x), with h half the denominator and x in Q2.29. The first line has a constant
// factor and takes a few adders; each of the other products needs the one before, so it goes into the multiplier in the cycle in
// which that comes out.

import HDL
import Machine

struct Reciprocal: Module {
  /// `denominator` is complete.
  @Input() var begins: Bit
  @Input(32) var denominator: Unsigned
  /// To the multiplier, and its product.
  @Output(32) var a: Signed
  @Output(32) var b: Signed
  @Input(32) var product: Signed
  /// 2^31 / (denominator shifted up to bit 31), in Q0.31, from `Timing.reciprocal` cycles behind `begins` on, and how far it was
  /// shifted; both stay until the next one.
  @Output(32) var scale: Signed
  @Output(5) var headroom: Unsigned

  var moduleName: String { "reciprocal" }
  var documentation: String {
    "Newton's method: \(Timing.reciprocalProducts) products of \(Timing.scalarProduct) cycles, one after the other on the shared multiplier."
  }

  /// 48/17 in Q2.29.
  private static let first = 1_515_870_810

  func body() {
    precondition(Timing.reciprocalProducts == 6 && Timing.scalarProduct == 3, "a turn is counted in 3 bits, its cycles in 2")
    let (normalized, zeros) = shiftedUp(denominator)
    let places = Register<Unsigned>("places", 5), half = Register<Unsigned>("half", 31)
    When(begins) {
      places.value = zeros
      half.value = normalized[1...]
    }

    // Turn k has product k − 1 and gives the factors of the next; behind the last one the unit rests.
    let runs = Register<Bit>("runs"), cycle = Register<Unsigned>("cycle", 2), turn = Register<Unsigned>("turn", 3)
    let isTurn = (runs.value & (cycle.value === 0)).named("isTurn")
    let isLast = (isTurn & (turn.value === Unsigned(Timing.reciprocalProducts))).named("isLast")
    When(begins) {
      runs.value = true
      cycle.value = 0
      turn.value = 0
    }.Else {
      When(isTurn) { turn.value = turn.value &+ 1 }
      When(isLast) { runs.value = false }
      cycle.value = select(cycle.value === Unsigned(Timing.scalarProduct - 1), 0, cycle.value &+ 1)
    }

    let estimate = Register<Signed>("estimate", 32), result = Register<Signed>("result", 32)
    let error = (Signed(1 << 29, width: 32) &- product).named("error")
    let refined = (estimate.value &+ product.shiftedLeft(by: Unsigned(2))).named("refined")
    let next = select(turn.value === 0, firstEstimate(half.value), refined).named("nextEstimate")
    let isRefined = !turn.value[0]
    When(isTurn & isRefined) { estimate.value = next }
    let largest = Signed((1 << 31) - 1, width: 32)
    let doubled = select(refined >= Signed(1 << 30, width: 32), largest, refined.shiftedLeft(by: Unsigned(1))).named("doubled")
    When(isLast) { result.value = doubled }

    a = select(isRefined, half.value.extended(to: 32).asSigned, error)
    b = select(isRefined, next, estimate.value)
    scale = select(isLast, doubled, result.value)
    headroom = places.value
  }

  /// 48/17 − 32/17·h in Q2.29, rounded as the multiplier rounds. 32/17 is 60·(1 + 2^8)·(1 + 2^16), of which 4 is left to the shift.
  private func firstEstimate(_ half: Unsigned) -> Signed {
    let digits = ((half << 4) &- half.extended(to: 35)).named("halfBy15")
    let bytes = (digits + (digits << 8)).named("halfByBytes")
    let words = (bytes + (bytes << 16)).named("halfByWords")
    let negative = (Signed(1 << 28, width: 62) &- words.extended(to: 62).asSigned).named("negativeHalf")
    return (Signed(Self.first, width: 32) &+ (negative >> 29).truncated(to: 32)).named("firstEstimate")
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
