// Sequencer: runs the program. No processor, no branches: a straight list of words, one a cycle.
//
// `set` goes out on the configuration bus. `run`, `softmax` and `add` wait, then launch the staged layer; the words of the next layer
// are set while this one works. `softmax`, `add` and `halt` wait until all engines have finished. `run` says how long it waits: two layers
// overlap, the post unit writing the end of one while feeder and array begin with the next. No signal tells whether what is read has been
// written: latencies are static, and the compiler knows them. `halt` carries a checksum of all words before it. A word that is no
// instruction, a program without end or with a wrong checksum, an access outside a memory, a standstill and a run beyond its limit all
// end in an error with a code.

import HDL
import Machine

struct Sequencer: Module {
  let programWords: Int
  let hasScalarUnit: Bool
  /// What the scalar unit has beside softmax and additions.
  var extensions: Extensions = []
  /// Flags of the mode that this hardware can follow.
  var modes = LayerMode.all
  var programRead: MemoryRead { MemoryRead(depth: programWords, width: 32) }
  var engineControls: EngineControls { EngineControls(hasScalarUnit: hasScalarUnit, extensions) }
  let host = Target(RunControl())
  let program = Initiator(\Self.programRead)
  let settings = Initiator(ConfigurationBus())
  /// The same sets, and a launch of its own.
  let postSettings = Initiator(ConfigurationBus())
  let engines = Initiator(\Self.engineControls)
  /// An engine went beyond a memory.
  let fault = Target(Fault())
  /// What a stop has left is still on its way: no layer begins.
  @Input() var isStopping: Bit
  let trace = Initiator(StepTrace())
  @Register() var running: Bit
  @Register(\Self.addressBits) var counter: Unsigned
  @Register() var arrayBusy: Bit
  @Register() var postBusy: Bit
  @Register() var scalarBusy: Bit
  /// The layer that the array works on waits for the post unit; its registers are still the staged ones.
  @Register() var postPending: Bit
  /// A layer was launched in the cycle before.
  @Register() var begins: Bit
  var addressBits: Int { indexBits(programWords) }

  init(programWords: Int, hasScalarUnit: Bool, extensions: Extensions = [], modes: LayerMode = .all) {
    (self.programWords, self.hasScalarUnit, self.extensions, self.modes) = (programWords, hasScalarUnit, extensions, modes)
  }
  init(_ hardware: Hardware) {
    self.init(
      programWords: hardware.programWords, hasScalarUnit: hardware.scalarTables > 0, extensions: hardware.extensions, modes: LayerMode(of: hardware))
  }
  var moduleName: String { "sequencer" }
  var documentation: String { "Runs the program: sets layer registers, launches layers, stops on halt or error." }

