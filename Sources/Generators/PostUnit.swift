// Post unit: drains finished sums, Q channels a cycle, and writes the bytes they become.
//
// A tile's sums arrive in shadow registers that shift by Q. The unit walks groups, rows and columns beside the
// array, so it needs no message but "a tile is finished". Parameters are read in drain order from a memory with
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
    let c = hardware.configuration
    let lanes = c.postLanes, accumulatorBits = hardware.accumulatorBits
    let mode = c.units.residual || hardware.byteTables > 0 ? field(.mode) : constant(0, LayerRegister.mode.width)
    let groups = field(.groups), rows = field(.rows), columns = field(.columns)
    let outputBase = field(.outputBase), outputRowStep = field(.outputRowStep)
    let outputColumnStep = field(.outputColumnStep), outputGroupStep = field(.outputGroupStep)
    let groupChannels = field(.groupChannels), lastGroupChannels = field(.lastGroupChannels)
    let parameterBase = field(.parameterBase), parameterStep = field(.parameterStep)
    let parameterGroupStep = field(.parameterGroupStep)

    // Loops beside the array's.
    let group = Register<Unsigned>("group", 16), row = Register<Unsigned>("row", 16), column = Register<Unsigned>("column", 16)
    let inLastColumn = (column.value &+ 1 === columns).named("inLastColumn")
    let inLastRow = (row.value &+ 1 === rows).named("inLastRow")
    let inLastGroup = (group.value &+ 1 === groups).named("inLastGroup")
    let channels = select(inLastGroup, lastGroupChannels, groupChannels).named("channelsOfTile")

    // A tile drains in chunks of Q channels; `left` counts the channels to come.
    let left = Register<Unsigned>("left", 12)
    let captured = Register<Bit>("captured")
    captured.value = capture
    let remaining = select(captured.value, channels, left.value).named("remaining")
    let draining = (captured.value | (left.value !== 0)).named("draining")
    let lastChunk = (draining & (remaining <= constant(lanes, 12))).named("lastChunk")
    When(draining) {
      left.value = select(lastChunk, constant(0, 12), remaining &- constant(lanes, 12))
    }
    When(abort) { left.value = 0 }
    shift = draining
    let tileDone = lastChunk

    // Where the tile goes, relative to the base, and the parameters of its group.
    let offsetGroup = Register<Unsigned>("offsetGroup", 24), offsetRow = Register<Unsigned>("offsetRow", 24)
    let offset = Register<Unsigned>("offset", 24), chunkOffset = Register<Unsigned>("chunkOffset", 24)
    let entryGroup = Register<Unsigned>("entryGroup", 20), entry = Register<Unsigned>("entry", 20)
    let nextColumn = (offset.value &+ outputColumnStep).named("nextColumn")
    let nextRow = (offsetRow.value &+ outputRowStep).named("nextRow")
    let nextGroup = (offsetGroup.value &+ outputGroupStep).named("nextGroup")
    let nextEntryGroup = (entryGroup.value &+ parameterGroupStep).named("nextEntryGroup")
    When(begin) {
      group.value = 0; row.value = 0; column.value = 0
      offsetGroup.value = 0; offsetRow.value = 0; offset.value = 0; chunkOffset.value = 0
      entryGroup.value = parameterBase; entry.value = parameterBase
    }.ElseWhen(tileDone) {
      entry.value = entryGroup.value
      When(!inLastColumn) {
        column.value = column.value &+ 1
        offset.value = nextColumn; chunkOffset.value = nextColumn
      }.Else {
        column.value = 0
        When(!inLastRow) {
          row.value = row.value &+ 1
          offsetRow.value = nextRow; offset.value = nextRow; chunkOffset.value = nextRow
        }.Else {
          row.value = 0
          group.value = group.value &+ 1
          offsetGroup.value = nextGroup; offsetRow.value = nextGroup
          offset.value = nextGroup; chunkOffset.value = nextGroup
          entryGroup.value = nextEntryGroup; entry.value = nextEntryGroup
        }
      }
    }.ElseWhen(draining) {
      chunkOffset.value = chunkOffset.value &+ constant(lanes, 24)
      entry.value = entry.value &+ parameterStep.extended(to: 20)
    }
    parameterRead = draining
    parameterAddress = entry.value.resized(to: parameterAddress.width)
    parameterFault = delayed(draining & !entry.value.isBelow(hardware.parameterEntries), by: 1, "parameterFaultHeld")
    parameterFaultPlace = delayed(entry.value, by: 1, "parameterFaultPlaceHeld")

    // Chunk 0 is now at the shadows' head; the lanes see it a cycle later.
    let sumsHeld = delayed(sums, by: 1, "sumsHeld")
    let zero = field(.outputZero).asSigned, low = field(.clampLow).asSigned, high = field(.clampHigh).asSigned
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
    var latency = 1 + PostLatency.requantize
    let before1 = concatenate(results.map(\.asUnsigned)).named("requantized")
    var bytes = before1
    var beforeHeld = before1

    if c.units.residual {
      let residualMode = flag(.residual, of: mode), constantMode = flag(.residualConstant, of: mode)
      // The operand of the whole tile is read once and shifts along with the chunks. It must be there when the
      // requantized sums are: the request slot is decided four cycles before, and data come two after it.
      let firstChunk = (captured.value & residualMode & !constantMode).named("firstChunk")
      let wait = latency - 4
      let residualBase = field(.residualBase)
      let hold = delayed(firstChunk, by: wait, "residualWait")
      residualHold = hold
      residualRequest = delayed(hold, by: 1, "residualRequestHeld")
      residualAddress = delayed(chunkOffset.value &+ residualBase, by: wait + 1, "residualAddressHeld")
      let most = constant(c.elements, residualBytes.width)
      residualBytes = delayed(
        select(channels < constant(c.elements, 12), channels.resized(to: residualBytes.width), most), by: wait + 1, "residualBytesHeld")
      let operand = Register<Unsigned>("residualOperand", residualWidth, reset: nil)
      let arrives = delayed(hold, by: 3, "residualArrives")
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
        }), by: PostLatency.requantize, "constantOperand")
      let second = select(constantMode, constants, operand.value[0..<writeWidth]).named("secondOperand")
      let factorA = field(.residualA).asSigned, factorB = field(.residualB).asSigned
      let offset40 = concatenate([field(.residualOffsetLow), field(.residualOffsetHigh)]).asSigned
      let round40 = concatenate([field(.residualRoundLow), field(.residualRoundHigh)]).asSigned
      let delta = field(.residualDelta).asSigned, amount = field(.residualShift)
      let residualZero = field(.residualZero).asSigned
      let residualLow = field(.residualClampLow).asSigned, residualHigh = field(.residualClampHigh).asSigned
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
      beforeHeld = delayed(before1, by: PostLatency.residual, "before")
      bytes = select(residualMode, concatenate(added), beforeHeld).named("outputs")
      latency += PostLatency.residual
    } else {
      residualHold = false
      residualRequest = false
      residualAddress = 0
      residualBytes = 0
    }

    if hardware.byteTables > 0 {
      let tableMode = flag(.table, of: mode), table = field(.byteTable)
      let looked = (0..<lanes).map { lane -> Unsigned in
        let one = instance("table\(lane)", TableLane(tables: hardware.byteTables))
        one.$index = bytes.byte(lane)
        one.$table = table
        connect(window, to: one.window)
        return one.$result
      }
      let unlooked = delayed(bytes, by: PostLatency.table, "unlooked")
      let beforeSum = delayed(beforeHeld, by: PostLatency.table, "beforeSum")
      bytes = select(tableMode, concatenate(looked), unlooked).named("lookedUp")
      beforeHeld = select(tableMode, unlooked, beforeSum).named("beforeTable")
      latency += PostLatency.table
      tableFault = begin & tableMode & !table.isBelow(hardware.byteTables)
      tableFaultPlace = table
    } else {
      // A layer that asks for a table is no layer of this hardware: the sequencer refuses its mode.
      tableFault = false
      tableFaultPlace = 0
    }

    // Address and count travel beside the lanes.
    let count = select(lastChunk, remaining[0..<8], constant(lanes, 8)).named("count")
    let lateCount = delayed(count, by: latency, "countHeld")
    writeEnable = delayed(draining, by: latency, "writing")
    writeAddress = delayed(outputBase &+ chunkOffset.value, by: latency, "address")
    writeMask = concatenate((0..<lanes).map { lateCount > constant($0, 8) })
    writeData = bytes
    before = beforeHeld
    writeCount = lateCount
    finished = delayed(tileDone & inLastColumn & inLastRow & inLastGroup, by: latency, "finishing")
  }
}
