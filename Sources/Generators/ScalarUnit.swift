// Scalar unit: what needs 32-bit arithmetic on a few bytes, one byte at a time through one multiplier.
//
// It knows two operations, both on rows of int8, both bit for bit as TensorFlow Lite Micro's kernels.
//
// Softmax. The golden kernel works on 8-bit inputs, so the exponential of the distance to the row's maximum is one
// of 256 values, kept in a table. A row takes three scans (maximum, sum of exponentials, outputs) and, between the
// second and the third, a reciprocal by three Newton steps in the kernel's own fixed point. All waits are fixed,
// so a row of n bytes always takes the same time: `Timing.softmaxElement`·n + `Timing.softmaxRow`.
//
// Addition, for scales that have no exact affine form in the post unit's lanes. Each operand's rescaled value depends on
// eight bits, so it comes from a table, too; the sum goes through the multiplier and is rounded twice. The second
// operand is a byte of another tensor, or a constant that belongs to the column. Two cycles an element.
//
// The end is common: Q0.31 product, rounding shift, zero point, clamp.

import HDL
import Machine

struct ScalarUnit: Engine {
  let tables: Int
  var tableAddressBits: Int { indexBits(256 * tables) }
  let settings = Target(ConfigurationBus())
  /// Begin a softmax.
  @Input() var beginSoftmax: Bit
  /// Begin an addition.
  @Input() var beginAddition: Bit
  @Input() var abort: Bit
  @Output() var requestValid: Bit
  @Output(24) var requestAddress: Unsigned
  /// Two cycles after the request.
  @Input(8) var byte: Unsigned
  @Output(\Self.tableAddressBits) var tableAddress: Unsigned
  /// In the next cycle.
  @Input(32) var tableWord: Unsigned
  @Output() var writeEnable: Bit
  @Output(24) var writeAddress: Unsigned
  @Output(8) var writeByte: Unsigned
  @Output() var finished: Bit
  @Output() var working: Bit
  /// The layer has no rows or no columns.
  @Output() var invalid: Bit
  /// The layer asks for a table that does not exist.
  @Output() var tableFault: Bit
  @Output(8) var tableFaultPlace: Unsigned

  enum State: Int, CaseIterable { case idle, scanMaximum, settleMaximum, scanSum, settleSum, reciprocal, scanOutput, settleOutput, add }
  @StateRegister var state: State = .idle

  var moduleName: String { "scalar_unit" }
  var documentation: String { "Softmax and inexact additions of rows of int8, bit for bit as TensorFlow Lite Micro's kernels." }