  func body() {
    let word = decode()
    let state = watchEngines()
    let mayStart = select(word.isRun & (word.after !== 0), state.mayOverlap & (state.sinceStep >= word.after), state.idle).named("mayStart")
    let checksum = Register<Unsigned>("checksum", ProgramChecksum.bits, reset: ProgramChecksum.initial)
    // Whether the halt that stands here says another checksum than that of the words that have been carried out.
    let corrupt = (running & word.isHalt & (checksum.value !== word.operand)).named("corrupt")
    let ready = (running & word.isLegal & ((word.isSet & !postPending) | (word.startsLayer & mayStart & !isStopping))).named("ready")
    // The last word of the memory can only be a halt.
    let overrun = (ready & (counter === Unsigned(programWords - 1))).named("overrun")
    let errors = errors(state, illegal: (running & !word.isLegal).named("illegal"), corrupt: corrupt, overrun: overrun)
    let fails = errors.fails
    let stops = (host.abort | fails).named("stops")
    // No layer begins, and no program ends well, in the cycle in which everything stops.
    let starts = (ready & !word.isSet & !stops).named("starts")
    let halts = (running & word.isLegal & word.isHalt & state.idle & !stops).named("halts")
    let proceeds = (starts | (ready & word.isSet)).named("proceeds")
    countQuiet(errors.quiet, state.progress | proceeds)
    keep(errors)

    When(host.start) {
      checksum.value = Unsigned(ProgramChecksum.initial, width: ProgramChecksum.bits)
    }.ElseWhen(proceeds) {
      checksum.value = checked(checksum.value, program.data)
    }
    fetch(proceeds)
    When(host.start) { running = true }.ElseWhen(halts | stops) { running = false }
    begins = starts
    let startsRun = (starts & word.isRun).named("startsRun")
    let postTakes = ((startsRun | postPending) & state.postFree & !stops).named("postTakes")
    When(startsRun) { arrayBusy = true }.ElseWhen(engines.array.finished | stops) { arrayBusy = false }
    When(postTakes) { postBusy = true }.ElseWhen(engines.post.finished | stops) { postBusy = false }
    When(starts & !word.isRun) { scalarBusy = true }.ElseWhen(state.scalarFinished | stops) { scalarBusy = false }
    When(startsRun & !postTakes) { postPending = true }.ElseWhen(postTakes | stops) { postPending = false }
    host.busy = running
    host.done = halts
    host.failed = fails & !host.abort
    launch(word, starts, postTakes, stops)
    traceSteps(word, starts, postTakes, state)
  }

  // MARK: the word

  /// The word that stands here.
  private struct Word {
    let operand: Unsigned
    /// Of `run`: the least number of cycles after the array's last step; 0: all engines must be idle.
    let after: Unsigned
    let isSet: Bit, isRun: Bit, isHalt: Bit
    /// Of hardware that has a scalar unit; else never.
    let isSoftmax: Bit, isAddition: Bit
    /// Of hardware that has arithmetic of int16; else nil.
    let isInt16: Bit?
    let startsLayer: Bit
    let isLegal: Bit
  }

  private func decode() -> Word {
    let operandBits = ConfigurationBus.valueBits
    let opcode = program.data[operandBits..<32].named("opcode"), operand = program.data[0..<operandBits].named("operand")
    func isCommand(_ command: Command, _ name: String) -> Bit { (opcode === Unsigned(command.rawValue)).named(name) }
    let isRun = isCommand(.run, "isRun"), isHalt = isCommand(.halt, "isHalt")
    let isSoftmax = hasScalarUnit ? isCommand(.softmax, "isSoftmax") : false
    let isAddition = hasScalarUnit ? isCommand(.add, "isAddition") : false
    let isInt16 = hasScalarUnit && extensions.contains(.int16Arithmetic) ? isCommand(.int16, "isInt16") : nil
    let isSet = (opcode < Unsigned(LayerField.all.count)).named("isSet")
    // A word is legal if its operand fits its field.
    let widths = LayerField.all.map(\.width)
    let tooWide = Dictionary(uniqueKeysWithValues: Set(widths).filter { $0 < operandBits }.sorted().map {
      ($0, operand[$0..<operandBits].anyBitSet.named("above\($0)Bits"))
    })
    let fields = widths.map { width in tooWide[width].map { !$0 } ?? Bit(true) }
    let registerFits = choose(opcode[0..<indexBits(widths.count)], fields).named("registerFits")
    precondition(Command.run.operand.bits == operandBits, "all bits behind the step say how long `run` waits")
    let after = operand[Command.stepBits..<operandBits].named("after")
    let commandFits = (isHalt | isRun | (after === 0)).named("commandFits")
    // A layer cannot use a unit that is not there.
    let isMode = (opcode === Unsigned(LayerField.at(\.modeBits).number)).named("isMode")
    let absent = LayerMode.all.subtracting(modes).rawValue
    let modeFits = absent == 0 ? Bit(true) : (!isMode | !(operand & Unsigned(absent, width: operandBits)).anyBitSet).named("modeFits")
    let fits = select(isSet, registerFits & modeFits, commandFits).named("operandFits")
    let startsLayer = any([isRun, isSoftmax, isAddition] + [isInt16].compactMap(\.self)).named("startsLayer")
    return Word(
      operand: operand, after: after, isSet: isSet, isRun: isRun, isHalt: isHalt, isSoftmax: isSoftmax, isAddition: isAddition,
      isInt16: isInt16, startsLayer: startsLayer, isLegal: ((isSet | startsLayer | isHalt).named("known") & fits).named("legal"))
  }

