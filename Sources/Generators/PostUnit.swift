// Post unit: drains finished sums, Q channels a cycle, and writes the bytes they become.
//
// A tile's sums arrive in shadow registers that shift by Q. The unit walks its loops (`Walk.post`) beside the
// array's, so it needs no message but "a tile is finished". Parameters are read in drain order from a memory with
// one word per channel; there is nothing to load between groups. The operand of a fused addition is read from
// feature memory at a fixed distance behind the tile, with priority over the feeder. Last come the byte tables, where
// the hardware has some: any function of one byte.

import HDL
import Machine

struct PostUnit: Engine {
  let hardware: Hardware
  var sumsWidth: Int { hardware.accumulatorBits * hardware.configuration.postLanes }
  var parametersWidth: Int { ParameterWord.bits * hardware.configuration.postLanes }
  var parameterAddressBits: Int { indexBits(hardware.parameterEntries) }
  var residualCountBits: Int { log2(hardware.configuration.memoryLanes) + 1 }
  var residualWidth: Int { 8 * hardware.configuration.elements }
  var writeWidth: Int { 8 * hardware.configuration.postLanes }
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input() var begin: Bit
  /// Stop at once.
  @Input() var abort: Bit
  /// The shadow registers take a finished tile at the end of this cycle.
  @Input() var capture: Bit
  @Input(\Self.sumsWidth) var sums: Unsigned
  /// Shift the shadow registers.
  @Output() var shift: Bit
  @Output(\Self.parameterAddressBits) var parameterAddress: Unsigned
  @Output() var parameterRead: Bit
  /// In the cycle after `parameterRead`.
  @Input(\Self.parametersWidth) var parameters: Unsigned
  /// The feeder must not issue in this cycle: the request slot of the next belongs to the residual operand.
  @Output() var residualHold: Bit
  @Output() var residualRequest: Bit
  @Output(24) var residualAddress: Unsigned
  /// Bytes of it that the tile needs.
  @Output(\Self.residualCountBits) var residualBytes: Unsigned
  /// Two cycles after the request.
  @Input(\Self.residualWidth) var residualData: Unsigned
  /// The host's, for the byte tables.
  let window = Target(WindowBus())
  @Output() var writeEnable: Bit
  @Output(24) var writeAddress: Unsigned
  @Output(\Self.hardware.configuration.postLanes) var writeMask: Unsigned
  @Output(\Self.writeWidth) var writeData: Unsigned
  /// Before the fused addition or table, beside `writeData`.
  @Output(\Self.writeWidth) var before: Unsigned
  @Output(8) var writeCount: Unsigned
  /// The layer's last byte is being written.
  @Output() var finished: Bit
  /// The layer asks for a byte table, or in the cycle before for a parameter entry, that does not exist.
  @Output() var tableFault: Bit
  @Output(8) var tableFaultPlace: Unsigned
  @Output() var parameterFault: Bit
  @Output(20) var parameterFaultPlace: Unsigned

  init(_ hardware: Hardware) { self.hardware = hardware }
  var moduleName: String { "post_unit" }
  var documentation: String { "Requantizes \(hardware.configuration.postLanes) channels a cycle, adds the residual operand, writes." }

