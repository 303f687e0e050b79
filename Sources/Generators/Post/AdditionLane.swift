// A lane of the post unit that adds a second operand.
//
// docs/core.md gives the formula.
//
// All lanes are pipelines that never stall: one channel in and one out every cycle.

import HDL
import Machine

struct AdditionLane: Module {
  /// Of the first operand: 8 of a byte, `ProductLane.factorBits` where it may be a product.
  var firstBits = 8
  @Input(\Self.firstBits) var first: Signed
  @Input(8) var second: Signed
  @Input(24) var factorA: Signed
  @Input(24) var factorB: Signed
  @Input(40) var offset: Signed
  @Input(40) var round: Signed
  @Input(24) var delta: Signed
  @Input(6) var shift: Unsigned
  @Input(8) var zero: Signed
  @Input(8) var low: Signed
  @Input(8) var high: Signed
  @Output(8) var result: Signed

  var moduleName: String { "addition_lane" }
  var documentation: String { "Affine addition of two bytes, rounded once: \(Timing.addition) cycles." }

  func body() {
    precondition(Timing.addition == 5, "the lane has five stages")
    let widthA = min(firstBits + 24, 40)
    let productA = Register<Signed>("productA", widthA, reset: nil), productB = Register<Signed>("productB", 32, reset: nil)
    // A product is 255·255 at most: 40 bits hold it times any factor.
    productA.value = (first * factorA).truncated(to: widthA)
    productB.value = second * factorB
    let affine = Register<Signed>("affine", 40, reset: nil)
    affine.value = firstBits == 8
      ? (productA.value + productB.value).extended(to: 40) &+ offset
      : productA.value &+ productB.value.extended(to: 40) &+ offset
    let correction = select(affine.value[39], delta, Signed(0, width: 24)).extended(to: 40).named("correction")
    let rounded = Register<Signed>("rounded", 40, reset: nil)
    rounded.value = affine.value &+ round &- correction
    let shifted = Register<Signed>("shifted", 10, reset: nil)
    shifted.value = rounded.value.shiftedRight(by: shift).named("quotient").saturated(to: 10)
    let clamped = Register<Signed>("clamped", 8, reset: nil)
    clamped.value = (shifted.value + zero).named("offsetResult").clamped(low, high)
    result = clamped.value
  }
}
