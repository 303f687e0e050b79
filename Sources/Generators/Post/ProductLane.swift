// A lane of the post unit that multiplies two bytes, in front of the lane that adds.
//
// docs/core.md gives the formula. What the addition's lane gets in place of its first operand is the product of both, less
// their zero points, or the first operand as it is.
//
// All lanes are pipelines that never stall: one channel in and one out every cycle.

import HDL
import Machine

struct ProductLane: Module {
  /// What holds 255·255, the largest product, with its sign.
  static let factorBits = 17
  @Input(8) var first: Signed
  @Input(8) var second: Signed
  // Of the layer.
  @Input() var multiplies: Bit
  @Input(8) var firstZero: Signed
  @Input(8) var secondZero: Signed
  @Output(factorBits) var factor: Signed
  /// The second operand beside it.
  @Output(8) var added: Signed

  var moduleName: String { "product_lane" }
  var documentation: String { "Multiplies two bytes, or passes the first on: \(Timing.byteProduct) cycle." }

  func body() {
    precondition(Timing.byteProduct == 1, "the lane has one stage")
    let one = (first - firstZero).named("one"), other = (second - secondZero).named("other")
    let product = (one * other).named("product").truncated(to: Self.factorBits)
    let held = Register<Signed>("factorHeld", Self.factorBits, reset: nil)
    held.value = select(multiplies, product, first.extended(to: Self.factorBits))
    factor = held.value
    added = delayed(second.asUnsigned, by: Timing.byteProduct, "addedHeld").asSigned
  }
}
