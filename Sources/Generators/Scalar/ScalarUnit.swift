// Scalar unit: what needs 32-bit arithmetic on a few bytes, one byte at a time through one multiplier.
//
// It knows two operations on rows of int8, bit for bit as TensorFlow Lite Micro's kernels, and where the hardware has arithmetic of int16 one
// on rows of int16 (`Int16Unit`), which uses the same multiplier.
//
// Softmax. The golden kernel works on 8-bit inputs, so the exponential of the distance to the row's maximum is one
// of 256 values, kept in a table. A row takes three scans: the maximum, from up to eight bytes a read; the sum of
// exponentials, two bytes a read and two words of the table; the outputs, a byte a cycle. Reads follow each other without a gap
// but for the reciprocal before the outputs, three Newton steps in the kernel's own fixed point. All waits are fixed,
// so a row of n bytes always takes the same time: `Timing.softmaxRow`.
//
// Addition, for scales that have no exact affine form in the post unit's lanes. Each operand's rescaled value depends on
// eight bits, so it comes from a table, too; the sum goes through the multiplier and is rounded twice. The second
// operand is a byte of another tensor, or a constant that belongs to the column. Two cycles an element.
//
// Squared difference, where the hardware has products: the sum of terms is squared before it is rescaled. Its square comes from the
// same multiplier, in the cycles between the elements' sums, and takes no longer but for its latency.
//
// The end is common: Q0.31 product, rounding shift, zero point, clamp.

import HDL
import Machine

struct ScalarUnit: Engine {
  let tables: Int
  /// V, for the read port.
  let memoryLanes: Int
  /// With products an addition's sum can be squared; with arithmetic of int16 there is an operation more.
  let extensions: Extensions
  private var squares: Bool { extensions.contains(.products) }
  /// The most that are read at once.
  var comparedBytes: Int { Timing.softmaxComparedBytes(lanes: memoryLanes) }
  var operandRead: FeatureRead { FeatureRead(bytes: comparedBytes, lanes: memoryLanes) }
  var tableRead: MemoryRead { MemoryRead(depth: 256 * tables, width: 32) }
  let settings = Target(ConfigurationBus())
  var scalarControl: ScalarControl { ScalarControl(extensions) }
  let control = Target(\Self.scalarControl)
  let operand = Initiator(\Self.operandRead)
  let table = Initiator(\Self.tableRead)
  /// The word for the second byte of a pair.
  let pairTable = Initiator(\Self.tableRead)
  let results = Initiator(ResultWrite(bytes: 1))
  /// The layer asks for a table that does not exist.
  let fault = Initiator(Fault())

  enum State: Int, CaseIterable { case idle, scanMaximum, scanSum, reciprocal, scanOutput, settle, add }
  @StateRegister var state: State = .idle

  init(tables: Int, memoryLanes: Int, extensions: Extensions = []) {
    (self.tables, self.memoryLanes, self.extensions) = (tables, memoryLanes, extensions)
  }
  init(_ hardware: Hardware) {
    self.init(tables: hardware.scalarTables, memoryLanes: hardware.configuration.memoryLanes, extensions: hardware.extensions)
  }
  var moduleName: String { "scalar_unit" }
  var documentation: String { "Softmax, inexact additions and squared differences of rows of int8, bit for bit as TensorFlow Lite Micro's kernels." }