  /// The address of the next word, which comes in the next cycle.
  private func fetch(_ proceeds: Bit) {
    let next = Wire<Unsigned>("nextCounter", addressBits)
    next.value = counter
    When(proceeds) { next.value = counter &+ 1 }
    When(!running) { next.value = 0 }
    counter = next.value
    program.enable = true
    program.address = next.value
  }

  // MARK: the engines

  /// What all engines say together.
  private struct EngineState {
    let scalarFinished: Bit, progress: Bit
    /// The post unit works on no layer in the next cycle.
    let postFree: Bit
    /// Feeder, array and scalar unit are idle, and the registers of no layer are kept for the post unit.
    let mayOverlap: Bit
    /// No engine works in the next cycle.
    let idle: Bit
    /// Cycles since the array's last step of a layer: 1 in the first that finds it idle, and no more than `run` can ask for.
    let sinceStep: Unsigned
    /// The layer that begins is none.
    let invalid: Bit
  }

  private func watchEngines() -> EngineState {
    let all = [engines.array, engines.post] + engines.scalar.map(\.layer)
    let scalarFinished = any(engines.scalar.map(\.layer.finished)).named("scalarFinished")
    let invalid = any(all.map { $0.begin & $0.invalid }).named("layerInvalid")
    let postFree = (!postBusy | engines.post.finished).named("postFree")
    let mayOverlap = (!arrayBusy & !postPending & (!scalarBusy | scalarFinished)).named("mayOverlap")
    let sinceStep = Register<Unsigned>("sinceStep", Command.afterBits)
    When(engines.array.finished) {
      sinceStep.value = 1
    }.ElseWhen(!sinceStep.value.allBitsSet) {
      sinceStep.value = sinceStep.value &+ 1
    }
    return EngineState(
      scalarFinished: scalarFinished, progress: any(all.map(\.moves)).named("progress"), postFree: postFree, mayOverlap: mayOverlap,
      idle: (mayOverlap & postFree).named("idle"), sinceStep: sinceStep.value, invalid: (running & invalid).named("invalid"))
  }

  private func launch(_ word: Word, _ starts: Bit, _ postTakes: Bit, _ stops: Bit) {
    for bus in [settings, postSettings] {
      bus.clear = host.start
      bus.enable = running & word.isLegal & word.isSet & !postPending
      bus.number = program.data[ConfigurationBus.valueBits..<32]
      bus.value = word.operand
    }
    settings.launch = starts
    postSettings.launch = postTakes
    engines.array.begin = begins & delayed(word.isRun, by: 1, "arrayNext")
    engines.array.abort = stops
    engines.post.begin = delayed(postTakes, by: 1, "postBegins")
    engines.post.abort = stops
    for scalar in engines.scalar {
      let isAddition = (begins & delayed(word.isAddition, by: 1, "additionNext")).named("beginAddition")
      let isSoftmax = begins & delayed(word.isSoftmax, by: 1, "softmaxNext")
      let isInt16 = word.isInt16.map { (begins & delayed($0, by: 1, "int16Next")).named("beginInt16") }
      scalar.layer.begin = any([isAddition, isSoftmax] + [isInt16].compactMap(\.self))
      scalar.isAddition = isAddition
      for (port, isInt16) in zip(scalar.int16, [isInt16].compactMap(\.self)) { port.isAsked = isInt16 }
      scalar.layer.abort = stops
    }
  }