  func body() {
    let layer = LayerCopies(settings)
    let c = hardware.configuration
    let lanes = c.postLanes, accumulatorBits = hardware.accumulatorBits
    let groupChannels = layer[\.end.channels], lastGroupChannels = layer[\.end.lastChannels]
    // A tile drains in chunks of Q channels; `left` counts the channels to come.
    let left = Register<Unsigned>("left", 12)
    let captured = Register<Bit>("captured")
    captured.value = capture
    let lastChunk = Wire<Bit>("lastChunk")
    // The loops go beside the array's.
    let walk = WalkRegisters(.post, layer, piece: lanes, innermostEnds: lastChunk.value)
    let inLastGroup = (walk.turn("group") &+ 1 === layer[\.feed.groups]).named("inLastGroup")
    let channels = select(inLastGroup, lastGroupChannels, groupChannels).named("channelsOfTile")
    let remaining = select(captured.value, channels, left.value).named("remaining")
    let draining = (captured.value | (left.value !== 0)).named("draining")
    lastChunk.value = draining & (remaining <= constant(lanes, 12))
    When(draining) {
      left.value = select(lastChunk.value, constant(0, 12), remaining &- constant(lanes, 12))
    }
    When(abort) { left.value = 0 }
    shift = draining
    walk.drive(begin: begin, advance: draining)
    // Where the chunk goes, relative to the base, and its parameters.
    let chunkOffset = walk.value("offset"), entry = walk.value("entry")
    parameterRead = draining
    parameterAddress = entry.resized(to: parameterAddress.width)
    parameterFault = delayed(draining & !entry.isBelow(hardware.parameterEntries), by: Timing.memoryRead, "parameterFaultHeld")
    parameterFaultPlace = delayed(entry, by: Timing.memoryRead, "parameterFaultPlaceHeld")

    // Chunk 0 is now at the shadows' head; the lanes see it a cycle later.
    let sumsHeld = delayed(sums, by: Timing.sums, "sumsHeld")
    let zero = layer[\.end.zero].asSigned, low = layer[\.end.low].asSigned, high = layer[\.end.high].asSigned
    var results: [Signed] = []
    for lane in 0..<lanes {
      let one = instance("requantize\(lane)", RequantizeLane(accumulatorBits: accumulatorBits))
      one.$sum = sumsHeld[lane * accumulatorBits..<(lane + 1) * accumulatorBits].asSigned
      one.$parameters = parameters[lane * ParameterWord.bits..<(lane + 1) * ParameterWord.bits]
      one.$zero = zero
      one.$low = low
      one.$high = high
      results.append(one.$result)
    }
    var latency = Timing.sums + Timing.requantize
    let before1 = concatenate(results.map(\.asUnsigned)).named("requantized")
    var bytes = before1
    var beforeHeld = before1

    if c.units.residual {
      let residualMode = layer[.residual], constantMode = layer[.residualConstant]
      // The operand of the whole tile is read once and shifts along with the chunks. It must be there when the
      // requantized sums are.
      let firstChunk = (captured.value & residualMode & !constantMode).named("firstChunk")
      let wait = latency - Timing.secondOperand
      let residualBase = layer[\.addition.base]
      let hold = delayed(firstChunk, by: wait, "residualWait")
      residualHold = hold
      residualRequest = delayed(hold, by: Timing.feedRequest, "residualRequestHeld")
      residualAddress = delayed(chunkOffset &+ residualBase, by: wait + Timing.feedRequest, "residualAddressHeld")
      let most = constant(c.elements, residualBytes.width)
      residualBytes = delayed(
        select(channels < constant(c.elements, 12), channels.resized(to: residualBytes.width), most), by: wait + Timing.feedRequest, "residualBytesHeld")
      let operand = Register<Unsigned>("residualOperand", residualWidth, reset: nil)
      let arrives = delayed(hold, by: Timing.feedRequest + Timing.featureRead, "residualArrives")
      let shiftedOperand = (operand.value >> (writeWidth == residualWidth ? 0 : writeWidth)).resized(to: residualWidth)
      When(arrives) {
        operand.value = residualData
      }.Else {
        operand.value = shiftedOperand
      }
      let constants = delayed(
        concatenate((0..<lanes).map { lane in
          let at = lane * ParameterWord.bits + ParameterWord.operandOffset
          return parameters[at..<at + 8]
        }), by: Timing.requantize, "constantOperand")
      let second = select(constantMode, constants, operand.value[0..<writeWidth]).named("secondOperand")
      let factorA = layer[\.addition.a].asSigned, factorB = layer[\.addition.b].asSigned
      let offset40 = concatenate([layer[\.addition.offsetLow], layer[\.addition.offsetHigh]]).asSigned
      let round40 = concatenate([layer[\.addition.roundLow], layer[\.addition.roundHigh]]).asSigned
      let delta = layer[\.addition.delta].asSigned, amount = layer[\.addition.shift]
      let residualZero = layer[\.addition.zero].asSigned
      let residualLow = layer[\.addition.low].asSigned, residualHigh = layer[\.addition.high].asSigned
      var added: [Unsigned] = []
      for lane in 0..<lanes {
        let one = instance("residual\(lane)", ResidualLane())
        one.$first = results[lane]
        one.$second = second.byte(lane).asSigned
        one.$factorA = factorA
        one.$factorB = factorB
        one.$offset = offset40
        one.$round = round40
        one.$delta = delta
        one.$shift = amount
        one.$zero = residualZero
        one.$low = residualLow
        one.$high = residualHigh
        added.append(one.$result.asUnsigned)
      }
      beforeHeld = delayed(before1, by: Timing.addition, "before")
      bytes = select(residualMode, concatenate(added), beforeHeld).named("outputs")
      latency += Timing.addition
    } else {
      residualHold = false
      residualRequest = false
      residualAddress = 0
      residualBytes = 0
    }

    if hardware.byteTables > 0 {
      let tableMode = layer[.table], table = layer[\.table.number]
      let looked = (0..<lanes).map { lane -> Unsigned in
        let one = instance("table\(lane)", TableLane(tables: hardware.byteTables))
        one.$index = bytes.byte(lane)
        one.$table = table
        connect(window, to: one.window)
        return one.$result
      }
      let unlooked = delayed(bytes, by: Timing.table, "unlooked")
      let beforeSum = delayed(beforeHeld, by: Timing.table, "beforeSum")
      bytes = select(tableMode, concatenate(looked), unlooked).named("lookedUp")
      beforeHeld = select(tableMode, unlooked, beforeSum).named("beforeTable")
      latency += Timing.table
      tableFault = begin & tableMode & !table.isBelow(hardware.byteTables)
      tableFaultPlace = table
    } else {
      // A layer that asks for a table is no layer of this hardware: the sequencer refuses its mode.
      tableFault = false
      tableFaultPlace = 0
    }

    precondition(latency == Timing(hardware).post, "what the lanes take and what is predicted differ")
    // Address and count travel beside the lanes.
    let count = select(lastChunk.value, remaining[0..<8], constant(lanes, 8)).named("count")
    let lateCount = delayed(count, by: latency, "countHeld")
    writeEnable = delayed(draining, by: latency, "writing")
    writeAddress = delayed(layer[\.end.base] &+ chunkOffset, by: latency, "address")
    writeMask = concatenate((0..<lanes).map { lateCount > constant($0, 8) })
    writeData = bytes
    before = beforeHeld
    writeCount = lateCount
    finished = delayed(draining & walk.ends("group"), by: latency, "finishing")
  }
}