  func body() {
    precondition(Timing.scalarEnd == 5 && Timing.softmaxAddedBytes == 2, "multiplier and end have five stages, and bytes are added in pairs")
    let layer = LayerCopies(settings)
    let isAddition = Register<Bit>("isAddition")
    let isSquare = squares ? (isAddition.value & layer[.product]).named("isSquare") : false
    let begin = control.layer.begin, beginAddition = (begin & control.isAddition).named("beginAddition")
    let int16 = int16Operation(begin), isOther = int16.map { control.isAddition | $0.begins } ?? control.isAddition
    let reciprocal = instance("divider", Reciprocal())
    let scan = scan(layer, isSquare)
    proceed(scan, begin & !isOther, beginAddition, int16)
    requestOperands(layer, scan, int16)

    let arrived = arrivals(scan)
    let entry = readTable(layer, scan, arrived, beginAddition, int16)
    let sum = sum(scan, entry)
    reciprocal.$denominator = sum.value
    // The sum takes up what comes from the table in the cycle after.
    let isSummed = (($state === .scanSum) & scan.lastPlace).named("isSummed")
    reciprocal.$begins = delayed(isSummed, by: Timing.scalarByte + Timing.memoryRead + 1, "reciprocalBegins")

    let multiplier = instance("multiplier", ScalarMultiplier())
    reciprocal.$product = multiplier.$product
    let terms = (sum.value &+ table.data).named("terms").asSigned
    let factor = concatenate([layer[\.scalar.multiplierLow], layer[\.scalar.multiplierHigh]]).extended(to: 32).asSigned
    let first = squares ? squared(terms, factor, entry, isSquare, multiplier.$product) : (a: terms, b: factor, isThere: entry.isSecond)
    let a = select(first.isThere, first.a, select(entry.isForOutput, reciprocal.$scale, reciprocal.$a))
    let b = select(first.isThere, first.b, select(entry.isForOutput, table.data.asSigned, reciprocal.$b))
    multiplier.$a = int16.map { select($0.isActive, $0.unit.$a, a) } ?? a
    multiplier.$b = int16.map { select($0.isActive, $0.unit.$b, b) } ?? b
    int16?.unit.$product = multiplier.$product

    When(begin) { isAddition.value = beginAddition }
    let end = instance("end", ScalarEnd())
    end.$product = multiplier.$product
    end.$shift = select(isAddition.value, layer[\.scalar.shift], Unsigned(Self.softmaxShift, width: 6) &- reciprocal.$headroom.extended(to: 6))
    end.$zero = layer[\.addition.zero].asSigned
    end.$low = layer[\.addition.low].asSigned
    end.$high = layer[\.addition.high].asSigned
    let isOutput = later(entry.isForOutput | entry.isSecond, isSquare, "squared")
    write(layer, scan, end.$result, isSquare, int16, when: delayed(isOutput, by: Timing.scalarEnd, "writing"))
  }

  /// The operation on int16: while it is active multiplier, memories and results are its own.
  private struct Int16Operation {
    let unit: Instance<Int16Unit>
    let begins: Bit, isActive: Bit
  }

  /// Nil where the hardware has no arithmetic of int16.
  private func int16Operation(_ begin: Bit) -> Int16Operation? {
    guard let asked = control.int16.first else { return nil }
    let unit = instance("int16", Int16Unit(tables: tables, memoryLanes: memoryLanes)), isActive = Register<Bit>("isInt16")
    let begins = (begin & asked.isAsked).named("int16Begins")
    When(begin) { isActive.value = begins }
    connect(settings, to: unit.settings)
    (unit.$begins, unit.$aborts) = (begins, control.layer.abort)
    unit.operand.data = operand.data.byte(0)
    unit.table.data = table.data
    return Int16Operation(unit: unit, begins: begins, isActive: isActive.value)
  }

  /// In a square, as much later as that takes.
  private func later(_ condition: Bit, _ isSquare: Bit, _ name: String) -> Bit {
    squares ? select(isSquare, delayed(condition, by: Timing.scalarSquare, name), condition) : condition
  }

  /// What the multiplier gets for an addition: the sum and its factor, or first the sum twice and then the square and the factor.
  /// Q0.31 makes r² of r·2^15 and r·2^16. Sums come every other cycle, squares an odd number of cycles later.
  private func squared(_ terms: Signed, _ factor: Signed, _ entry: Entry, _ isSquare: Bit, _ square: Signed) -> (a: Signed, b: Signed, isThere: Bit) {
    precondition(Timing.scalarSquare == 3, "the multiplier has three stages, and squares come between sums")
    let isBack = delayed(entry.isSecond & isSquare, by: Timing.scalarSquare, "squareIsBack")
    let wide = concatenate([Unsigned(0, width: 15), terms.asUnsigned[0..<17]]).asSigned
    let narrow = concatenate([Unsigned(0, width: 16), terms.asUnsigned[0..<16]]).asSigned
    return (
      a: select(isBack, square, select(isSquare, wide, terms)), b: select(isBack, factor, select(isSquare, narrow, factor)),
      isThere: isBack | entry.isSecond)
  }

  /// Bits of the sum of exponentials before its point: Q12.19.
  private static let sumBits = 12
  /// A softmax's output is 8 of the product's 31 bits, moved by as many bits as the sum has before its point: this, less its
  /// leading zeros.
  private static let softmaxShift = sumBits + 31 - 8