  private func traceSteps(_ word: Word, _ starts: Bit, _ postTakes: Bit, _ state: EngineState) {
    let next = Register<Unsigned>("nextStep", Command.stepBits), step = Register<Unsigned>("step", Command.stepBits)
    let started = word.operand[0..<Command.stepBits].named("startedStep")
    When(starts) { next.value = started }
    let takes = (postTakes | (starts & !word.isRun)).named("takes")
    When(takes) { step.value = select(postPending, next.value, started) }
    trace.start = delayed(takes, by: 2, "traceStartHeld")
    trace.done = delayed((engines.post.finished & postBusy) | (state.scalarFinished & scalarBusy), by: 1, "traceDoneHeld")
    // A layer that begins as this one finishes must not take its number: hold the number for `done`.
    trace.step = delayed(step.value, by: 1, "traceStepHeld")
  }

  // MARK: errors

  /// Why the program ends in an error, the most telling reason first.
  private struct Errors {
    let reasons: [(happens: Bit, code: Unsigned, place: Unsigned)]
    let fails: Bit
    /// Counts while nothing moves.
    let quiet: Register<Unsigned>
  }

  private func errors(_ state: EngineState, illegal: Bit, corrupt: Bit, overrun: Bit) -> Errors {
    let quiet = Register<Unsigned>("quiet", 16)
    let faults = (running & fault.happens).named("faults"), late = (running & host.limitReached).named("late")
    let standstill = (running & quiet.value.allBitsSet).named("standstill")
    let place = counter.extended(to: Configuration.addressBits)
    func reason(_ happens: Bit, _ code: RegisterMap.ErrorCode) -> (Bit, Unsigned, Unsigned) { (happens, code.number, place) }
    let reasons = [
      (faults, fault.code, fault.place),
      // The counter stands at the word behind the one that began the layer.
      (state.invalid, RegisterMap.ErrorCode.illegalInstruction.number, (counter &- 1).extended(to: Configuration.addressBits)),
      reason(illegal, .illegalInstruction), reason(corrupt, .programCorrupt), reason(overrun, .programOverrun), reason(late, .runLimit),
      reason(standstill, .timeout),
    ]
    return Errors(reasons: reasons, fails: any(reasons.map(\.0)).named("fails"), quiet: quiet)
  }

  private func countQuiet(_ quiet: Register<Unsigned>, _ moves: Bit) {
    When(!running | moves) { quiet.value = 0 }.Else { quiet.value = quiet.value &+ 1 }
  }

  /// Code and place of the last error. What stops an idle program is not its error.
  private func keep(_ errors: Errors) {
    let code = Register<Unsigned>("code", 8), place = Register<Unsigned>("place", Configuration.addressBits)
    let reasons = errors.reasons.dropLast(), last = errors.reasons[errors.reasons.count - 1]
    When(host.start | host.abort) {
      code.value = 0
      place.value = 0
    }.ElseWhen(errors.fails) {
      code.value = reasons.reversed().reduce(last.code) { select($1.happens, $1.code, $0) }
      place.value = reasons.reversed().reduce(last.place) { select($1.happens, $1.place, $0) }
    }
    host.errorCode = code.value
    host.errorPlace = place.value
  }
}

/// `ProgramChecksum.step` as parities: it is linear, so each bit is the parity of some bits of the checksum and the word.
private func checked(_ checksum: Unsigned, _ word: Unsigned) -> Unsigned {
  let fromChecksum = (0..<checksum.width).map { ProgramChecksum.step(1 << $0, 0) }
  let fromWord = (0..<word.width).map { ProgramChecksum.step(0, 1 << UInt32($0)) }
  func mask(_ images: [Int], _ bit: Int) -> Int { images.enumerated().reduce(0) { $0 | ($1.element >> bit & 1) << $1.offset } }
  return concatenate(
    (0..<ProgramChecksum.bits).map { bit in
      ((checksum & Unsigned(mask(fromChecksum, bit), width: checksum.width)).parity
        ^ (word & Unsigned(mask(fromWord, bit), width: word.width)).parity).named("nextChecksum\(bit)")
    })
}
