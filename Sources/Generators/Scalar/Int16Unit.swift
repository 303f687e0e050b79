// The scalar unit's operation on rows of int16: sums, products and sigmoids, bit for bit as TensorFlow Lite Micro's kernels.
//
// An element takes four places, a byte of the feature memory each: high and low byte of the first operand and of the second. The scalar unit's
// multiplier does two products for it, always the same cycles behind its first place, and elements follow each other without a gap.
//
// Sum: the second operand is rescaled by the first product and rounded, the first one counts 2^14; the second product rescales their sum.
// Product: the first product is that of the operands, which Q0.31 makes of 2^15 and 2^16 times as much; the second one rescales it.
// Sigmoid: the first product counts steps, of which an entry of the table is 2^9 long; a word of the table is where a line begins and how much
// higher the next one does; the second product is the way along the line. Negative operands are mirrored.
//
// The end is common: rounding shift, zero point, limits; the high byte is written, and in the next cycle the low one.

import HDL
import Machine

struct Int16Unit: Module {
  let tables: Int
  /// V, for the read port.
  let memoryLanes: Int
  var operandRead: FeatureRead { FeatureRead(bytes: 1, lanes: memoryLanes) }
  var tableRead: MemoryRead { MemoryRead(depth: 256 * tables, width: 32) }
  let settings = Target(ConfigurationBus())
  @Input() var begins: Bit
  @Input() var aborts: Bit
  /// The last byte is written; something is read.
  @Output() var finished: Bit
  @Output() var moves: Bit
  let operand = Initiator(\Self.operandRead)
  let table = Initiator(\Self.tableRead)
  let results = Initiator(ResultWrite(bytes: 1))
  /// To the multiplier, and its product.
  @Output(32) var a: Signed
  @Output(32) var b: Signed
  @Input(32) var product: Signed

  var moduleName: String { "int16_unit" }
  var documentation: String { "Sums, products and sigmoids of rows of int16: \(Timing.int16Element) cycles an element." }

  func body() {
    precondition(Timing.int16Element == 4 && Timing.memoryRead == 1, "places are counted in two bits, words come in the next cycle")
    let layer = LayerCopies(settings)
    let rule = Rule(layer)
    let scan = scan(layer)
    request(layer, scan, rule)
    let operands = operands(scan)

    // When the factors of the two products are there.
    let isFirst = delayed(scan.isFirstPlace, by: Timing.int16Operands, "firstFactors")
    let isSecond = delayed(isFirst, by: Timing.int16Factors, "secondFactors")
    let value = value(layer, rule, operands, isFirst)
    let line = line(layer, rule, value, isSecond)
    let first = firstFactors(layer, rule, operands)
    let multiplier = factor(layer[\.scalar.multiplierLow], layer[\.scalar.multiplierHigh])
    a = select(isSecond, select(rule.isSigmoid, line.way, value.number.asSigned), first.a)
    b = select(isSecond, select(rule.isSigmoid, line.slope, multiplier), first.b)

    let output = output(layer, rule, line, delayed(isSecond, by: Timing.int16End - 1, "limiting"))
    write(layer, scan, output, delayed(isSecond, by: Timing.int16End, "writing"))
  }

  /// What the layer asks for.
  private struct Rule {
    let isProduct: Bit, isSigmoid: Bit, isTangent: Bit

    init(_ layer: LayerCopies) {
      let rule = layer[\.scalar.rule]
      isProduct = (rule === Unsigned(Int16Rule.product.rawValue)).named("isProduct")
      isTangent = (rule === Unsigned(Int16Rule.tangent.rawValue)).named("isTangent")
      isSigmoid = (isTangent | (rule === Unsigned(Int16Rule.logistic.rawValue))).named("isSigmoid")
    }
  }

  private func factor(_ low: Unsigned, _ high: Unsigned) -> Signed { concatenate([low, high]).extended(to: 32).asSigned }

  // MARK: places

  private struct Scan {
    let runs: Bit, place: Unsigned
    let isFirstPlace: Bit, isLastPlace: Bit
    /// Beside the last place: of the row's last element, of the last row's.
    let endsRow: Bit, ends: Bit
  }

