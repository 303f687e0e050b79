// Feeder: decides which bytes are read, in which order, and where they go.
//
// One affine loop nest serves every layer (`Walk.feeder`): groups, rows, columns, kernel rows, runs of a kernel row, chunks of
// a run. A chunk is issued
// when its destination has room, counted in advance (reserved bytes of the aligning buffer, allocated columns of
// the column buffer), so data that arrive are always taken.

import HDL
import Machine

struct Feeder: Engine {
  let configuration: Configuration
  var hasInt16 = false
  var laneBits: Int { configuration.memoryLanes.log2 }
  var countBits: Int { laneBits + 1 }
  var positionBits: Int { configuration.streamBufferBytes.log2 }
  var placedRead: PlacedRead { PlacedRead(lanes: configuration.memoryLanes) }
  var feedPorts: Feed { Feed(configuration) }
  let settings = Target(ConfigurationBus())
  let control = Target(LayerControl())
  /// Somebody else reads in the next cycle: issue nothing.
  @Input() var hold: Bit
  let read = Initiator(\Self.placedRead)
  /// Of the bytes that arrive in the next cycle.
  @Output(8) var padByte: Unsigned
  let feed = Initiator(\Self.feedPorts)

  init(_ configuration: Configuration, hasInt16: Bool = false) { (self.configuration, self.hasInt16) = (configuration, hasInt16) }
  var moduleName: String { "feeder" }
  var documentation: String { "Walks the loop nest of a layer and requests the bytes of its windows." }

  func body() {
    let layer = LayerCopies(settings)
    let columnMode = layer[.columns]
    let walk = WalkRegisters(.feeder, layer, piece: configuration.memoryLanes)
    let issue = Wire<Bit>("issue")
    let chunk = streamChunk(layer, walk, issued: issue.value & !columnMode, issue.value)
    let hasColumn = columnRoom(layer, issue.value)
    let active = Register<Bit>("active")
    issue.value = active.value & !hold & select(columnMode, hasColumn, chunk.hasRoom)
    When(control.abort | (issue.value & walk.ends("group"))) {
      active.value = false
    }.ElseWhen(control.begin) {
      active.value = true
    }
    walk.drive(begin: control.begin, advance: issue.value)
    control.invalid = any(Walk.feeder.loops.map { !layer[$0.count].anyBitSet })
    control.finished = false
    request(layer, walk, chunk, issue.value)
  }

  /// A chunk as the aligning buffer takes it: `Feed`'s position, count and advance, and whether there is room for it.
  private struct Chunk {
    let position: Unsigned, count: Unsigned, advance: Unsigned
    let hasRoom: Bit
  }

  /// Room in the aligning buffer: whole windows begin on a lane-0 boundary of the first element that shares an output, so the last chunk
  /// rounds up.
  private func streamChunk(_ layer: LayerCopies, _ walk: WalkRegisters, issued: Bit, _ issue: Bit) -> Chunk {
    let merged = MergedChoice(configuration, layer), dotProduct = configuration.dotProduct, reservedBits = positionBits + 1
    let position = Register<Unsigned>("position", positionBits), reserved = Register<Unsigned>("reserved", reservedBits)
    let full = Unsigned(configuration.memoryLanes, width: countBits)
    let count = select(walk.ends("run"), walk.remaining[0..<countBits], full).named("count")
    let end = (position.value &+ count.resized(to: positionBits)).named("end")
    let ragged = merged.pick { elements in
      let bits = (dotProduct * elements).log2
      return (Unsigned(0, width: bits) &- end[0..<bits]).extended(to: countBits)
    }.named("ragged")
    let advance = select(walk.ends("tapRow"), count &+ ragged, count).named("advance")
    let afterwards = (reserved.value + advance).named("reservedAfterwards")
    // Known before the first chunk, for which there is always room.
    let limit = Register<Unsigned>("streamLimit", reservedBits, reset: nil)
    limit.value = Unsigned(configuration.streamBufferBytes, width: reservedBits) &- layer[\.feed.reserve].resized(to: reservedBits)
    let hasRoom = (afterwards <= limit.value).named("streamRoom")

    let taken = select(issued, advance, 0).named("taken")
    let popped = select(feed.streamTaken, merged.pick { Unsigned($0 * dotProduct, width: reservedBits) }, 0).named("popped")
    When(control.begin) {
      position.value = 0; reserved.value = 0
    }.Else {
      reserved.value = reserved.value &+ taken.extended(to: reservedBits) &- popped
      When(issue) { position.value = position.value &+ advance.resized(to: positionBits) }
    }
    return Chunk(position: position.value, count: count, advance: advance, hasRoom: hasRoom)
  }

