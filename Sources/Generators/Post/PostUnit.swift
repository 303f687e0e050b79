// Post unit: drains finished sums, Q channels a cycle, and writes the bytes they become.
//
// A tile's sums arrive in shadow registers that shift by Q. The unit walks its loops (`Walk.post`) beside the
// array's, so it needs no message but "a tile is finished". Parameters are read in drain order from a memory with
// one word per channel; there is nothing to load between groups. The operand of a fused addition is read from
// feature memory at a fixed distance behind the tile, with priority over the feeder; where the hardware has products, it can
// multiply, too. Last come the byte tables, where the hardware has some: any function of one byte. Where it has int16, a chunk of 16-bit
// outputs drains twice: in the first cycle the high bytes are written, in the second the low ones.

import HDL
import Machine

struct PostUnit: Engine {
  let hardware: Hardware
  private var configuration: Configuration { hardware.configuration }
  private var lanes: Int { configuration.postLanes }
  private var hasInt16: Bool { hardware.extensions.contains(.int16) }
  var tileDrain: TileDrain { TileDrain(accumulatorBits: hardware.accumulatorBits, lanes: hardware.configuration.postLanes) }
  var parameterRead: MemoryRead { MemoryRead(depth: hardware.parameterEntries, width: ParameterWord.bits * hardware.configuration.postLanes) }
  var operandRead: FeatureRead { FeatureRead(bytes: hardware.configuration.elements, lanes: hardware.configuration.memoryLanes) }
  var resultWrite: ResultWrite { ResultWrite(bytes: hardware.configuration.postLanes) }
  let settings = Target(ConfigurationBus())
  let control = Target(LayerControl())
  /// A tile that arrives now was stopped on its way.
  @Input() var discardsTiles: Bit
  let drain = Target(\Self.tileDrain)
  let parameters = Initiator(\Self.parameterRead)
  /// The feeder must not issue in this cycle: the request slot of the next belongs to the second operand.
  @Output() var hold: Bit
  let operand = Initiator(\Self.operandRead)
  /// The host's, for the byte tables.
  let load = Target(LoadPort())
  let results = Initiator(\Self.resultWrite)
  /// The layer asks for a byte table, or in the cycle before for a parameter entry, that does not exist.
  let fault = Initiator(Fault())

  init(_ hardware: Hardware) { self.hardware = hardware }
  var moduleName: String { "post_unit" }
  var documentation: String { "Requantizes \(lanes) channels a cycle, adds the second operand, writes." }

  func body() {
    let layer = LayerCopies(settings)
    let chunk = drainTiles(layer)
    readParameters(layer, chunk)
    var lane = requantized(layer, chunk)
    if configuration.units.residual {
      add(layer, chunk, &lane)
    } else {
      (hold, operand.enable, operand.address, operand.count) = (false, false, 0, 0)
    }
    if hardware.byteTables > 0 { lookUp(layer, &lane) }
    precondition(lane.latency == Timing(hardware).post, "what the lanes take and what is predicted differ")
    write(layer, chunk, lane)
  }

  // MARK: draining

  /// What drains in this cycle.
  private struct Chunk {
    let isThere: Bit
    /// Of a tile.
    let isFirst: Bit, isLast: Bit
    /// The low bytes of outputs of int16; nil where the hardware has none.
    let isLow: Bit?
    /// Channels of the tile, and those from this chunk on.
    let channels: Unsigned, remaining: Unsigned
    /// Where it goes, relative to a base, and the entry of its parameters.
    let offset: Unsigned, entry: Unsigned
    /// Of the layer.
    let endsLayer: Bit
  }

