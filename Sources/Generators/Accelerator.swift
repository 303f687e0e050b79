// The accelerator: all engines, their memories and the host port, wired together.

import HDL
import Machine

/// Elaborates the hardware; the top module is `weft_top`, or `top` with another prefix.
/// - Throws: `ElaborationFailure` if a generator is wrong: never for a valid configuration.
public func elaborateAccelerator(_ hardware: Hardware, prefix: String = "weft_") throws -> Design {
  try elaborate(Accelerator(hardware), prefix: prefix)
}

/// The top module.
public struct Accelerator: Module {
  let hardware: Hardware
  private var tracedWidth: Int { 8 * hardware.configuration.postLanes }
  public let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Output() public var irq: Bit
  @Output() public var traceStart: Bit
  @Output() public var traceDone: Bit
  @Output(16) public var traceStep: Unsigned
  @Output() public var traceWrite: Bit
  @Output(24) public var traceAddress: Unsigned
  @Output(8) public var traceCount: Unsigned
  @Output(\Self.tracedWidth) public var traceData: Unsigned
  @Output(\Self.tracedWidth) public var traceBefore: Unsigned

  public init(_ hardware: Hardware) { self.hardware = hardware }
  public var moduleName: String { "top" }
  public var documentation: String {
    let c = hardware.configuration
    return """
      Weft accelerator: P x K x C = \(c.pixels) x \(c.channels) x \(c.dotProduct) = \(c.macs) MACs, \
      V = \(c.memoryLanes) memory lanes, Q = \(c.postLanes) post lanes.
      AXI4-Lite slave. The trace_* outputs are for simulation; leave them open in synthesis.
      """
  }