  private func scan(_ layer: LayerCopies) -> Scan {
    let runs = Register<Bit>("runs"), place = Register<Unsigned>("place", 2)
    let left = Register<Unsigned>("left", 16), row = Register<Unsigned>("row", 16), columns = layer[\.array.columns]
    let isLastPlace = (runs.value & place.value.allBitsSet).named("isLastPlace")
    let endsRow = (isLastPlace & (left.value === 1)).named("endsRow")
    let ends = (endsRow & (row.value &+ 1 === layer[\.feed.rows])).named("ends")
    When(begins) {
      place.value = 0; row.value = 0
    }.ElseWhen(runs.value) {
      place.value = place.value &+ 1
      When(endsRow) { row.value = row.value &+ 1 }
    }
    When(begins | endsRow) { left.value = columns }.ElseWhen(isLastPlace) { left.value = left.value &- 1 }
    When(ends | aborts) { runs.value = false }.ElseWhen(begins) { runs.value = true }
    moves = runs.value
    finished = delayed(ends, by: Timing.int16Output, "endsHeld")
    return Scan(
      runs: runs.value, place: place.value, isFirstPlace: (runs.value & (place.value === 0)).named("isFirstPlace"), isLastPlace: isLastPlace,
      endsRow: endsRow, ends: ends)
  }

  /// Bytes of the operands: rows of high and of low ones in turn.
  private func request(_ layer: LayerCopies, _ scan: Scan, _ rule: Rule) {
    let isSecond = scan.place[1]
    func addresses(_ name: String, _ base: Unsigned, _ step: Unsigned) -> Unsigned {
      let row = Register<Unsigned>("\(name)Row", Configuration.addressBits), high = Register<Unsigned>("\(name)High", Configuration.addressBits)
      let nextRow = (row.value &+ step.shiftedLeft(by: Unsigned(1))).named("\(name)NextRow")
      When(begins) {
        row.value = base; high.value = base
      }.ElseWhen(scan.endsRow) {
        row.value = nextRow; high.value = nextRow
      }.ElseWhen(scan.isLastPlace) {
        high.value = high.value &+ 1
      }
      return select(scan.place[0], high.value &+ step, high.value).named("\(name)Address")
    }
    let first = addresses("first", layer[\.feed.base], layer[\.scalar.firstStep])
    let second = addresses("second", layer[\.addition.base], layer[\.scalar.secondStep])
    operand.enable = scan.runs & !(isSecond & rule.isSigmoid)
    operand.address = select(isSecond, second, first)
    operand.count = Unsigned(1, width: operand.count.width)
  }

  /// Both operands, from the cycle of the first factors on; the first one comes earlier and goes earlier.
  private func operands(_ scan: Scan) -> (first: Signed, second: Signed) {
    func arrived(_ place: Int) -> Bit {
      delayed((scan.runs & (scan.place === Unsigned(place))).named("place\(place)"), by: Timing.scalarByte, "arrived\(place)")
    }
    let high = Register<Unsigned>("high", 8, reset: nil)
    let first = Register<Signed>("first", 16, reset: nil), second = Register<Signed>("second", 16, reset: nil)
    let number = concatenate([operand.data ^ Unsigned(0x80, width: 8), high.value]).asSigned.named("number")
    When(arrived(0) | arrived(2)) { high.value = operand.data }
    When(arrived(1)) { first.value = number }
    When(arrived(3)) { second.value = number }
    return (first.value, second.value)
  }

  // MARK: products

  /// The factors of the first product.
  private func firstFactors(_ layer: LayerCopies, _ rule: Rule, _ operands: (first: Signed, second: Signed)) -> (a: Signed, b: Signed) {
    func up(_ number: Signed, _ bits: Int) -> Signed { concatenate([Unsigned(0, width: bits), number.asUnsigned]).asSigned.extended(to: 32) }
    let raised = up(operands.first, 16), multiplier = factor(layer[\.scalar.secondMultiplierLow], layer[\.scalar.secondMultiplierHigh])
    let steps = select(layer[\.scalar.secondShift][4], raised, operands.first.extended(to: 32))
    return (select(rule.isSigmoid, steps, up(operands.second, 15)), select(rule.isProduct, raised, multiplier))
  }

  /// What becomes of the first product: a sum or product that is to be rescaled, or of a sigmoid the distance from 0, and whether it counts
  /// downwards.
  private struct Value {
    let number: Unsigned
    let isNegative: Bit
  }

  private func value(_ layer: LayerCopies, _ rule: Rule, _ operands: (first: Signed, second: Signed), _ isFirst: Bit) -> Value {
    let isThere = delayed(isFirst, by: Timing.scalarProduct, "firstProduct")
    let held = Register<Signed>("firstHeld", 16, reset: nil)
    When(isFirst) { held.value = operands.first }
    let term = rounded(product, layer[\.scalar.secondShift].extended(to: 6), "term")
    let sum = (held.value.extended(to: 32).shiftedLeft(by: Unsigned(14)) &+ term).named("sum")
    let isNegative = product[31], distance = select(isNegative, Signed(0, width: 32) &- product, product).named("distance")
    let doubled = select(rule.isTangent, distance.shiftedLeft(by: Unsigned(1)), distance)
    let number = Register<Unsigned>("value", 32, reset: nil), sign = Register<Bit>("isNegative", reset: nil)
    When(isThere) {
      number.value = select(rule.isSigmoid, doubled, select(rule.isProduct, product, sum)).asUnsigned
      sign.value = isNegative
    }
    return Value(number: number.value, isNegative: sign.value)
  }