  /// Room in the column buffer, taken when a column's first entry is issued. Columns may be released before they are
  /// fed; those are passed over, and there is room for them and for a full buffer behind.
  private func columnRoom(_ layer: LayerCopies, _ issue: Bit) -> Bit {
    let passSteps = layer[\.array.passSteps], capacity = layer[\.window.capacity]
    let allocated = Register<Signed>("allocated", 17), entry = Register<Unsigned>("entry", 16)
    let begins = (entry.value === 0).named("columnBegins")
    let hasRoom = (!begins | (allocated.value < capacity.extended(to: 17).asSigned)).named("columnRoom")
    let isLastEntry = (entry.value &+ 1 === passSteps).named("isLastEntry")
    let opened = (issue & begins).asUnsigned.extended(to: 17).asSigned
    let released = select(feed.release, feed.releaseColumns, 0).named("released").extended(to: 17).asSigned
    When(control.begin) {
      entry.value = 0; allocated.value = 0
    }.Else {
      When(issue) { entry.value = select(isLastEntry, 0, entry.value &+ 1) }
      allocated.value = allocated.value &+ opened &- released
    }
    return hasRoom
  }

  /// The request, and what its data are when they arrive.
  ///
  /// Padding is what lies left or right of the image row, above or below the image, or beyond the run. So every byte from `low`
  /// to `high` is one that the layer needs, and must exist.
  private func request(_ layer: LayerCopies, _ walk: WalkRegisters, _ chunk: Chunk, _ issue: Bit) {
    let x = walk.value("x"), lanes = configuration.memoryLanes, xBits = Configuration.addressBits + 1
    let left = (-(x.asSigned)).named("left")
    let right = (layer[\.feed.rowBytes].extended(to: xBits).asSigned - x.asSigned).named("right")
    let inside = (walk.value("y") < layer[\.feed.height]).named("inside")
    let full = Unsigned(lanes, width: countBits)
    let low = select((left < 0) | (left === 0), 0,
      select(left >= Signed(lanes, width: laneBits + 2), full, left.asUnsigned[0..<countBits])).named("low")
    let high = select(!inside | (right <= 0), 0,
      select(right >= chunk.count.extended(to: xBits).asSigned, chunk.count, right.asUnsigned[0..<countBits])).named("high")
    let valid = delayed(issue, by: Timing.feedRequest, "requestValidHeld")
    let columnMode = layer[.columns]
    let position = delayed(chunk.position, by: Timing.feedRequest, "requestPosition")
    read.enable = valid
    read.address = delayed(walk.value("address") &+ x, by: Timing.feedRequest, "requestAddressHeld")
    read.destination = select(columnMode, 0, position[0..<laneBits])
    read.low = delayed(low, by: Timing.feedRequest, "requestLowHeld")
    read.high = delayed(high, by: Timing.feedRequest, "requestHighHeld")
    padByte = padding(layer, walk)
    control.moves = valid

    let arriving = delayed(valid, by: Timing.featureRead, "arriving")
    feed.stream.enable = arriving & !columnMode
    feed.stream.position = delayed(position, by: Timing.featureRead, "arrivalPositionHeld")
    feed.stream.count = delayed(chunk.count, by: Timing.feedRequest + Timing.featureRead, "arrivalCountHeld")
    feed.stream.advance = delayed(chunk.advance, by: Timing.feedRequest + Timing.featureRead, "arrivalAdvanceHeld")
    feed.stream.data = read.data
    feed.columns.enable = arriving & columnMode
    feed.columns.data = read.data[0..<8 * configuration.elements]
  }

  /// What stands for bytes outside of the image. Rows of low bytes of int16 have another byte for zero than those of high ones; a maximum
  /// has the least in both.
  private func padding(_ layer: LayerCopies, _ walk: WalkRegisters) -> Unsigned {
    let byte = layer[\.feed.padByte]
    if !hasInt16 { return byte }
    let isLowRow = (layer[.int16Input] & !layer[.maximum] & walk.value("y")[0]).named("lowRow")
    let flips = delayed(isLowRow, by: Timing.feedRequest + Timing.memoryRead, "lowRowHeld")
    return concatenate([byte[0..<7], (byte[7] ^ flips).asUnsigned])
  }
}
