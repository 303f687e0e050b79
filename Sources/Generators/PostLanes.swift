// The lanes of the post unit, each for one channel: requantization, residual addition, byte table.
//
// `ParameterWord` (module Machine) gives the formulas and the reason why one rounding equals TensorFlow Lite's two.
// All lanes are pipelines that never stall: one channel in and one out every cycle.

import HDL
import Machine

struct RequantizeLane: Module {
  let accumulatorBits: Int
  @Input(\Self.accumulatorBits) var sum: Signed
  @Input(ParameterWord.bits) var parameters: Unsigned
  // Of the layer.
  @Input(8) var zero: Signed
  @Input(8) var low: Signed
  @Input(8) var high: Signed
  @Output(8) var result: Signed

  var moduleName: String { "requantize_lane" }
  var documentation: String { "Bias, multiply, round, shift, zero point, clamp: \(Timing.requantize) cycles." }

  func body() {
    precondition(Timing.requantize == 6, "the lane has six stages")
    let shiftOffset = ParameterWord.shiftOffset
    let bias = parameters[0..<accumulatorBits].asSigned
    let multiplier = parameters[ParameterWord.multiplierOffset..<ParameterWord.multiplierOffset + 31]
    let shift = parameters[shiftOffset..<shiftOffset + ParameterWord.shiftBits]
    // 1: bias.
    let value = Register<Signed>("value", accumulatorBits, reset: nil)
    value.value = sum &+ bias
    let factor = delayed(multiplier, by: 1, "factor")
    // 2, 3: product. A register on each side of the multiplier's own.
    let productBits = accumulatorBits + 32
    let product = Register<Signed>("product", productBits, reset: nil)
    product.value = value.value * factor.extended(to: 32).asSigned
    let productHeld = Register<Signed>("productHeld", productBits, reset: nil)
    productHeld.value = product.value
    let negative = delayed(value.value[accumulatorBits - 1].asUnsigned, by: 2, "negative")
    // 4: rounding: half of the last place kept, and the inner step's half where asked for.
    // 64 bits hold every case: the half of a shift of 62 lies above any product.
    let roundedBits = 64
    let shiftEarly = delayed(shift, by: 3, "shift")
    let double = delayed(parameters[ParameterWord.doubleRoundingOffset].asUnsigned, by: 3, "doubleRounding")
    let half = (constant(1, roundedBits - 1).shiftedLeft(by: shiftEarly &- 1)).named("half")
    let inner = select(double.asBit,
      select(negative.asBit, Signed(-(1 << 30), width: 32), Signed(1 << 30, width: 32)), Signed(0, width: 32)).named("inner")
    let rounding = (half.extended(to: roundedBits).asSigned &+ inner.extended(to: roundedBits)).named("rounding")
    let rounded = Register<Signed>("rounded", roundedBits, reset: nil)
    rounded.value = productHeld.value.extended(to: roundedBits) &+ rounding
    let shiftLate = delayed(shiftEarly, by: 1, "shiftLate")
    // 5: shift, saturated to 10 bits: enough to survive any zero point and be clamped the right way.
    let shifted = Register<Signed>("shifted", 10, reset: nil)
    shifted.value = saturated(rounded.value.shiftedRight(by: shiftLate).named("quotient"), to: 10)
    // 6: zero point and clamp.
    let clamped = Register<Signed>("clamped", 8, reset: nil)
    clamped.value = clamp(shifted.value + zero, low, high, "offset")
    result = clamped.value
  }
}

struct ResidualLane: Module {
  @Input(8) var first: Signed
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

  var moduleName: String { "residual_lane" }
  var documentation: String { "Affine addition of two bytes, rounded once: \(Timing.addition) cycles." }

  func body() {
    precondition(Timing.addition == 5, "the lane has five stages")
    let productA = Register<Signed>("productA", 32, reset: nil), productB = Register<Signed>("productB", 32, reset: nil)
    productA.value = first * factorA
    productB.value = second * factorB
    let affine = Register<Signed>("affine", 40, reset: nil)
    affine.value = (productA.value + productB.value).extended(to: 40) &+ offset
    let correction = select(affine.value[39], delta, Signed(0, width: 24)).extended(to: 40).named("correction")
    let rounded = Register<Signed>("rounded", 40, reset: nil)
    rounded.value = affine.value &+ round &- correction
    let shifted = Register<Signed>("shifted", 10, reset: nil)
    shifted.value = saturated(rounded.value.shiftedRight(by: shift).named("quotient"), to: 10)
    let clamped = Register<Signed>("clamped", 8, reset: nil)
    clamped.value = clamp(shifted.value + zero, low, high, "offsetResult")
    result = clamped.value
  }
}

/// Any function of a byte: the tables' entries, four to a word as the host writes them.
struct TableLane: Module {
  let tables: Int
  @Input(8) var index: Unsigned
  @Input(8) var table: Unsigned
  let window = Target(WindowBus())
  @Output(8) var result: Unsigned

  var moduleName: String { "table_lane" }
  var documentation: String { "\(tables) x 256 bytes, looked up in \(Timing.table) cycles." }

  func body() {
    precondition(Timing.table == Timing.memoryRead + 1, "the lane has a register behind the memory")
    let memory = instance("entries", HostMemory.byteTables(tables: tables))
    connect(window, to: memory.window)
    memory.$readEnable = true
    memory.$readAddress = concatenate([index[2..<8], table]).resized(to: indexBits(64 * tables))
    let place = delayed(index[0..<2], by: Timing.memoryRead, "place")
    let entry = Register<Unsigned>("entry", 8, reset: nil)
    entry.value = choose(place, memory.$readData.bytes)
    result = entry.value
  }
}

/// The value limited to a narrower signed range.
func saturated(_ value: Signed, to width: Int) -> Signed {
  let upper = value[width - 1..<value.width].named("upper")
  let fits = (!upper.anyBitSet | upper.allBitsSet).named("fits")
  let limit = select(value[value.width - 1], Signed(-(1 << (width - 1)), width: width), Signed((1 << (width - 1)) - 1, width: width))
  return select(fits, value.truncated(to: width), limit)
}

/// The value limited to low...high, which are narrower.
func clamp(_ value: Signed, _ low: Signed, _ high: Signed, _ name: String) -> Signed {
  let named = value.named(name)
  return select(named < low, low, select(named > high, high, named.truncated(to: low.width)))
}