  /// A tile drains in chunks of Q channels; `left` counts the channels to come. The loops go beside the array's.
  private func drainTiles(_ layer: LayerCopies) -> Chunk {
    let left = Register<Unsigned>("left", 12), captured = Register<Bit>("captured")
    captured.value = drain.capture
    let lastChunk = Wire<Bit>("lastChunk")
    let walk = WalkRegisters(.post, layer, piece: lanes, innermostEnds: lastChunk.value)
    let inLastGroup = (walk.turn("group") &+ 1 === layer[\.feed.groups]).named("inLastGroup")
    let channels = select(inLastGroup, layer[\.end.lastChannels], layer[\.end.channels]).named("channelsOfTile")
    let remaining = select(captured.value, channels, left.value).named("remaining")
    let draining = (captured.value | (left.value !== 0)).named("draining")
    let low = lowHalf(layer, draining), moves = low.map { (draining & (!layer[.int16Output] | $0)).named("moves") } ?? draining
    let isShort = remaining <= Unsigned(lanes)
    lastChunk.value = moves & isShort
    When(moves) { left.value = select(lastChunk.value, 0, remaining &- Unsigned(lanes)) }
    if low != nil { When(draining & !moves) { left.value = remaining } }
    When(control.abort | discardsTiles) { left.value = 0 }
    drain.shift = moves
    let endsLayer = (draining & walk.ends("group")).named("endsLayer")
    drain.ready = configuration.hasTileQueue ? isReady(endsLayer, !draining | lastChunk.value) : true
    walk.drive(begin: control.begin, advance: moves)
    return Chunk(
      isThere: draining, isFirst: captured.value, isLast: low == nil ? lastChunk.value : isShort, isLow: low, channels: channels,
      remaining: remaining, offset: walk.value("offset"), entry: walk.value("entry"), endsLayer: endsLayer)
  }

  /// Whether a chunk of int16 drains for the second time.
  private func lowHalf(_ layer: LayerCopies, _ draining: Bit) -> Bit? {
    if !hasInt16 { return nil }
    precondition(Timing.longestChunk == 2, "a chunk drains twice at most")
    let low = Register<Bit>("lowHalf"), isInt16 = layer[.int16Output]
    When(control.abort | discardsTiles) { low.value = false }.ElseWhen(draining) { low.value = isInt16 & !low.value }
    return low.value
  }

  /// Tiles of the next layer may be waiting already: they stay where they are until it is this unit's.
  private func isReady(_ endsLayer: Bit, _ isFree: Bit) -> Bit {
    let hasTiles = Register<Bit>("hasTiles")
    When(control.abort | endsLayer) { hasTiles.value = false }.ElseWhen(control.begin) { hasTiles.value = true }
    return (isFree & !endsLayer & (control.begin | hasTiles.value)).named("isReady")
  }

  private func readParameters(_ layer: LayerCopies, _ chunk: Chunk) {
    parameters.enable = chunk.isThere
    parameters.address = chunk.entry.resized(to: indexBits(hardware.parameterEntries))
    let isBeyond = delayed(chunk.isThere & !chunk.entry.isBelow(hardware.parameterEntries), by: Timing.memoryRead, "parameterFaultHeld")
    let entry = delayed(chunk.entry, by: Timing.memoryRead, "parameterFaultPlaceHeld").extended(to: Configuration.addressBits)
    if hardware.byteTables == 0 {
      // A layer that asks for a table is no layer of this hardware: the sequencer refuses its mode.
      return fault.report(.parameterOutOfRange, when: isBeyond, at: entry)
    }
    let table = layer[\.table.number]
    let isAbsent = (control.begin & layer[.table] & !table.isBelow(hardware.byteTables)).named("tableIsAbsent")
    fault.happens = isBeyond | isAbsent
    fault.code = select(isAbsent, RegisterMap.ErrorCode.tableOutOfRange.number, RegisterMap.ErrorCode.parameterOutOfRange.number)
    fault.place = select(isAbsent, table.extended(to: Configuration.addressBits), entry)
  }

  // MARK: lanes

  /// The bytes as they leave the last lanes so far, a number of cycles after their chunk has drained.
  private struct Lanes {
    var bytes: Unsigned
    /// Before a fused addition or a table.
    var before: Unsigned
    var latency: Int
  }

