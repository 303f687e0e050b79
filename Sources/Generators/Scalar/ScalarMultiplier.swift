// The scalar unit's multiplier, and the end behind it.

import HDL
import Machine

/// Q0.31 product of two numbers, rounded as gemmlowp's `SaturatingRoundingDoublingHighMul`; the two are never −2^31 both.
struct ScalarMultiplier: Module {
  @Input(32) var a: Signed
  @Input(32) var b: Signed
  /// (a·b + 2^30) >> 31, three cycles later.
  @Output(32) var product: Signed

  var moduleName: String { "scalar_multiplier" }
  var documentation: String { "Q0.31 product of 32 bits, three cycles." }

  func body() {
    let factorA = Register<Signed>("factorA", 32, reset: nil), factorB = Register<Signed>("factorB", 32, reset: nil)
    let exact = Register<Signed>("exact", 64, reset: nil), held = Register<Signed>("held", 64, reset: nil)
    factorA.value = a
    factorB.value = b
    exact.value = factorA.value * factorB.value
    held.value = exact.value
    product = ((held.value &+ Signed(1 << 30, width: 64)) >> 31).truncated(to: 32).named("highMultiply")
  }
}

/// The end: shifted to 8 bits with halves away from zero, zero point, clamp.
struct ScalarEnd: Module {
  @Input(32) var product: Signed
  /// 1...62.
  @Input(6) var shift: Unsigned
  @Input(8) var zero: Signed
  @Input(8) var low: Signed
  @Input(8) var high: Signed
  /// Two cycles later.
  @Output(8) var result: Signed

  var moduleName: String { "scalar_end" }
  var documentation: String { "Rounding shift, zero point, clamp: two cycles." }

  func body() {
    let half = Unsigned(1, width: 40).shiftedLeft(by: shift &- 1).named("half").asSigned
    let isNegative = product[31].asUnsigned.extended(to: 40).asSigned
    let quotient = (product.extended(to: 40) &+ half &- isNegative).shiftedRight(by: shift).named("quotient")
    let steps = Register<Signed>("steps", 10, reset: nil), output = Register<Signed>("output", 8, reset: nil)
    steps.value = quotient.saturated(to: 10)
    output.value = (steps.value + zero).named("offset").clamped(low, high)
    result = output.value
  }
}
