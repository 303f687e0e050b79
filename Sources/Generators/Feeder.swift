// Feeder: decides which bytes are read, in which order, and where they go.
//
// One affine loop nest serves every layer: groups, rows, columns, kernel rows, runs of a kernel row, chunks of
// a run. There is no multiplier: each loop keeps its own running position and adds its step. A chunk is issued
// when its destination has room, counted in advance (reserved bytes of the aligning buffer, allocated columns of
// the column buffer), so data that arrive are always taken.

import HDL
import Machine

struct Feeder: Engine {
  let lanes: Int
  let dotProduct: Int
  let bufferBytes: Int
  var laneBits: Int { log2(lanes) }
  var countBits: Int { laneBits + 1 }
  var positionBits: Int { log2(bufferBytes) }
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input() var begin: Bit
  /// Stop at once.
  @Input() var abort: Bit
  /// Somebody else reads in the next cycle: issue nothing.
  @Input() var hold: Bit
  /// The array took C bytes from the aligning buffer.
  @Input() var streamPop: Bit
  /// The array is done with this many columns.
  @Input() var release: Bit
  @Input(16) var releaseColumns: Unsigned
  // The read request, as the feature memory takes it.
  @Output() var requestValid: Bit
  @Output(24) var requestAddress: Unsigned
  @Output(\Self.laneBits) var requestDestination: Unsigned
  @Output(\Self.countBits) var requestLow: Unsigned
  @Output(\Self.countBits) var requestHigh: Unsigned
  @Output(8) var requestPad: Unsigned
  // What the data are, when they arrive two cycles after the request.
  @Output() var streamWrite: Bit
  @Output() var columnWrite: Bit
  @Output(\Self.positionBits) var arrivalPosition: Unsigned
  @Output(\Self.countBits) var arrivalCount: Unsigned
  @Output(\Self.countBits) var arrivalAdvance: Unsigned

  /// A loop of the layer has no turns.
  @Output() var invalid: Bit

  init(_ c: Configuration) {
    (lanes, dotProduct, bufferBytes) = (c.memoryLanes, c.dotProduct, c.streamBufferBytes)
  }
  var moduleName: String { "feeder" }
  var documentation: String { "Walks the loop nest of a layer and requests the bytes of its windows." }