  /// The line of a sigmoid.
  private struct Line {
    /// The factors of the second product.
    let way: Signed, slope: Signed
    /// The sigmoid less its value at 0, when that product is there.
    let height: Signed
  }

  private func line(_ layer: LayerCopies, _ rule: Rule, _ value: Value, _ isSecond: Bit) -> Line {
    let isBeyond = value.number[17..<32].anyBitSet, entry = select(isBeyond, Unsigned(255, width: 8), value.number[9..<17]).named("entry")
    table.enable = true
    table.address = tables == 1 ? entry : concatenate([entry, layer[\.scalar.table]]).resized(to: indexBits(256 * tables))
    // Way times slope counts 2^31.
    let way = concatenate([Unsigned(0, width: 16), value.number[0..<9]]).extended(to: 32).asSigned
    let slope = concatenate([Unsigned(0, width: 15), table.data[16..<32]]).extended(to: 32).asSigned
    let start = Register<Unsigned>("lineStart", 16, reset: nil), sign = Register<Bit>("lineIsNegative", reset: nil)
    When(isSecond) {
      start.value = table.data[0..<16]
      sign.value = value.isNegative
    }
    let begins = concatenate([Unsigned(0, width: 9), start.value]).extended(to: 32).asSigned
    let rise = ((begins &+ product) &- Signed(1 << 24, width: 32)).named("rise")
    return Line(way: way, slope: slope, height: select(sign.value, Signed(0, width: 32) &- rise, rise).named("height"))
  }

  /// Shifted right by 0...63, rounded, halves away from zero.
  private func rounded(_ number: Signed, _ shift: Unsigned, _ name: String) -> Signed {
    let half = (Unsigned(1, width: 40).shiftedLeft(by: shift) >> 1).asSigned
    let isNegative = (number[31] & shift.anyBitSet).asUnsigned.extended(to: 40).asSigned
    return (number.extended(to: 40) &+ half &- isNegative).shiftedRight(by: shift).truncated(to: 32).named(name)
  }

  // MARK: outputs

  private func output(_ layer: LayerCopies, _ rule: Rule, _ line: Line, _ isThere: Bit) -> Unsigned {
    let quotient = rounded(select(rule.isSigmoid, line.height, product), layer[\.scalar.shift], "quotient")
    let steps = Register<Signed>("steps", 18, reset: nil), output = Register<Signed>("output", 16, reset: nil)
    steps.value = quotient.saturated(to: 18)
    let isLogistic = (rule.isSigmoid & !rule.isTangent).named("isLogistic")
    let zero = select(isLogistic, Signed(1 << 14, width: 16), layer[\.addition.zero].asSigned.extended(to: 16)).named("zero")
    let low = layer[\.end.int16Low].asSigned, high = layer[\.end.int16High].asSigned
    When(isThere) { output.value = (steps.value + zero).named("offset").clamped(low, high) }
    return output.value.asUnsigned
  }

  private func write(_ layer: LayerCopies, _ scan: Scan, _ output: Unsigned, _ isHigh: Bit) {
    let row = Register<Unsigned>("outputRow", Configuration.addressBits), place = Register<Unsigned>("outputPlace", Configuration.addressBits)
    let endsElement = delayed(scan.isLastPlace, by: Timing.int16Output, "endsElement"), endsRow = delayed(scan.endsRow, by: Timing.int16Output, "endsOutputRow")
    let base = layer[\.end.base], nextRow = (row.value &+ layer[\.end.columnStep]).named("outputNextRow")
    When(begins) {
      row.value = base; place.value = base
    }.ElseWhen(endsRow) {
      row.value = nextRow; place.value = nextRow
    }.ElseWhen(endsElement) {
      place.value = place.value &+ 1
    }
    let isInt16 = layer[.int16Output], low = output[0..<8]
    let byte = select(!isInt16, low, select(isHigh, output[8..<16], low ^ Unsigned(0x80, width: 8)))
    results.enable = isHigh | (isInt16 & endsElement)
    results.address = select(isHigh, place.value, place.value &+ layer[\.end.int16Step])
    results.count = 1
    results.data = byte
    results.before = byte
  }
}
