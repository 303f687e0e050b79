// The accelerator: all engines, their memories and the host port, wired together.

import HDL
import Machine

/// Elaborates the hardware; the top module is `weft_top`.
/// - Throws: `ElaborationFailure` if a generator is wrong: never for a valid configuration.
public func elaborateAccelerator(_ hardware: Hardware) throws -> Design {
  try elaborate(Accelerator(hardware))
}

/// The top module.
public struct Accelerator: Module {
  let hardware: Hardware
  public let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Output public var irq: Bit
  @Output public var traceStart: Bit
  @Output public var traceDone: Bit
  @Output public var traceStep: Unsigned
  @Output public var traceWrite: Bit
  @Output public var traceAddress: Unsigned
  @Output public var traceCount: Unsigned
  @Output public var traceData: Unsigned
  @Output public var traceBefore: Unsigned

  public init(_ hardware: Hardware) {
    self.hardware = hardware
    let lanes = hardware.configuration.postLanes
    _irq = Output()
    _traceStart = Output(); _traceDone = Output(); _traceStep = Output(16); _traceWrite = Output()
    _traceAddress = Output(24); _traceCount = Output(8); _traceData = Output(8 * lanes); _traceBefore = Output(8 * lanes)
  }
  public var moduleName: String { "weft_top" }
  public var documentation: String {
    let c = hardware.configuration
    return """
      Weft accelerator, configuration \(c.name): P x K x C = \(c.pixels) x \(c.channels) x \(c.dotProduct) = \(c.macs) MACs, \
      V = \(c.memoryLanes) memory lanes, Q = \(c.postLanes) post lanes.
      AXI4-Lite slave. The trace_* outputs are for simulation; leave them open in synthesis.
      """
  }