  /// Chunk 0 is at the shadows' head; the lanes see it a cycle later, with its parameters.
  private func requantized(_ layer: LayerCopies, _ chunk: Chunk) -> Lanes {
    let accumulatorBits = hardware.accumulatorBits, latency = Timing.sums + Timing.requantize
    let sums = delayed(drain.sums, by: Timing.sums, "sumsHeld")
    let range = outputRange(layer), isLow = chunk.isLow.map { delayed($0, by: latency, "lowHalfHeld") }
    let results = (0..<lanes).map { lane in
      let one = instance("requantize\(lane)", RequantizeLane(accumulatorBits: accumulatorBits, resultBits: range.low.width))
      one.$sum = sums[lane * accumulatorBits..<(lane + 1) * accumulatorBits].asSigned
      one.$parameters = parameters.data[lane * ParameterWord.bits..<(lane + 1) * ParameterWord.bits]
      (one.$zero, one.$low, one.$high) = (range.zero, range.low, range.high)
      return isLow.map { byte(of: one.$result, layer, isLow: $0) } ?? one.$result.asUnsigned
    }
    let bytes = concatenate(results).named("requantized")
    return Lanes(bytes: bytes, before: bytes, latency: latency)
  }

  /// Zero point and limits of the outputs.
  private func outputRange(_ layer: LayerCopies) -> (zero: Signed, low: Signed, high: Signed) {
    let (zero, low, high) = (layer[\.end.zero].asSigned, layer[\.end.low].asSigned, layer[\.end.high].asSigned)
    if !hasInt16 { return (zero, low, high) }
    let isInt16 = layer[.int16Output]
    return (
      select(isInt16, Signed(0, width: 8), zero).named("zeroUsed"),
      select(isInt16, layer[\.end.int16Low].asSigned, low.extended(to: 16)).named("lowUsed"),
      select(isInt16, layer[\.end.int16High].asSigned, high.extended(to: 16)).named("highUsed")
    )
  }

  /// Of a lane's 16 bits those that are written: of int16 the high byte, then the low one less 128.
  private func byte(of result: Signed, _ layer: LayerCopies, isLow: Bit) -> Unsigned {
    let bits = result.asUnsigned, low = bits[0..<8]
    return select(layer[.int16Output], select(isLow, low ^ Unsigned(0x80, width: 8), bits[8..<16]), low)
  }

  private func add(_ layer: LayerCopies, _ chunk: Chunk, _ lane: inout Lanes) {
    let second = secondOperand(layer, chunk)
    let offset = concatenate([layer[\.addition.offsetLow], layer[\.addition.offsetHigh]]).asSigned
    let round = concatenate([layer[\.addition.roundLow], layer[\.addition.roundHigh]]).asSigned
    let multiplies = hardware.extensions.contains(.products)
    let added = (0..<lanes).map { index in
      let one = instance("addition\(index)", AdditionLane(firstBits: multiplies ? ProductLane.factorBits : 8))
      if multiplies {
        let product = multiplied(index, layer, lane.bytes.byte(index), second.byte(index))
        (one.$first, one.$second) = (product.$factor, product.$added)
      } else {
        one.$first = lane.bytes.byte(index).asSigned
        one.$second = second.byte(index).asSigned
      }
      one.$factorA = layer[\.addition.a].asSigned
      one.$factorB = layer[\.addition.b].asSigned
      one.$offset = offset
      one.$round = round
      one.$delta = layer[\.addition.delta].asSigned
      one.$shift = layer[\.addition.shift]
      one.$zero = layer[\.addition.zero].asSigned
      one.$low = layer[\.addition.low].asSigned
      one.$high = layer[\.addition.high].asSigned
      return one.$result
    }
    let latency = Timing.addition + (multiplies ? Timing.byteProduct : 0)
    let before = delayed(lane.bytes, by: latency, "before")
    lane = Lanes(bytes: select(layer[.residual], concatenate(added), before).named("added"), before: before, latency: lane.latency + latency)
  }