  // MARK: rows and columns

  /// The place in a layer, and what happens there.
  private struct Scan {
    /// Reading a row; reading the operands of an addition in turn, first and second.
    let scanning: Bit, adding: Bit, atSecond: Bit
    /// Of an addition, both operands have been read.
    let elementDone: Bit
    /// Low bits of the column.
    let column: Unsigned
    /// Bytes from one place of a scan to the next, and those of this place.
    let stride: Unsigned, count: Unsigned
    let lastPlace: Bit, lastRow: Bit
    /// The reciprocal is there for the next place.
    let divided: Bit
    /// The last output of the row, or of the addition, is written.
    let settled: Bit
    /// The next row begins; and that, or the first one.
    let rowEnds: Bit, rowBegins: Bit
  }

  private func scan(_ layer: LayerCopies, _ isSquare: Bit) -> Scan {
    let row = Register<Unsigned>("row", 16), left = Register<Unsigned>("left", 16), wait = Register<Unsigned>("wait", 5)
    let scanning = (($state === .scanMaximum) | ($state === .scanSum) | ($state === .scanOutput)).named("scanning")
    let adding = ($state === .add).named("adding"), atSecond = Register<Bit>("atSecond")
    atSecond.value = adding & !atSecond.value
    let elementDone = (adding & atSecond.value).named("elementDone")

    let countBits = indexBits(comparedBytes + 1)
    func bytes(_ count: Int) -> Unsigned { Unsigned(count, width: countBits) }
    let pairOrByte = select($state === .scanSum, bytes(Timing.softmaxAddedBytes), bytes(1))
    let stride = select($state === .scanMaximum, bytes(comparedBytes), pairOrByte).named("stride")
    let columns = layer[\.array.columns], column = (columns[0..<8] &- left.value[0..<8]).named("column")
    let lastPlace = (left.value <= stride.extended(to: 16)).named("lastPlace")
    let lastRow = (row.value &+ 1 === layer[\.feed.rows]).named("lastRow")

    // The states without places count their cycles.
    let dividing = ($state === .reciprocal).named("dividing"), settling = ($state === .settle).named("settling")
    When(dividing | settling) { wait.value = wait.value &+ 1 }.Else { wait.value = 0 }
    func last(of cycles: Int) -> Unsigned { Unsigned(cycles - 1, width: 5) }
    let settle = last(of: Timing.scalarOutput), settleOfSquare = last(of: Timing.scalarOutput + Timing.scalarSquare)
    let settled = (settling & (wait.value === (squares ? select(isSquare, settleOfSquare, settle) : settle))).named("settled")

    let rowEnds = ((settled | (elementDone & lastPlace)) & !lastRow).named("rowEnds")
    When(scanning | elementDone) { left.value = select(lastPlace, columns, left.value &- stride.extended(to: 16)) }
    When(control.layer.begin) {
      row.value = 0; left.value = columns
    }.ElseWhen(rowEnds) {
      row.value = row.value &+ 1
    }
    return Scan(
      scanning: scanning, adding: adding, atSecond: atSecond.value, elementDone: elementDone, column: column, stride: stride,
      count: select(lastPlace, left.value[0..<countBits], stride).named("count"), lastPlace: lastPlace, lastRow: lastRow,
      divided: (wait.value === last(of: Timing.reciprocal)).named("divided"), settled: settled, rowEnds: rowEnds,
      rowBegins: (control.layer.begin | rowEnds).named("rowBegins"))
  }

  private func proceed(_ scan: Scan, _ beginSoftmax: Bit, _ beginAddition: Bit, _ int16: Int16Operation?) {
    Switch($state) {
      Case(.idle) {
        When(beginSoftmax) { state = .scanMaximum }.ElseWhen(beginAddition) { state = .add }
      }
      Case(.scanMaximum) { When(scan.lastPlace) { state = .scanSum } }
      Case(.scanSum) { When(scan.lastPlace) { state = .reciprocal } }
      Case(.reciprocal) { When(scan.divided) { state = .scanOutput } }
      Case(.scanOutput) { When(scan.lastPlace) { state = .settle } }
      Case(.settle) {
        When(scan.settled) {
          When(scan.lastRow) { state = .idle }.Else { state = .scanMaximum }
        }
      }
      Case(.add) { When(scan.atSecond & scan.lastPlace & scan.lastRow) { state = .settle } }
    }
    When(control.layer.abort) { state = .idle }
    let moves = $state !== .idle, finished = scan.settled & scan.lastRow
    control.layer.moves = int16.map { moves | $0.unit.$moves } ?? moves
    control.layer.finished = int16.map { finished | $0.unit.$finished } ?? finished
  }

