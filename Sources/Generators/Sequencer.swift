// Sequencer: runs the program. No processor, no branches: a straight list of words, one a cycle.
//
// `set` goes out on the configuration bus. `run`, `softmax` and `add` wait until the engines have finished, then
// launch the staged layer; the words of the next layer are set while this one works. A word that is no instruction,
// a program without end, a write outside the memory and a standstill all end in an error with a code.

import HDL
import Machine

struct Sequencer: Module {
  let programWords: Int
  let hasScalarUnit: Bool
  @Input var start: Bit
  @Input var abortRequest: Bit
  /// An engine has written its layer's last byte.
  @Input var finished: Bit
  /// Something moved in this cycle.
  @Input var progress: Bit
  /// The layer that begins has a loop of no turns.
  @Input var layerInvalid: Bit
  @Input var writeFault: Bit
  @Input var writeFaultAddress: Unsigned
  @Output var programAddress: Unsigned
  /// In the next cycle.
  @Input var programWord: Unsigned
  @Output var beginArray: Bit
  @Output var beginSoftmax: Bit
  @Output var beginAddition: Bit
  @Output var abort: Bit
  let settings = Initiator(ConfigurationBus())
  @Output var busy: Bit
  @Output var done: Bit
  @Output var failed: Bit
  @Output var errorCode: Unsigned
  @Output var errorPlace: Unsigned
  @Output var traceStart: Bit
  @Output var traceDone: Bit
  @Output var traceStep: Unsigned

  init(programWords: Int, hasScalarUnit: Bool) {
    self.programWords = programWords
    self.hasScalarUnit = hasScalarUnit
    _start = Input(); _abortRequest = Input(); _finished = Input(); _progress = Input()
    _layerInvalid = Input(); _writeFault = Input(); _writeFaultAddress = Input(24)
    _programAddress = Output(indexBits(programWords)); _programWord = Input(32)
    _beginArray = Output(); _beginSoftmax = Output(); _beginAddition = Output(); _abort = Output()
    _busy = Output(); _done = Output(); _failed = Output(); _errorCode = Output(8); _errorPlace = Output(24)
    _traceStart = Output(); _traceDone = Output(); _traceStep = Output(16)
  }
  var moduleName: String { "weft_sequencer" }
  var documentation: String { "Runs the program: sets layer registers, launches layers, stops on halt or error." }

