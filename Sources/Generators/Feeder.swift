// Feeder: decides which bytes are read, in which order, and where they go.
//
// One affine loop nest serves every layer (`Walk.feeder`): groups, rows, columns, kernel rows, runs of a kernel row, chunks of
// a run. A chunk is issued
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
    let layer = LayerCopies(settings)
    let columnMode = layer[.columns]
    let passSteps = layer[\.array.passSteps], capacity = layer[\.window.capacity]
    let walk = WalkRegisters(.feeder, layer, piece: lanes)
    let runEnds = walk.ends("run"), windowEnds = walk.ends("tapRow")

    let active = Register<Bit>("active")

    // Room in the aligning buffer: whole windows begin on a lane-0 boundary, so the last chunk rounds up.
    let position = Register<Unsigned>("position", positionBits)
    let reserved = Register<Unsigned>("reserved", positionBits + 1)
    let count = select(runEnds, walk.remaining[0..<countBits], constant(lanes, countBits)).named("count")
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

    When(abort | (issue & walk.ends("group"))) {
      active.value = false
    }.ElseWhen(begin) {
      active.value = true
    }
    walk.drive(begin: begin, advance: issue)
    invalid = any(Walk.feeder.loops.map { !layer[$0.count].anyBitSet })

    // Bookkeeping of room.
    let taken = select(issue & !columnMode, advance, 0).named("taken")
    let popped = select(streamPop, constant(dotProduct, positionBits + 1), 0).named("popped")
    When(begin) {
      position.value = 0; reserved.value = 0
    }.Else {
      reserved.value = reserved.value &+ taken.extended(to: positionBits + 1) &- popped
      When(issue) { position.value = position.value &+ advance.resized(to: positionBits) }
    }
    let isLastEntry = (entry.value &+ 1 === passSteps).named("isLastEntry")
    let opened = (issue & columnBegins).asUnsigned.extended(to: 17).asSigned
    let released = select(release, releaseColumns, 0).named("released").extended(to: 17).asSigned
    When(begin) {
      entry.value = 0; allocated.value = 0
    }.Else {
      When(issue) { entry.value = select(isLastEntry, constant(0, 16), entry.value &+ 1) }
      allocated.value = allocated.value &+ opened &- released
    }

    // The request: padding is what lies left or right of the image row, above or below the image, or beyond the run. So every
    // byte from `low` to `high` is one that the layer needs, and must exist.
    let x = walk.value("x")
    let left = (-(x.asSigned)).named("left")
    let right = (layer[\.feed.rowBytes].extended(to: 25).asSigned - x.asSigned).named("right")
    let inside = (walk.value("y") < layer[\.feed.height]).named("inside")
    let full = constant(lanes, countBits)
    let lowSigned = left < 0
    let low = select(lowSigned | (left === 0), constant(0, countBits),
      select(left >= Signed(lanes, width: laneBits + 2), full, left.asUnsigned[0..<countBits])).named("low")
    let high = select(!inside | (right <= 0), constant(0, countBits),
      select(right >= count.extended(to: 25).asSigned, count, right.asUnsigned[0..<countBits])).named("high")
    let valid = delayed(issue, by: Timing.feedRequest, "requestValidHeld")
    requestValid = valid
    requestAddress = delayed(walk.value("address") &+ x, by: Timing.feedRequest, "requestAddressHeld")
    let destination = delayed(position.value, by: Timing.feedRequest, "requestPosition")
    requestDestination = select(columnMode, constant(0, laneBits), destination[0..<laneBits])
    requestLow = delayed(low, by: Timing.feedRequest, "requestLowHeld")
    requestHigh = delayed(high, by: Timing.feedRequest, "requestHighHeld")
    requestPad = layer[\.feed.padByte]
    let arriving = delayed(valid, by: Timing.featureRead, "arriving")
    streamWrite = arriving & !columnMode
    columnWrite = arriving & columnMode
    arrivalPosition = delayed(destination, by: Timing.featureRead, "arrivalPositionHeld")
    arrivalCount = delayed(count, by: Timing.feedRequest + Timing.featureRead, "arrivalCountHeld")
    arrivalAdvance = delayed(advance, by: Timing.feedRequest + Timing.featureRead, "arrivalAdvanceHeld")
  }
}

extension Unsigned {
  /// Extended with zeros or cut to a width: for positions that wrap by construction.
  func resized(to target: Int) -> Unsigned { width < target ? extended(to: target) : truncated(to: target) }
}