  /// Where the operands come from. A softmax goes over its row three times, an addition once.
  private func requestOperands(_ layer: LayerCopies, _ scan: Scan, _ int16: Int16Operation?) {
    control.layer.invalid = !layer[\.feed.rows].anyBitSet | !layer[\.array.columns].anyBitSet
    let addressBits = Configuration.addressBits, rowStep = layer[\.end.columnStep]
    let rowInput = Register<Unsigned>("rowInput", addressBits), read = Register<Unsigned>("read", addressBits)
    let rowSecond = Register<Unsigned>("rowSecond", addressBits), second = Register<Unsigned>("second", addressBits)
    let nextInput = (rowInput.value &+ rowStep).named("nextInput"), nextSecond = (rowSecond.value &+ rowStep).named("nextSecond")
    let inputBase = layer[\.feed.base], secondBase = layer[\.addition.base]
    When(scan.scanning | scan.elementDone) {
      read.value = select(scan.lastPlace, rowInput.value, read.value &+ scan.stride.extended(to: addressBits))
      second.value = second.value &+ 1
    }
    When(control.layer.begin) {
      rowInput.value = inputBase; read.value = inputBase
      rowSecond.value = secondBase; second.value = secondBase
    }.ElseWhen(scan.rowEnds) {
      rowInput.value = nextInput; read.value = nextInput
      rowSecond.value = nextSecond; second.value = nextSecond
    }
    let enable = scan.scanning | scan.adding, address = select(scan.elementDone, second.value, read.value)
    let count = scan.count.extended(to: operand.count.width), other = int16?.unit.operand
    operand.enable = other.map { enable | $0.enable } ?? enable
    operand.address = other.map { select($0.enable, $0.address, address) } ?? address
    operand.count = other.map { select($0.enable, $0.count, count) } ?? count
  }

  // MARK: bytes and entries

  /// What the bytes that have arrived are for; that travels beside them.
  private struct Arrivals {
    let forMaximum: Bit, forSum: Bit, forOutput: Bit, isFirst: Bit, isSecond: Bit
    let count: Unsigned, column: Unsigned
  }

  private func arrivals(_ scan: Scan) -> Arrivals {
    func later(_ condition: Bit, _ name: String) -> Bit { delayed(condition, by: Timing.scalarByte, name) }
    return Arrivals(
      forMaximum: later($state === .scanMaximum, "forMaximum"), forSum: later($state === .scanSum, "forSum"),
      forOutput: later($state === .scanOutput, "forOutput"), isFirst: later(scan.adding & !scan.atSecond, "forFirst"),
      isSecond: later(scan.elementDone, "forSecond"), count: delayed(scan.count, by: Timing.scalarByte, "arrivedBytes"),
      column: delayed(scan.column, by: Timing.scalarByte, "arrivedColumn"))
  }

  /// What the table's word is for, and whether the second word counts.
  private struct Entry {
    let isForSum: Bit, isPair: Bit, isForOutput: Bit, isFirst: Bit, isSecond: Bit
  }

  /// The greatest byte of a row. Its last bytes count in the cycle after they have arrived, when those for the sum come.
  private func maximum(_ scan: Scan, _ byte: Arrivals) -> Signed {
    let greatest = Register<Signed>("greatest", 8)
    let values = (0..<comparedBytes).map { lane in
      let value = operand.data.byte(lane).asSigned
      return lane == 0 ? value : select(byte.count > Unsigned(lane), value, -128).named("compared\(lane)")
    }
    // A tree of comparators, and what came before as its last leaf.
    func greater(_ values: ArraySlice<Signed>) -> Signed {
      values.count == 1 ? values[values.startIndex] : max(greater(values.prefix(values.count / 2)), greater(values.suffix(values.count / 2)))
    }
    When(scan.rowBegins) {
      greatest.value = -128
    }.ElseWhen(byte.forMaximum) {
      greatest.value = max(greatest.value, greater(values[...]))
    }
    return greatest.value
  }

