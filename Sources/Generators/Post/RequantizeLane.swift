// A lane of the post unit that makes a byte of a sum, or where the hardware has int16 16 bits.
//
// `ParameterWord` (module Machine) gives the formula and the reason why one rounding equals TensorFlow Lite's two.
//
// All lanes are pipelines that never stall: one channel in and one out every cycle.

import HDL
import Machine

struct RequantizeLane: Module {
  let accumulatorBits: Int
  /// 8, or 16.
  var resultBits = 8
  @Input(\Self.accumulatorBits) var sum: Signed
  @Input(ParameterWord.bits) var parameters: Unsigned
  // Of the layer.
  @Input(8) var zero: Signed
  @Input(\Self.resultBits) var low: Signed
  @Input(\Self.resultBits) var high: Signed
  @Output(\Self.resultBits) var result: Signed

  var moduleName: String { "requantize_lane" }
  var documentation: String { "Bias, multiply, round, shift, zero point, clamp: \(Timing.requantize) cycles." }

  func body() {
    precondition(Timing.requantize == 6, "the lane has six stages")
    let shiftOffset = ParameterWord.shiftOffset
    let bias = parameters[0..<min(accumulatorBits, ParameterWord.multiplierOffset)].asSigned.extended(to: accumulatorBits)
    let multiplier = parameters[ParameterWord.multiplierOffset..<ParameterWord.multiplierOffset + 31]
    let shift = parameters[shiftOffset..<shiftOffset + ParameterWord.shiftBits]
    // 1: bias.
    let value = Register<Signed>("value", accumulatorBits, reset: nil)
    value.value = sum &+ bias
    let factor = delayed(multiplier, by: 1, "factor")
    // 2, 3: product. A register on each side of the multiplier's own.
    // Programs promise of wide accumulators that 64 bits hold it.
    let productBits = min(accumulatorBits + 32, 64)
    let product = Register<Signed>("product", productBits, reset: nil)
    product.value = (value.value * factor.extended(to: 32).asSigned).truncated(to: productBits)
    let productHeld = Register<Signed>("productHeld", productBits, reset: nil)
    productHeld.value = product.value
    let negative = delayed(value.value[accumulatorBits - 1].asUnsigned, by: 2, "negative")
    // 4: rounding: half of the last place kept, and the inner step's half where asked for.
    // 64 bits hold every case: the half of a shift of 62 lies above any product.
    let roundedBits = 64
    let shiftEarly = delayed(shift, by: 3, "shift")
    let double = delayed(parameters[ParameterWord.doubleRoundingOffset].asUnsigned, by: 3, "doubleRounding")
    let half = (Unsigned(1, width: roundedBits - 1).shiftedLeft(by: shiftEarly &- 1)).named("half")
    let inner = select(double.asBit,
      select(negative.asBit, Signed(-(1 << 30), width: 32), Signed(1 << 30, width: 32)), Signed(0, width: 32)).named("inner")
    let rounding = (half.extended(to: roundedBits).asSigned &+ inner.extended(to: roundedBits)).named("rounding")
    let rounded = Register<Signed>("rounded", roundedBits, reset: nil)
    rounded.value = productHeld.value.extended(to: roundedBits) &+ rounding
    let shiftLate = delayed(shiftEarly, by: 1, "shiftLate")
    // 5: shift, saturated to 10 bits: enough to survive any zero point of a byte and be clamped the right way. An int16 has none.
    let shiftedBits = max(10, resultBits), shifted = Register<Signed>("shifted", shiftedBits, reset: nil)
    shifted.value = rounded.value.shiftedRight(by: shiftLate).named("quotient").saturated(to: shiftedBits)
    // 6: zero point and clamp.
    let clamped = Register<Signed>("clamped", resultBits, reset: nil)
    clamped.value = (shifted.value + zero).named("offset").clamped(low, high)
    result = clamped.value
  }
}
