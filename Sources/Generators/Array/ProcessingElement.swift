// Processing element: a C-long dot product a step, accumulated in place (output-stationary).
//
// Operand register, product register, accumulator: three stages. The accumulator clears by
// `(first ? 0 : accumulator) + product` in one statement, which packs into a DSP block. A shadow register holds
// the finished sum while it drains, so that the next tile starts at once; shadows of the elements form a shift
// chain with Q elements a stride. Where finished tiles wait in a queue, the shadow takes its sum from there. Where the hardware has
// digits, weights of more than 8 bits come digit by digit, the greatest first, and between them the sum is shifted. Where it has int16, the
// products of high bytes are shifted on their way to the accumulator, and a maximum waits for both bytes: the high one stands in the product
// register when the low one comes.

import HDL
import Machine

/// Where a sum waits between the accumulator and the shadow register.
struct QueuedSum: PortBundle {
  let finished: Backward<Signed>
  let head: Forward<Signed>

  init(bits: Int) { (finished, head) = (Backward(bits), Forward(bits)) }
}

/// One, or none where a sum goes into the shadow register at once.
struct QueuedSums: PortBundle {
  let ports: [QueuedSum]

  init(bits: Int, hasQueue: Bool) { ports = hasQueue ? [QueuedSum(bits: bits)] : [] }
}

struct ProcessingElement: Module {
  let dotProduct: Int
  let accumulatorBits: Int
  let hasMaximum: Bool
  var extensions: Extensions = []
  var hasQueue = false
  var operandWidth: Int { 8 * dotProduct }
  @Input() var load: Bit
  @Input(\Self.operandWidth) var operand: Unsigned
  @Input(\Self.operandWidth) var weight: Unsigned
  @Input() var multiply: Bit
  @Input() var maximum: Bit
  @Input() var accumulate: Bit
  @Input() var first: Bit
  var digitSteps: DigitSteps { DigitSteps(extensions) }
  let digits = Target(\Self.digitSteps)
  var int16Steps: Int16Steps { Int16Steps(extensions) }
  let int16 = Target(\Self.int16Steps)
  var queuedSums: QueuedSums { QueuedSums(bits: accumulatorBits, hasQueue: hasQueue) }
  let queue = Target(\Self.queuedSums)
  /// The shadow register takes a finished sum.
  @Input() var capture: Bit
  @Input() var shift: Bit
  @Input(\Self.accumulatorBits) var shadowIn: Signed
  @Output(\Self.accumulatorBits) var shadowOut: Signed

  var moduleName: String { "processing_element" }
  var documentation: String {
    "\(dotProduct) int8 products a step, summed into \(accumulatorBits) bits; a shadow register drains the last tile."
  }

  func body() {
    precondition(Timing.product == 1 && Timing.accumulate == 1, "one register holds the products' sum, one accumulates")
    let held = Register<Unsigned>("operandHeld", operandWidth, reset: nil)
    When(load) { held.value = operand }
    let products = (0..<dotProduct).map { lane in
      (held.value.byte(lane).asSigned * weight.byte(lane).asSigned).named("product\(lane)")
    }
    // Summed in pairs: log2(C) levels, one bit of growth each.
    var sums = products
    while sums.count > 1 {
      let level = sums.count / 2
      sums = (0..<level).map { (sums[2 * $0] + sums[2 * $0 + 1]).named(level == 1 ? "total" : "pair\(level)_\($0)") }
    }
    let total = sums[0]
    let dotWidth = total.width
    let dot = Register<Signed>("dot", dotWidth, reset: nil), byte = held.value.byte(0)
    let largest = int16.ports.reduce(byte.asSigned.extended(to: dotWidth)) { high, step in
      let low = byte ^ Unsigned(0x80, width: 8)
      return select(step.joins, concatenate([low, dot.value.asUnsigned[0..<8]]).asSigned.extended(to: dotWidth), high).named("largest")
    }
    When(multiply) { dot.value = hasMaximum ? select(maximum, largest, total) : total }

    let accumulator = Register<Signed>("accumulator", accumulatorBits, reset: nil)
    let counted = int16.ports.reduce(dot.value) { value, step in
      let shifted = concatenate([Unsigned(0, width: 8), value.asUnsigned]).asSigned
      return select(step.isHigh, shifted, value.extended(to: dotWidth + 8)).named("counted")
    }
    let addend = counted.extended(to: max(counted.width, accumulatorBits)).truncated(to: accumulatorBits).named("addend")
    let scaled = digits.ports.reduce(accumulator.value) { value, digit in
      let shifted = concatenate([Unsigned(0, width: Configuration.digitBits), value.asUnsigned[0..<accumulatorBits - Configuration.digitBits]])
      return select(digit.begins, shifted.asSigned, value).named("scaled")
    }
    let sum = (select(first, Signed(0, width: accumulatorBits), scaled) &+ addend).named("sum")
    let result: Signed
    if hasMaximum {
      let keep = (!first & (accumulator.value >= addend)).named("keep")
      let greatest = select(keep, accumulator.value, addend).named("greatest")
      result = select(maximum, greatest, sum).named("result")
    } else {
      result = sum
    }
    When(accumulate) { accumulator.value = result }
    let shadow = Register<Signed>("shadow", accumulatorBits, reset: nil)
    for port in queue.ports { port.finished = result }
    When(capture) {
      shadow.value = queue.ports.first?.head ?? result
    }.ElseWhen(shift) {
      shadow.value = shadowIn
    }
    shadowOut = shadow.value
  }
}