  /// Looks up the byte, or its distance to the row's maximum; of a pair both.
  private func readTable(_ layer: LayerCopies, _ scan: Scan, _ byte: Arrivals, _ beginAddition: Bit, _ int16: Int16Operation?) -> Entry {
    let greatest = maximum(scan, byte), first = operand.data.byte(0)
    func distance(_ lane: Int, _ name: String) -> Unsigned { (greatest - operand.data.byte(lane).asSigned).named(name).asUnsigned[0..<8] }
    let secondEntry = select(layer[.residualConstant], byte.column, first).named("secondEntry")
    let entry = select(byte.isSecond, secondEntry, select(byte.isFirst, first, distance(0, "distance"))).named("entry")
    let firstTable = layer[\.scalar.table], secondTable = layer[\.scalar.secondTable]
    let hasFirst = firstTable.isBelow(tables), hasSecond = secondTable.isBelow(tables)
    fault.report(
      .tableOutOfRange, when: (control.layer.begin & !hasFirst) | (beginAddition & !hasSecond),
      at: select(hasFirst, secondTable, firstTable).extended(to: Configuration.addressBits))
    let number = select(byte.isSecond, secondTable, firstTable).named("tableNumber")
    func place(_ entry: Unsigned, _ number: Unsigned) -> Unsigned {
      tables == 1 ? entry : concatenate([entry, number]).resized(to: indexBits(256 * tables))
    }
    table.enable = true
    let address = place(entry, number)
    table.address = int16.map { select($0.isActive, $0.unit.table.address, address) } ?? address
    pairTable.enable = true
    pairTable.address = place(distance(1, "distanceInPair"), firstTable)
    func later(_ condition: Bit, _ name: String) -> Bit { delayed(condition, by: Timing.memoryRead, name) }
    return Entry(
      isForSum: later(byte.forSum, "exponentForSum"), isPair: later(byte.count[1], "isPair"), isForOutput: later(byte.forOutput, "exponentForOutput"),
      isFirst: later(byte.isFirst, "firstTerm"), isSecond: later(byte.isSecond, "secondTerm"))
  }

  /// The sum of a row's exponentials, from Q0.31 to Q12.19, rounded; or the first term of an addition.
  private func sum(_ scan: Scan, _ entry: Entry) -> Register<Unsigned> {
    let sum = Register<Unsigned>("sum", 32)
    func rescaled(_ word: Unsigned, _ name: String) -> Unsigned {
      ((word + Unsigned(1 << (Self.sumBits - 1), width: 32)) >> Self.sumBits).named(name)
    }
    let inPair = select(entry.isPair, rescaled(pairTable.data, "rescaledInPair"), 0)
    let added = (rescaled(table.data, "rescaled") + inPair).named("added")
    // An addition's terms are still on their way when its next row begins.
    When(entry.isForSum) {
      sum.value = sum.value &+ added.extended(to: 32)
    }.ElseWhen(entry.isFirst) {
      sum.value = table.data
    }.ElseWhen(scan.rowBegins) {
      sum.value = 0
    }
    return sum
  }

  // MARK: outputs

  /// Where the outputs go, as many cycles later as they take.
  private func write(_ layer: LayerCopies, _ scan: Scan, _ result: Signed, _ isSquare: Bit, _ int16: Int16Operation?, when writing: Bit) {
    let isLast = later((($state === .scanOutput) | scan.elementDone) & scan.lastPlace, isSquare, "lastOfSquares")
    let lastOfRow = delayed(isLast, by: Timing.scalarOutput, "lastOfRow")
    let rowOutput = Register<Unsigned>("rowOutput", Configuration.addressBits), place = Register<Unsigned>("write", Configuration.addressBits)
    let nextOutput = (rowOutput.value &+ layer[\.end.columnStep]).named("nextOutput"), base = layer[\.end.base]
    When(control.layer.begin) {
      rowOutput.value = base; place.value = base
    }.ElseWhen(writing & lastOfRow) {
      rowOutput.value = nextOutput; place.value = nextOutput
    }.ElseWhen(writing) {
      place.value = place.value &+ 1
    }
    let other = int16?.unit.results, byte = other.map { select($0.enable, $0.data, result.asUnsigned) } ?? result.asUnsigned
    results.enable = other.map { writing | $0.enable } ?? writing
    results.address = other.map { select($0.enable, $0.address, place.value) } ?? place.value
    results.count = 1
    results.data = byte
    results.before = byte
  }
}