  public func body() {
    let c = hardware.configuration
    let host = instance("host", HostPort(hardware))
    connect(sAxi, to: host.sAxi)
    irq = host.$irq

    let sequencer = instance("sequencer", Sequencer(programWords: hardware.programWords, hasScalarUnit: hardware.scalarTables > 0))
    sequencer.$start = host.$start
    sequencer.$abortRequest = host.$abort
    host.$busy = sequencer.$busy
    host.$done = sequencer.$done
    host.$failed = sequencer.$failed
    host.$errorCode = sequencer.$errorCode
    host.$errorPlace = sequencer.$errorPlace
    traceStart = sequencer.$traceStart
    traceDone = sequencer.$traceDone
    traceStep = sequencer.$traceStep

    let feeder = instance("feeder", Feeder(c))
    let stream = instance("stream", StreamBuffer(c))
    let columns = instance("columns", ColumnBuffer(c))
    let controller = instance("controller", ArrayController(c, weightWords: hardware.weightWords))
    let array = instance("array", ElementArray(c, accumulatorBits: hardware.accumulatorBits))
    let post = instance("post", PostUnit(hardware))
    let features = instance(
      "features", FeatureMemory(rows: hardware.featureRows, lanes: c.memoryLanes, writeBytes: writeBytes))

    // What happens to the engines from layer to layer.
    connect(sequencer.settings, to: feeder.settings)
    connect(sequencer.settings, to: columns.settings)
    connect(sequencer.settings, to: controller.settings)
    connect(sequencer.settings, to: post.settings)
    feeder.$begin = sequencer.$beginArray; feeder.$abort = sequencer.$abort
    columns.$begin = sequencer.$beginArray
    controller.$begin = sequencer.$beginArray; controller.$abort = sequencer.$abort
    post.$begin = sequencer.$beginArray; post.$abort = sequencer.$abort

    // Host memories.
    func window(_ region: RegisterMap.Region) -> Bit {
      (host.$windowWrite & (host.$windowRegion === constant(region.rawValue, 4))).named("write\(region)".capitalized(after: 5))
    }
    let address = host.$windowAddress
    let program = instance("program", HostMemory(name: "program", depth: hardware.programWords, width: 32))
    program.$writeEnable = window(.program)
    program.$writeAddress = address[2..<2 + indexBits(hardware.programWords)]
    program.$writeLanes = 1
    program.$writeData = host.$windowData
    program.$readEnable = true
    program.$readAddress = sequencer.$programAddress
    sequencer.$programWord = program.$readData

    let weightLanes = c.weightWordBytes / 4
    let weights = instance("weights", HostMemory(name: "weight", depth: hardware.weightWords, width: 8 * c.weightWordBytes))
    weights.$writeEnable = window(.weights)
    weights.$writeAddress = slice(address, from: log2(c.weightWordBytes), width: indexBits(hardware.weightWords))
    weights.$writeLanes = weightLanes == 1 ? 1 : oneHot(address[2..<log2(c.weightWordBytes)], count: weightLanes)
    weights.$writeData = host.$windowData
    weights.$readEnable = true
    weights.$readAddress = controller.$weightAddress

    let parameterLanes = 3 * c.postLanes
    let entryShift = 4 + log2(c.postLanes)
    let parameters = instance(
      "parameters", HostMemory(name: "parameter", depth: hardware.parameterEntries, width: ParameterWord.bits * c.postLanes))
    parameters.$writeEnable = window(.parameters)
    parameters.$writeAddress = slice(address, from: entryShift, width: indexBits(hardware.parameterEntries))
    parameters.$writeLanes = concatenate(
      (0..<parameterLanes).map { lane in
        address[2..<entryShift] === constant(lane / 3 * 4 + lane % 3, entryShift - 2)
      })
    parameters.$writeData = host.$windowData
    parameters.$readEnable = post.$parameterRead
    parameters.$readAddress = post.$parameterAddress
    post.$parameters = parameters.$readData

    // Read port: the feeder's, unless the post unit holds it off for a residual operand. Softmax and host read
    // only while both are idle.
    var requestValid = feeder.$requestValid | post.$residualRequest | host.$featureRequest
    var requestAddress = select(post.$residualRequest, post.$residualAddress, feeder.$requestAddress)
    requestAddress = select(host.$featureRequest, host.$featureAddress, requestAddress)
    let full = constant(c.memoryLanes, log2(c.memoryLanes) + 1)

    // Write port.
    let lanes = c.postLanes
    var writeEnable = post.$writeEnable
    var writeAddress = post.$writeAddress
    var writeMask = post.$writeMask.extended(to: writeBytes)
    var writeData = post.$writeData.extended(to: 8 * writeBytes)
    var tracedCount = post.$writeCount
    var tracedData = post.$writeData, tracedBefore = post.$before
    var finished = post.$finished
    var invalid = sequencer.$beginArray & (feeder.$invalid | controller.$invalid)
    var progress = feeder.$requestValid | controller.$streamPop | controller.$columnRead | post.$writeEnable

    if hardware.scalarTables > 0 {
      let scalar = instance("scalar", ScalarUnit(tables: hardware.scalarTables))
      connect(sequencer.settings, to: scalar.settings)
      scalar.$beginSoftmax = sequencer.$beginSoftmax; scalar.$beginAddition = sequencer.$beginAddition
      scalar.$abort = sequencer.$abort
      let tables = instance("scalar_tables", HostMemory(name: "scalar_table", depth: 256 * hardware.scalarTables, width: 32))
      tables.$writeEnable = window(.scalarTables)
      tables.$writeAddress = address[2..<2 + indexBits(256 * hardware.scalarTables)]
      tables.$writeLanes = 1
      tables.$writeData = host.$windowData
      tables.$readEnable = true
      tables.$readAddress = scalar.$tableAddress
      scalar.$tableWord = tables.$readData
      scalar.$byte = features.$readData[0..<8]
      requestValid = requestValid | scalar.$requestValid
      requestAddress = select(scalar.$requestValid, scalar.$requestAddress, requestAddress)
      writeEnable = writeEnable | scalar.$writeEnable
      writeAddress = select(scalar.$writeEnable, scalar.$writeAddress, writeAddress)
      writeMask = select(scalar.$writeEnable, constant(1, writeBytes), writeMask)
      writeData = select(scalar.$writeEnable, scalar.$writeByte.extended(to: 8 * writeBytes), writeData)
      tracedCount = select(scalar.$writeEnable, constant(1, 8), tracedCount)
      let outputByte = scalar.$writeByte.extended(to: 8 * lanes)
      tracedData = select(scalar.$writeEnable, outputByte, tracedData)
      tracedBefore = select(scalar.$writeEnable, outputByte, tracedBefore)
      finished = finished | scalar.$finished
      progress = progress | scalar.$working
      invalid = invalid | ((sequencer.$beginSoftmax | sequencer.$beginAddition) & scalar.$invalid)
    }
    // A write beyond the memory is not done; it stops everything.
    let lastWritten = (writeAddress + (tracedCount &- 1).extended(to: 24)).named("lastWritten")
    let fault = (writeEnable & lastWritten[log2(hardware.featureBytes)..<25].anyBitSet).named("writeFault")
    let hostWrites = window(.features)
    // After a stop, what is still in the pipelines comes to nothing.
    let flush = Register<Unsigned>("flush", 5)
    When(sequencer.$abort) {
      flush.value = 31
    }.ElseWhen(flush.value !== 0) {
      flush.value = flush.value &- 1
    }
    let alive = (flush.value === 0).named("alive")
    features.$writeEnable = (writeEnable & !fault & alive) | hostWrites
    features.$writeAddress = select(hostWrites, host.$windowAddress, writeAddress)
    features.$writeMask = select(hostWrites, host.$windowStrobe.extended(to: writeBytes), writeMask)
    features.$writeData = select(hostWrites, host.$windowData.extended(to: 8 * writeBytes), writeData)
    features.$readEnable = requestValid
    features.$readAddress = requestAddress
    features.$readDestination = select(feeder.$requestValid, feeder.$requestDestination, constant(0, log2(c.memoryLanes)))
    features.$readLow = select(feeder.$requestValid, feeder.$requestLow, constant(0, log2(c.memoryLanes) + 1))
    features.$readHigh = select(feeder.$requestValid, feeder.$requestHigh, full)
    features.$padByte = feeder.$requestPad
    host.$featureWord = features.$readData[0..<32]
    post.$residualData = features.$readData[0..<8 * c.elements]

    // Feeder to buffers.
    feeder.$hold = post.$residualHold
    feeder.$streamPop = controller.$streamPop
    feeder.$release = controller.$release
    feeder.$releaseColumns = controller.$releaseColumns
    stream.$clear = sequencer.$beginArray
    stream.$write = feeder.$streamWrite
    stream.$writePosition = feeder.$arrivalPosition
    stream.$writeCount = feeder.$arrivalCount
    stream.$writeAdvance = feeder.$arrivalAdvance
    stream.$writeData = features.$readData
    stream.$pop = controller.$streamPop
    columns.$write = feeder.$columnWrite
    columns.$writeData = features.$readData[0..<8 * c.elements]
    columns.$read = controller.$columnRead
    columns.$readBank = controller.$columnBank
    columns.$readEntry = controller.$columnEntry
    controller.$streamAvailable = stream.$available
    controller.$columnCompleted = columns.$completed

    // Array and post unit.
    post.$tableWrite = window(.byteTables)
    post.$tableAddress = address[2..<2 + TableLane.wordAddressBits(tables: max(1, hardware.byteTables))]
    post.$tableData = host.$windowData
    array.$operandValid = controller.$operandValid
    array.$operandColumns = controller.$operandColumns
    array.$operandLanes = controller.$operandLanes
    array.$streamWord = stream.$word
    array.$columnTaps = columns.$taps
    array.$weights = weights.$readData
    array.$multiply = controller.$multiply
    array.$maximum = controller.$maximum
    array.$accumulate = controller.$accumulate
    array.$first = controller.$first
    array.$capture = controller.$capture
    array.$shift = post.$shift
    post.$capture = controller.$capture
    post.$sums = array.$sums

    sequencer.$finished = finished
    sequencer.$progress = progress
    sequencer.$layerInvalid = invalid
    sequencer.$writeFault = fault
    sequencer.$writeFaultAddress = writeAddress
    host.$stalled = controller.$stalled

    traceWrite = writeEnable & alive
    traceAddress = writeAddress
    traceCount = tracedCount
    traceData = tracedData
    traceBefore = tracedBefore
  }

  private var writeBytes: Int { max(hardware.configuration.postLanes, 4) }

  /// Bits of an address, zero where they lie above it.
  private func slice(_ address: Unsigned, from low: Int, width: Int) -> Unsigned {
    let high = min(low + width, address.width)
    return address[low..<high].extended(to: width)
  }

  /// One bit per value of a number.
  private func oneHot(_ index: Unsigned, count: Int) -> Unsigned {
    concatenate((0..<count).map { index === constant($0, index.width) })
  }
}