  public func body() {
    let c = hardware.configuration
    let host = instance("host", HostPort(hardware))
    connect(sAxi, to: host.sAxi)
    irq = host.$irq

    let sequencer = instance("sequencer", Sequencer(
      programWords: hardware.programWords, hasScalarUnit: hardware.scalarTables > 0, modes: LayerMode(of: hardware)))
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
    post.$begin = sequencer.$beginArray

    // Host memories.
    let program = instance("program", HostMemory.program(hardware))
    connect(host.window, to: program.window)
    program.$readEnable = true
    program.$readAddress = sequencer.$programAddress
    sequencer.$programWord = program.$readData

    let weights = instance("weights", HostMemory.weights(hardware))
    connect(host.window, to: weights.window)
    weights.$readEnable = true
    weights.$readAddress = controller.$weightAddress

    let parameters = instance("parameters", HostMemory.parameters(hardware))
    connect(host.window, to: parameters.window)
    parameters.$readEnable = post.$parameterRead
    parameters.$readAddress = post.$parameterAddress
    post.$parameters = parameters.$readData

    // Read port: the feeder's, unless the post unit holds it off for a residual operand. Softmax and host read
    // only while both are idle.
    var requestValid = feeder.$requestValid | post.$residualRequest | host.$featureRequest
    var requestAddress = select(post.$residualRequest, post.$residualAddress, feeder.$requestAddress)
    requestAddress = select(host.$featureRequest, host.$featureAddress, requestAddress)
    // The first bytes of a read that somebody needs: of the feeder's it says itself, of the second operand as many as the
    // tile has channels, else one, or a word for the host.
    let countBits = log2(c.memoryLanes) + 1
    let others = select(host.$featureRequest, constant(4, countBits), constant(1, countBits))
    let needed = select(post.$residualRequest, post.$residualBytes, others).named("neededBytes")

    // Write port.
    var writeEnable = post.$writeEnable
    var writeAddress = post.$writeAddress
    var writeMask = post.$writeMask.extended(to: writeBytes)
    var writeData = post.$writeData.extended(to: 8 * writeBytes)
    var tracedCount = post.$writeCount
    var tracedData = post.$writeData, tracedBefore = post.$before
    var finished = post.$finished
    var invalid = sequencer.$beginArray & (feeder.$invalid | controller.$invalid)
    var progress = feeder.$requestValid | controller.$streamPop | controller.$columnRead | post.$writeEnable

    // What engines do beyond their memories.
    var faults: [(code: RegisterMap.ErrorCode, happens: Bit, place: Unsigned)] = []
    if hardware.scalarTables > 0 {
      let scalar = instance("scalar", ScalarUnit(tables: hardware.scalarTables))
      connect(sequencer.settings, to: scalar.settings)
      scalar.$beginSoftmax = sequencer.$beginSoftmax; scalar.$beginAddition = sequencer.$beginAddition
      scalar.$abort = sequencer.$abort
      let tables = instance("scalar_tables", HostMemory.scalarTables(hardware))
      connect(host.window, to: tables.window)
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
      let outputByte = scalar.$writeByte.extended(to: tracedWidth)
      tracedData = select(scalar.$writeEnable, outputByte, tracedData)
      tracedBefore = select(scalar.$writeEnable, outputByte, tracedBefore)
      finished = finished | scalar.$finished
      progress = progress | scalar.$working
      faults.append((.tableOutOfRange, scalar.$tableFault, scalar.$tableFaultPlace))
      invalid = invalid | ((sequencer.$beginSoftmax | sequencer.$beginAddition) & scalar.$invalid)
    }
    // A write beyond the memory is not done; it stops everything.
    let lastWritten = (writeAddress + (tracedCount &- 1).extended(to: 24)).named("lastWritten")
    let writeFault = (writeEnable & !lastWritten.isBelow(hardware.featureBytes)).named("writeFault")
    let hostWindow = host.window
    let hostWrites = hostWindow.writes(.features)
    // After a stop, what is still in the pipelines comes to nothing.
    let flush = Register<Unsigned>("flush", 5)
    When(sequencer.$abort) {
      flush.value = 31
    }.ElseWhen(flush.value !== 0) {
      flush.value = flush.value &- 1
    }
    let alive = (flush.value === 0).named("alive")
    // A tile that the array finished as everything stopped is still on its way to the post unit.
    post.$abort = sequencer.$abort | (flush.value >= 24)
    let written = (writeEnable & !writeFault & alive).named("written")
    features.$writeEnable = written | hostWrites
    features.$writeAddress = select(hostWrites, hostWindow.address, writeAddress)
    features.$writeMask = select(hostWrites, hostWindow.strobe.extended(to: writeBytes), writeMask)
    features.$writeData = select(hostWrites, hostWindow.data.extended(to: 8 * writeBytes), writeData)
    features.$readEnable = requestValid
    features.$readAddress = requestAddress
    features.$readDestination = select(feeder.$requestValid, feeder.$requestDestination, constant(0, log2(c.memoryLanes)))
    features.$readLow = select(feeder.$requestValid, feeder.$requestLow, constant(0, countBits))
    features.$readHigh = select(feeder.$requestValid, feeder.$requestHigh, needed)
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
    connect(host.window, to: post.window)
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
    sequencer.$limitReached = host.$limitReached
    faults += [
      (.writeOutOfRange, writeFault, writeAddress), (.featureReadOutOfRange, features.$readFault, features.$readFaultPlace),
      (.weightOutOfRange, controller.$weightFault, controller.$weightFaultPlace),
      (.parameterOutOfRange, post.$parameterFault, post.$parameterFaultPlace), (.tableOutOfRange, post.$tableFault, post.$tableFaultPlace),
    ]
    sequencer.$fault = any(faults.map(\.happens))
    sequencer.$faultCode = faults.reduce(constant(0, 8)) { select($1.happens, constant($1.code.rawValue, 8), $0) }
    sequencer.$faultPlace = faults.reduce(constant(0, 24)) { select($1.happens, $1.place.extended(to: 24), $0) }
    host.$stalled = controller.$stalled

    traceWrite = written
    traceAddress = writeAddress
    traceCount = tracedCount
    traceData = tracedData
    traceBefore = tracedBefore
  }

  private var writeBytes: Int { max(hardware.configuration.postLanes, 4) }
}