  func body() {
    let mode = field(.mode)
    let columnMode = flag(.columns, of: mode)
    let inputBase = field(.inputBase), inputRowStep = field(.inputRowStep), inputTapRowStep = field(.inputTapRowStep)
    let firstY = field(.firstY), yStep = field(.yStep), yTapStep = field(.yTapStep), inputHeight = field(.inputHeight)
    let firstX = field(.firstX), xStep = field(.xStep), xTapStep = field(.xTapStep), xGroupStep = field(.xGroupStep)
    let inputRowBytes = field(.inputRowBytes), runBytes = field(.runBytes)
    let groups = field(.groups), rows = field(.rows), feedColumns = field(.feedColumns)
    let tapRows = field(.tapRows), tapColumns = field(.tapColumns), passSteps = field(.passSteps)
    let capacity = field(.capacityColumns)

    let active = Register<Bit>("active")
    let group = Register<Unsigned>("group", 16), row = Register<Unsigned>("row", 16)
    let column = Register<Unsigned>("column", 16)
    let tapRow = Register<Unsigned>("tapRow", 16), tapColumn = Register<Unsigned>("tapColumn", 16)
    let remaining = Register<Unsigned>("remaining", 24)
    // Running positions: of the row (address and index), of the kernel row, and along x.
    let rowAddress = Register<Unsigned>("rowAddress", 24), tapAddress = Register<Unsigned>("tapAddress", 24)
    let rowY = Register<Unsigned>("rowY", 16), tapY = Register<Unsigned>("tapY", 16)
    let groupX = Register<Unsigned>("groupX", 24), columnX = Register<Unsigned>("columnX", 24)
    let tapX = Register<Unsigned>("tapX", 24), x = Register<Unsigned>("x", 24)

    let runEnds = (remaining.value <= constant(lanes, 24)).named("runEnds")
    let rowEnds = (runEnds & (tapColumn.value &+ 1 === tapColumns)).named("kernelRowEnds")
    let windowEnds = (rowEnds & (tapRow.value &+ 1 === tapRows)).named("windowEnds")
    let columnsEnd = (windowEnds & (column.value &+ 1 === feedColumns)).named("columnsEnd")
    let rowsEnd = (columnsEnd & (row.value &+ 1 === rows)).named("rowsEnd")
    let layerEnds = (rowsEnd & (group.value &+ 1 === groups)).named("layerEnds")

    // Room in the aligning buffer: whole windows begin on a lane-0 boundary, so the last chunk rounds up.
    let position = Register<Unsigned>("position", positionBits)
    let reserved = Register<Unsigned>("reserved", positionBits + 1)
    let count = select(runEnds, remaining.value[0..<countBits], constant(lanes, countBits)).named("count")
    let end = (position.value &+ count.resized(to: positionBits)).named("end")
    let ragged = (constant(0, log2(dotProduct)) &- end[0..<log2(dotProduct)]).named("ragged")
    let advance = select(windowEnds, count &+ ragged.extended(to: countBits), count).named("advance")
    let afterwards = (reserved.value + advance).named("reservedAfterwards")
    let streamRoom = (afterwards <= constant(bufferBytes, afterwards.width)).named("streamRoom")

    // Room in the column buffer, taken when a column's first entry is issued. Columns may be released before they are
    // fed; those are passed over, and there is room for them and for a full buffer behind.
    let allocated = Register<Signed>("allocated", 17)
    let entry = Register<Unsigned>("entry", 16)
    let columnBegins = (entry.value === 0).named("columnBegins")
    let columnRoom = (!columnBegins | (allocated.value < capacity.extended(to: 17).asSigned)).named("columnRoom")

    let issue = (active.value & !hold & select(columnMode, columnRoom, streamRoom)).named("issue")

    When(abort | (issue & layerEnds)) {
      active.value = false
    }.ElseWhen(begin) {
      active.value = true
    }
    invalid = [groups, rows, feedColumns, tapRows, tapColumns, runBytes].reduce(Bit(false)) { $0 | !$1.anyBitSet }

    let nextTapX = (tapX.value &+ xTapStep).named("nextTapX")
    let nextColumnX = (columnX.value &+ xStep).named("nextColumnX")
    let nextGroupX = (groupX.value &+ xGroupStep).named("nextGroupX")
    let nextTapAddress = (tapAddress.value &+ inputTapRowStep).named("nextTapAddress")
    let nextRowAddress = (rowAddress.value &+ inputRowStep).named("nextRowAddress")
    let nextRowY = (rowY.value &+ yStep).named("nextRowY")
    When(begin) {
      group.value = 0; row.value = 0; column.value = 0; tapRow.value = 0; tapColumn.value = 0
      remaining.value = runBytes
      rowAddress.value = inputBase; tapAddress.value = inputBase
      rowY.value = firstY; tapY.value = firstY
      groupX.value = firstX; columnX.value = firstX; tapX.value = firstX; x.value = firstX
    }.ElseWhen(issue) {
      When(!runEnds) {
        remaining.value = remaining.value &- constant(lanes, 24)
        x.value = x.value &+ constant(lanes, 24)
      }.Else {
        remaining.value = runBytes
        When(!rowEnds) {
          tapColumn.value = tapColumn.value &+ 1
          tapX.value = nextTapX; x.value = nextTapX
        }.Else {
          tapColumn.value = 0
          When(!windowEnds) {
            tapRow.value = tapRow.value &+ 1
            tapAddress.value = nextTapAddress
            tapY.value = tapY.value &+ yTapStep
            tapX.value = columnX.value; x.value = columnX.value
          }.Else {
            tapRow.value = 0
            When(!columnsEnd) {
              column.value = column.value &+ 1
              columnX.value = nextColumnX; tapX.value = nextColumnX; x.value = nextColumnX
              tapAddress.value = rowAddress.value; tapY.value = rowY.value
            }.Else {
              column.value = 0
              When(!rowsEnd) {
                row.value = row.value &+ 1
                rowAddress.value = nextRowAddress; tapAddress.value = nextRowAddress
                rowY.value = nextRowY; tapY.value = nextRowY
                columnX.value = groupX.value; tapX.value = groupX.value; x.value = groupX.value
              }.Else {
                row.value = 0
                group.value = group.value &+ 1
                rowAddress.value = inputBase; tapAddress.value = inputBase
                rowY.value = firstY; tapY.value = firstY
                groupX.value = nextGroupX; columnX.value = nextGroupX; tapX.value = nextGroupX; x.value = nextGroupX
              }
            }
          }
        }
      }
    }

    // Bookkeeping of room.
    let taken = select(issue & !columnMode, advance, 0).named("taken")
    let popped = select(streamPop, constant(dotProduct, positionBits + 1), 0).named("popped")
    When(begin) {
      position.value = 0; reserved.value = 0
    }.Else {
      reserved.value = reserved.value &+ taken.extended(to: positionBits + 1) &- popped
      When(issue) { position.value = position.value &+ advance.resized(to: positionBits) }
    }
    let columnEnds = (entry.value &+ 1 === passSteps).named("columnEnds")
    let opened = (issue & columnBegins).asUnsigned.extended(to: 17).asSigned
    let released = select(release, releaseColumns, 0).named("released").extended(to: 17).asSigned
    When(begin) {
      entry.value = 0; allocated.value = 0
    }.Else {
      When(issue) { entry.value = select(columnEnds, constant(0, 16), entry.value &+ 1) }
      allocated.value = allocated.value &+ opened &- released
    }

    // The request: padding is what lies left or right of the image row, above or below the image, or beyond the run. So every
    // byte from `low` to `high` is one that the layer needs, and must exist.
    let left = (-(x.value.asSigned)).named("left")
    let right = (inputRowBytes.extended(to: 25).asSigned - x.value.asSigned).named("right")
    let inside = (tapY.value < inputHeight).named("inside")
    let full = constant(lanes, countBits)
    let lowSigned = left < 0
    let low = select(lowSigned | (left === 0), constant(0, countBits),
      select(left >= Signed(lanes, width: laneBits + 2), full, left.asUnsigned[0..<countBits])).named("low")
    let high = select(!inside | (right <= 0), constant(0, countBits),
      select(right >= count.extended(to: 25).asSigned, count, right.asUnsigned[0..<countBits])).named("high")
    let valid = delayed(issue, by: 1, "requestValidHeld")
    requestValid = valid
    requestAddress = delayed(tapAddress.value &+ x.value, by: 1, "requestAddressHeld")
    let destination = delayed(position.value, by: 1, "requestPosition")
    requestDestination = select(columnMode, constant(0, laneBits), destination[0..<laneBits])
    requestLow = delayed(low, by: 1, "requestLowHeld")
    requestHigh = delayed(high, by: 1, "requestHighHeld")
    requestPad = field(.padByte)
    let arriving = delayed(valid, by: 2, "arriving")
    streamWrite = arriving & !columnMode
    columnWrite = arriving & columnMode
    arrivalPosition = delayed(destination, by: 2, "arrivalPositionHeld")
    arrivalCount = delayed(count, by: 3, "arrivalCountHeld")
    arrivalAdvance = delayed(advance, by: 3, "arrivalAdvanceHeld")
  }
}

extension Unsigned {
  /// Extended with zeros or cut to a width: for positions that wrap by construction.
  func resized(to target: Int) -> Unsigned { width < target ? extended(to: target) : truncated(to: target) }
}