  func body() {
    let layer = LayerCopies(settings)
    precondition(Timing.scalarEnd == 5, "the end has five stages")
    precondition(Timing.reciprocalSteps == 8 && Timing.reciprocalBeats == 4, "the reciprocal counts in 3 and 2 bits")
    let inputBase = layer[\.feed.base], secondBase = layer[\.addition.base], outputBase = layer[\.end.base]
    let rows = layer[\.feed.rows], columns = layer[\.array.columns], rowStep = layer[\.end.columnStep]
    let secondIsConstant = layer[.residualConstant]
    let row = Register<Unsigned>("row", 16), index = Register<Unsigned>("index", 16)
    let wait = Register<Unsigned>("wait", 4)
    let rowInput = Register<Unsigned>("rowInput", 24), read = Register<Unsigned>("read", 24)
    let rowSecond = Register<Unsigned>("rowSecond", 24), second = Register<Unsigned>("second", 24)
    let greatest = Register<Signed>("greatest", 8), sum = Register<Unsigned>("sum", 32)

    let begin = (beginSoftmax | beginAddition).named("begin")
    let scanning = (($state === .scanMaximum) | ($state === .scanSum) | ($state === .scanOutput)).named("scanning")
    let adding = ($state === .add).named("adding")
    // An addition reads its operands in turn.
    let atSecond = Register<Bit>("atSecond")
    let elementDone = (adding & atSecond.value).named("elementDone")
    let lastByte = (index.value &+ 1 === columns).named("lastByte")
    let lastRow = (row.value &+ 1 === rows).named("lastRow")
    let settled = (wait.value === constant(Timing.scalarSettle, 4)).named("settled")

    // Micro-steps of the reciprocal: four cycles each, operands, product, product, result.
    let micro = Register<Unsigned>("micro", 3), beat = Register<Unsigned>("beat", 2)
    let microDone = (beat.value.allBitsSet).named("microDone")

    Switch($state) {
      Case(.idle) {
        When(beginSoftmax) { state = .scanMaximum }.ElseWhen(beginAddition) { state = .add }
      }
      Case(.scanMaximum) { When(lastByte) { state = .settleMaximum } }
      Case(.settleMaximum) { When(settled) { state = .scanSum } }
      Case(.scanSum) { When(lastByte) { state = .settleSum } }
      Case(.settleSum) { When(settled) { state = .reciprocal } }
      Case(.reciprocal) { When(microDone & micro.value.allBitsSet) { state = .scanOutput } }
      Case(.scanOutput) { When(lastByte) { state = .settleOutput } }
      Case(.settleOutput) {
        When(settled) {
          When(lastRow) { state = .idle }.Else { state = .scanMaximum }
        }
      }
      Case(.add) { When(atSecond.value & lastByte & lastRow) { state = .settleOutput } }
    }
    When(abort) { state = .idle }
    working = $state !== .idle
    invalid = !rows.anyBitSet | !columns.anyBitSet
    let rowSettled = (($state === .settleOutput) & settled).named("rowSettled")
    finished = rowSettled & lastRow

    // Where the operands come from. A softmax goes over its row three times, an addition once.
    let rowEnds = ((rowSettled | (elementDone & lastByte)) & !lastRow).named("rowEnds")
    let nextInput = (rowInput.value &+ rowStep).named("nextInput")
    let nextSecond = (rowSecond.value &+ rowStep).named("nextSecond")
    When(scanning | adding) { wait.value = 0 }.ElseWhen(!settled) { wait.value = wait.value &+ 1 }
    When(scanning | elementDone) {
      index.value = index.value &+ 1
      read.value = read.value &+ 1
      second.value = second.value &+ 1
    }.ElseWhen(!adding) {
      index.value = 0
      read.value = rowInput.value
    }
    atSecond.value = adding & !atSecond.value
    When(begin) {
      row.value = 0; index.value = 0
      rowInput.value = inputBase; read.value = inputBase
      rowSecond.value = secondBase; second.value = secondBase
    }.ElseWhen(rowEnds) {
      row.value = row.value &+ 1; index.value = 0
      rowInput.value = nextInput; read.value = nextInput
      rowSecond.value = nextSecond; second.value = nextSecond
    }
    requestValid = delayed(scanning | adding, by: Timing.feedRequest, "requestValidHeld")
    requestAddress = delayed(select(elementDone, second.value, read.value), by: Timing.feedRequest, "requestAddressHeld")

    // Later the byte is here; what it is for travels along.
    let forMaximum = delayed($state === .scanMaximum, by: Timing.scalarByte, "forMaximum")
    let forSum = delayed($state === .scanSum, by: Timing.scalarByte, "forSum")
    let forOutput = delayed($state === .scanOutput, by: Timing.scalarByte, "forOutput")
    let forFirst = delayed(adding & !atSecond.value, by: Timing.scalarByte, "forFirst")
    let forSecond = delayed(elementDone, by: Timing.scalarByte, "forSecond")
    let column = delayed(index.value[0..<8], by: Timing.scalarByte, "column")
    let value = byte.asSigned
    let rowBegins = (begin | rowEnds).named("rowBegins")
    When(rowBegins) {
      greatest.value = -128
    }.ElseWhen(forMaximum & (value > greatest.value)) {
      greatest.value = value
    }
    let distance = (greatest.value - value).named("distance").asUnsigned[0..<8]
    let secondEntry = select(secondIsConstant, column, byte).named("secondEntry")
    let entry = select(forSecond, secondEntry, select(forFirst, byte, distance)).named("entry")
    let firstTable = layer[\.scalar.table], secondTable = layer[\.scalar.secondTable]
    let hasFirst = firstTable.isBelow(tables), hasSecond = secondTable.isBelow(tables)
    tableFault = (begin & !hasFirst) | (beginAddition & !hasSecond)
    tableFaultPlace = select(hasFirst, secondTable, firstTable)
    if tables == 1 {
      tableAddress = entry
    } else {
      let table = select(forSecond, secondTable, firstTable).named("table")
      tableAddress = concatenate([entry, table]).resized(to: tableAddress.width)
    }

    // Then the word of the table is here.
    let exponentForSum = delayed(forSum, by: Timing.memoryRead, "exponentForSum")
    let exponentForOutput = delayed(forOutput, by: Timing.memoryRead, "exponentForOutput")
    let firstTerm = delayed(forFirst, by: Timing.memoryRead, "firstTerm")
    let secondTerm = delayed(forSecond, by: Timing.memoryRead, "secondTerm")
    // Q0.31 to Q12.19, rounded.
    let rescaled = ((tableWord + Unsigned(1 << 11, width: 32)) >> 12).named("rescaled")
    When(rowBegins) {
      sum.value = 0
    }.ElseWhen(exponentForSum) {
      sum.value = sum.value &+ rescaled.extended(to: 32)
    }.ElseWhen(firstTerm) {
      sum.value = tableWord
    }
    let terms = (sum.value &+ tableWord).named("terms")

    // Leading zeros of the sum, and the sum shifted up to bit 31.
    var shifted = sum.value
    var zeros: [Bit] = []
    for bit in (0..<5).reversed() {
      let step = 1 << bit
      let empty = (!shifted[32 - step..<32].anyBitSet).named("empty\(step)")
      shifted = select(empty, shifted.shiftedLeft(by: constant(step, 6)), shifted).named("normalized\(step)")
      zeros.insert(empty, at: 0)
    }
    let headroom = Register<Unsigned>("headroom", 5), half = Register<Signed>("half", 32)
    let factorA = Register<Signed>("factorA", 32, reset: nil), factorB = Register<Signed>("factorB", 32, reset: nil)
    let product = Register<Signed>("product", 64, reset: nil), productHeld = Register<Signed>("productHeld", 64, reset: nil)
    product.value = factorA.value * factorB.value
    productHeld.value = product.value
    let doubled = ((productHeld.value &+ Signed(1 << 30, width: 64)) >> 31).truncated(to: 32).named("highMultiply")

    // Newton: x = 48/17 - 32/17 h, then three times x += x (1 - h x), h half the denominator, x in Q2.29.
    let estimate = Register<Signed>("estimate", 32), error = Register<Signed>("error", 32), scale = Register<Signed>("scale", 32)
    let inReciprocal = ($state === .reciprocal).named("inReciprocal")
    let odd = micro.value[0]
    When(inReciprocal) {
      beat.value = beat.value &+ 1
      When(microDone) { micro.value = micro.value &+ 1 }
    }.Else {
      beat.value = 0
      micro.value = 0
    }
    let next = (estimate.value &+ doubled.shiftedLeft(by: constant(2, 2))).named("refined")
    let largest = Signed((1 << 31) - 1, width: 32)
    When(inReciprocal & microDone) {
      Switch(micro.value) {
        Case(0) {
          headroom.value = concatenate(zeros)
          half.value = (shifted >> 1).extended(to: 32).asSigned
        }
        Case(1) { estimate.value = Signed(1_515_870_810, width: 32) &+ doubled }
        Case(2, 4, 6) { error.value = Signed(1 << 29, width: 32) &- doubled }
        Case(3, 5) { estimate.value = next }
        Default {
          scale.value = select(next >= Signed(1 << 30, width: 32), largest, next.shiftedLeft(by: constant(1, 2)))
        }
      }
    }
    let multiplier = concatenate([layer[\.scalar.multiplierLow], layer[\.scalar.multiplierHigh]])
    When(secondTerm) {
      factorA.value = terms.asSigned
      factorB.value = multiplier.extended(to: 32).asSigned
    }.ElseWhen(exponentForOutput) {
      factorA.value = scale.value
      factorB.value = tableWord.asSigned
    }.Else {
      factorA.value = select(odd & (micro.value !== 1), error.value, half.value)
      factorB.value = select(micro.value === 1, Signed(-1_010_580_540, width: 32), estimate.value)
    }

    // The end: shifted to 8 bits with halves away from zero, zero point, clamp.
    let softmaxShift = (constant(35, 6) &- headroom.value.extended(to: 6)).named("softmaxShift")
    let isAddition = Register<Bit>("isAddition")
    When(beginAddition) { isAddition.value = true }.ElseWhen(beginSoftmax) { isAddition.value = false }
    let amount = select(isAddition.value, layer[\.scalar.shift], softmaxShift).named("outputShift")
    let halfStep = Unsigned(1, width: 40).shiftedLeft(by: amount &- 1).named("outputRounding")
    let isNegative = doubled[31].asUnsigned.extended(to: 40).asSigned
    let wide = doubled.extended(to: 40)
    let quotient = (wide &+ halfStep.asSigned &- isNegative).shiftedRight(by: amount).named("quotient")
    let steps = Register<Signed>("steps", 10, reset: nil)
    steps.value = saturated(quotient, to: 10)
    let zero = layer[\.addition.zero].asSigned, low = layer[\.addition.low].asSigned, high = layer[\.addition.high].asSigned
    let output = Register<Signed>("output", 8, reset: nil)
    output.value = clamp(steps.value + zero, low, high, "offset")
    let writing = delayed(exponentForOutput | secondTerm, by: Timing.scalarEnd, "writing")

    // Where the outputs go, as many cycles later as they take.
    let lastOfRow = delayed((($state === .scanOutput) | elementDone) & lastByte, by: Timing.scalarOutput, "lastOfRow")
    let rowOutput = Register<Unsigned>("rowOutput", 24), write = Register<Unsigned>("write", 24)
    let nextOutput = (rowOutput.value &+ rowStep).named("nextOutput")
    When(begin) {
      rowOutput.value = outputBase; write.value = outputBase
    }.ElseWhen(writing & lastOfRow) {
      rowOutput.value = nextOutput; write.value = nextOutput
    }.ElseWhen(writing) {
      write.value = write.value &+ 1
    }
    writeEnable = writing
    writeAddress = write.value
    writeByte = output.value.asUnsigned
  }
}