  /// What a lane's addition takes in place of the two bytes.
  private func multiplied(_ index: Int, _ layer: LayerCopies, _ first: Unsigned, _ second: Unsigned) -> Instance<ProductLane> {
    let one = instance("product\(index)", ProductLane())
    one.$first = first.asSigned
    one.$second = second.asSigned
    one.$multiplies = layer[.product]
    one.$firstZero = layer[\.addition.firstZero].asSigned
    one.$secondZero = layer[\.addition.secondZero].asSigned
    return one
  }

  /// The operand of the whole tile is read once and shifts along with the chunks. It must be there when the
  /// requantized sums are.
  private func secondOperand(_ layer: LayerCopies, _ chunk: Chunk) -> Unsigned {
    let constantMode = layer[.residualConstant], wait = Timing.operandWait
    let firstChunk = (chunk.isFirst & layer[.residual] & !constantMode).named("firstChunk")
    let held = delayed(firstChunk, by: wait, "operandWait")
    hold = held
    operand.enable = delayed(held, by: Timing.feedRequest, "operandRequest")
    operand.address = delayed(chunk.offset &+ layer[\.addition.base], by: wait + Timing.feedRequest, "operandAddress")
    let elements = configuration.elements, countBits = configuration.memoryLanes.log2 + 1
    let count = select(chunk.channels < Unsigned(elements), chunk.channels.resized(to: countBits), Unsigned(elements, width: countBits))
    operand.count = delayed(count, by: wait + Timing.feedRequest, "operandCount")

    let width = 8 * elements, chunkWidth = 8 * lanes
    let bytes = Register<Unsigned>("operandBytes", width, reset: nil)
    When(delayed(held, by: Timing.feedRequest + Timing.featureRead, "operandArrives")) {
      bytes.value = operand.data
    }.Else {
      bytes.value = (bytes.value >> (chunkWidth == width ? 0 : chunkWidth)).resized(to: width)
    }
    let constants = delayed(
      concatenate((0..<lanes).map { lane in
        let at = lane * ParameterWord.bits + ParameterWord.operandOffset
        return parameters.data[at..<at + 8]
      }), by: Timing.requantize, "constantOperand")
    return select(constantMode, constants, bytes.value[0..<chunkWidth]).named("secondOperand")
  }

  private func lookUp(_ layer: LayerCopies, _ lane: inout Lanes) {
    let looked = (0..<lanes).map { index -> Unsigned in
      let one = instance("table\(index)", TableLane(tables: hardware.byteTables))
      one.$index = lane.bytes.byte(index)
      one.$table = layer[\.table.number]
      connect(load, to: one.load)
      return one.$result
    }
    let unlooked = delayed(lane.bytes, by: Timing.table, "unlooked")
    let beforeSum = delayed(lane.before, by: Timing.table, "beforeSum")
    lane = Lanes(
      bytes: select(layer[.table], concatenate(looked), unlooked).named("lookedUp"),
      before: select(layer[.table], unlooked, beforeSum).named("beforeTable"), latency: lane.latency + Timing.table)
  }

  // MARK: writing

  /// Address and count travel beside the lanes.
  private func write(_ layer: LayerCopies, _ chunk: Chunk, _ lane: Lanes) {
    let count = select(chunk.isLast, chunk.remaining[0..<8], Unsigned(lanes, width: 8)).named("count")
    let writing = delayed(chunk.isThere, by: lane.latency, "writing")
    results.enable = writing
    let high = layer[\.end.base], base = chunk.isLow.map { select($0, high &+ layer[\.end.int16Step], high).named("baseUsed") } ?? high
    results.address = delayed(base &+ chunk.offset, by: lane.latency, "address")
    results.count = delayed(count, by: lane.latency, "countHeld")
    results.data = lane.bytes
    results.before = lane.before
    control.invalid = false
    control.moves = writing
    control.finished = delayed(chunk.endsLayer, by: lane.latency, "finishing")
  }
}