  func body() {
    let bits = indexBits(programWords)
    let running = Register<Bit>("running")
    let counter = Register<Unsigned>("counter", bits)
    let engineBusy = Register<Bit>("engineBusy")
    let step = Register<Unsigned>("step", 16)

    let opcode = programWord[24..<32].named("opcode"), operand = programWord[0..<24].named("operand")
    let isRun = (opcode === constant(Instruction.runOpcode, 8)).named("isRun")
    let isSoftmax = (opcode === constant(Instruction.softmaxOpcode, 8)).named("isSoftmax")
    let isAddition = (opcode === constant(Instruction.addOpcode, 8)).named("isAddition")
    let isHalt = (opcode === constant(Instruction.haltOpcode, 8)).named("isHalt")
    let isSet = (opcode < constant(LayerRegister.allCases.count, 8)).named("isSet")
    // A word is legal if its operand fits its field.
    let operandWidths = LayerRegister.allCases.map(\.width)
    let tooWide = Dictionary(uniqueKeysWithValues: Set(operandWidths).filter { $0 < 24 }.sorted().map {
      ($0, operand[$0..<24].anyBitSet.named("above\($0)Bits"))
    })
    let registerFits = choose(opcode[0..<indexBits(operandWidths.count)], operandWidths.map { width in
      tooWide[width].map { !$0 } ?? Bit(true)
    }).named("registerFits")
    let commandFits = select(isHalt, !operand.anyBitSet, !operand[16..<24].anyBitSet).named("commandFits")
    let fits = select(isSet, registerFits, commandFits).named("operandFits")
    let isScalar = (hasScalarUnit ? isSoftmax | isAddition : Bit(false)).named("isScalar")
    let known = (isSet | isRun | isHalt | isScalar).named("known")
    let legal = (known & fits).named("legal")

    let idle = (!engineBusy.value | finished).named("idle")
    // Standstill: `quiet` counts while nothing moves.
    let quiet = Register<Unsigned>("quiet", 16)
    let begins = Register<Bit>("begins")
    let fault = (running.value & writeFault).named("fault")
    let invalid = (running.value & begins.value & layerInvalid).named("invalid")
    let standstill = (running.value & quiet.value.allBitsSet).named("standstill")
    // The last word of the memory can only be a halt.
    let ready = (running.value & legal & (isSet | ((isRun | isScalar) & idle))).named("ready")
    let overrun = (ready & (counter.value === Unsigned(programWords - 1))).named("overrun")
    let stops = (abortRequest | fault | invalid | standstill | overrun).named("stops")
    // No layer begins, and no program ends well, in the cycle in which everything stops.
    let starts = (ready & !isSet & !stops).named("starts")
    begins.value = starts
    let halts = (running.value & legal & isHalt & idle & !stops).named("halts")
    let proceeds = (starts | (ready & isSet)).named("proceeds")

    When(!running.value | progress | proceeds) { quiet.value = 0 }.Else { quiet.value = quiet.value &+ 1 }

    let illegal = (running.value & !legal).named("illegal")
    let fails = (illegal | overrun | fault | invalid | standstill).named("fails")
    let programPlace = counter.value.extended(to: 24)
    let code = Register<Unsigned>("code", 8), faultPlace = Register<Unsigned>("place", 24)
    When(start) {
      code.value = 0
      faultPlace.value = 0
    }.ElseWhen(fails) {
      faultPlace.value = programPlace
      When(fault) {
        code.value = constant(RegisterMap.ErrorCode.addressOutOfRange.rawValue, 8)
        faultPlace.value = writeFaultAddress
      }.ElseWhen(invalid) {
        // The counter stands at the word behind the one that began the layer.
        code.value = constant(RegisterMap.ErrorCode.illegalInstruction.rawValue, 8)
        faultPlace.value = (counter.value &- 1).extended(to: 24)
      }.ElseWhen(illegal) {
        code.value = constant(RegisterMap.ErrorCode.illegalInstruction.rawValue, 8)
      }.ElseWhen(overrun) {
        code.value = constant(RegisterMap.ErrorCode.programOverrun.rawValue, 8)
      }.Else {
        code.value = constant(RegisterMap.ErrorCode.timeout.rawValue, 8)
      }
    }
    errorCode = code.value
    errorPlace = faultPlace.value

    let next = Wire<Unsigned>("nextCounter", bits)
    next.value = counter.value
    When(proceeds) { next.value = counter.value &+ 1 }
    When(!running.value) { next.value = 0 }
    counter.value = next.value
    programAddress = next.value
    When(start) {
      running.value = true
    }.ElseWhen(halts | fails | abortRequest) {
      running.value = false
    }
    When(starts) {
      engineBusy.value = true
      step.value = operand[0..<16]
    }.ElseWhen(finished | abortRequest | fails) {
      engineBusy.value = false
    }

    settings.launch = starts
    beginArray = begins.value & delayed(isRun, by: 1, "arrayNext")
    beginSoftmax = begins.value & delayed(isSoftmax, by: 1, "softmaxNext")
    beginAddition = begins.value & delayed(isAddition, by: 1, "additionNext")
    abort = abortRequest | fails
    settings.clear = start
    settings.enable = running.value & legal & isSet
    settings.number = opcode
    settings.value = operand
    busy = running.value
    done = halts
    failed = fails
    traceStart = delayed(begins.value, by: 1, "traceStartHeld")
    traceDone = delayed(finished & engineBusy.value, by: 1, "traceDoneHeld")
    // A layer that launches as this one finishes must not take its number: hold the number for `traceDone`.
    traceStep = delayed(step.value, by: 1, "traceStepHeld")
  }
}
