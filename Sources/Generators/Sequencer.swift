// Sequencer: runs the program. No processor, no branches: a straight list of words, one a cycle.
//
// `set` goes out on the configuration bus. `run`, `softmax` and `add` wait until the engines have finished, then
// launch the staged layer; the words of the next layer are set while this one works. `halt` carries a checksum of all words
// before it. A word that is no instruction, a program without end or with a wrong checksum, an access outside a memory, a
// standstill and a run beyond its limit all end in an error with a code.

import HDL
import Machine

struct Sequencer: Module {
  let programWords: Int
  let hasScalarUnit: Bool
  /// Flags of the mode that this hardware can follow.
  var modes = LayerMode.all
  var addressBits: Int { indexBits(programWords) }
  @Input() var start: Bit
  @Input() var abortRequest: Bit
  /// An engine has written its layer's last byte.
  @Input() var finished: Bit
  /// Something moved in this cycle.
  @Input() var progress: Bit
  /// The layer that begins has a loop of no turns.
  @Input() var layerInvalid: Bit
  /// An engine went beyond a memory, with the code and the place.
  @Input() var fault: Bit
  @Input(8) var faultCode: Unsigned
  @Input(24) var faultPlace: Unsigned
  /// The run takes too long.
  @Input() var limitReached: Bit
  @Output(\Self.addressBits) var programAddress: Unsigned
  /// In the next cycle.
  @Input(32) var programWord: Unsigned
  @Output() var beginArray: Bit
  @Output() var beginSoftmax: Bit
  @Output() var beginAddition: Bit
  @Output() var abort: Bit
  let settings = Initiator(ConfigurationBus())
  @Output() var busy: Bit
  @Output() var done: Bit
  @Output() var failed: Bit
  @Output(8) var errorCode: Unsigned
  @Output(24) var errorPlace: Unsigned
  @Output() var traceStart: Bit
  @Output() var traceDone: Bit
  @Output(16) var traceStep: Unsigned

  var moduleName: String { "sequencer" }
  var documentation: String { "Runs the program: sets layer registers, launches layers, stops on halt or error." }

  func body() {
    let running = Register<Bit>("running")
    let counter = Register<Unsigned>("counter", addressBits)
    let engineBusy = Register<Bit>("engineBusy")
    let step = Register<Unsigned>("step", 16)

    let opcode = programWord[24..<32].named("opcode"), operand = programWord[0..<24].named("operand")
    func isCommand(_ command: Command, _ name: String) -> Bit { (opcode === constant(command.rawValue, 8)).named(name) }
    let isRun = isCommand(.run, "isRun"), isSoftmax = isCommand(.softmax, "isSoftmax"), isAddition = isCommand(.add, "isAddition")
    let isHalt = isCommand(.halt, "isHalt")
    let isSet = (opcode < constant(LayerField.all.count, 8)).named("isSet")
    // A word is legal if its operand fits its field.
    let operandWidths = LayerField.all.map(\.width)
    let tooWide = Dictionary(uniqueKeysWithValues: Set(operandWidths).filter { $0 < 24 }.sorted().map {
      ($0, operand[$0..<24].anyBitSet.named("above\($0)Bits"))
    })
    let registerFits = choose(opcode[0..<indexBits(operandWidths.count)], operandWidths.map { width in
      tooWide[width].map { !$0 } ?? Bit(true)
    }).named("registerFits")
    let commandFits = (isHalt | !operand[Command.run.operand.bits..<24].anyBitSet).named("commandFits")
    // A layer cannot use a unit that is not there.
    let isMode = (opcode === constant(LayerField.at(\.modeBits).number, 8)).named("isMode")
    let absent = LayerMode.all.subtracting(modes).rawValue
    let modeFits = absent == 0 ? Bit(true) : (!isMode | !(operand & constant(absent, 24)).anyBitSet).named("modeFits")
    let fits = select(isSet, registerFits & modeFits, commandFits).named("operandFits")
    let isScalar = (hasScalarUnit ? isSoftmax | isAddition : Bit(false)).named("isScalar")
    let known = (isSet | isRun | isHalt | isScalar).named("known")
    let legal = (known & fits).named("legal")

    let idle = (!engineBusy.value | finished).named("idle")
    // Standstill: `quiet` counts while nothing moves.
    let quiet = Register<Unsigned>("quiet", 16)
    let begins = Register<Bit>("begins")
    let faults = (running.value & fault).named("faults")
    let late = (running.value & limitReached).named("late")
    // The checksum of the words that have been carried out, and whether the halt that stands here says the same.
    let checksum = Register<Unsigned>("checksum", ProgramChecksum.bits, reset: ProgramChecksum.initial)
    let corrupt = (running.value & isHalt & (checksum.value !== operand)).named("corrupt")
    let invalid = (running.value & begins.value & layerInvalid).named("invalid")
    let standstill = (running.value & quiet.value.allBitsSet).named("standstill")
    // The last word of the memory can only be a halt.
    let ready = (running.value & legal & (isSet | ((isRun | isScalar) & idle))).named("ready")
    let overrun = (ready & (counter.value === Unsigned(programWords - 1))).named("overrun")
    let stops = (abortRequest | faults | late | invalid | standstill | overrun | corrupt).named("stops")
    // No layer begins, and no program ends well, in the cycle in which everything stops.
    let starts = (ready & !isSet & !stops).named("starts")
    begins.value = starts
    let halts = (running.value & legal & isHalt & idle & !stops).named("halts")
    let proceeds = (starts | (ready & isSet)).named("proceeds")

    When(!running.value | progress | proceeds) { quiet.value = 0 }.Else { quiet.value = quiet.value &+ 1 }

    let illegal = (running.value & !legal).named("illegal")
    let fails = (illegal | overrun | corrupt | faults | late | invalid | standstill).named("fails")
    let code = Register<Unsigned>("code", 8), place = Register<Unsigned>("place", 24)
    func number(_ code: RegisterMap.ErrorCode) -> Unsigned { constant(code.rawValue, 8) }
    // What stops an idle program is not its error.
    When(start | abortRequest) {
      code.value = 0
      place.value = 0
    }.ElseWhen(fails) {
      place.value = counter.value.extended(to: 24)
      When(faults) {
        code.value = faultCode
        place.value = faultPlace
      }.ElseWhen(invalid) {
        // The counter stands at the word behind the one that began the layer.
        code.value = number(.illegalInstruction)
        place.value = (counter.value &- 1).extended(to: 24)
      }.ElseWhen(illegal) {
        code.value = number(.illegalInstruction)
      }.ElseWhen(corrupt) {
        code.value = number(.programCorrupt)
      }.ElseWhen(overrun) {
        code.value = number(.programOverrun)
      }.ElseWhen(late) {
        code.value = number(.runLimit)
      }.Else {
        code.value = number(.timeout)
      }
    }
    errorCode = code.value
    errorPlace = place.value

    let next = Wire<Unsigned>("nextCounter", addressBits)
    next.value = counter.value
    When(proceeds) { next.value = counter.value &+ 1 }
    When(!running.value) { next.value = 0 }
    counter.value = next.value
    programAddress = next.value
    When(start) {
      checksum.value = constant(ProgramChecksum.initial, ProgramChecksum.bits)
    }.ElseWhen(proceeds) {
      checksum.value = checked(checksum.value, programWord)
    }
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
    failed = fails & !abortRequest
    traceStart = delayed(begins.value, by: 1, "traceStartHeld")
    traceDone = delayed(finished & engineBusy.value, by: 1, "traceDoneHeld")
    // A layer that launches as this one finishes must not take its number: hold the number for `traceDone`.
    traceStep = delayed(step.value, by: 1, "traceStepHeld")
  }
}

/// `ProgramChecksum.step` as parities: it is linear, so each bit is the parity of some bits of the checksum and the word.
private func checked(_ checksum: Unsigned, _ word: Unsigned) -> Unsigned {
  let fromChecksum = (0..<checksum.width).map { ProgramChecksum.step(1 << $0, 0) }
  let fromWord = (0..<word.width).map { ProgramChecksum.step(0, 1 << UInt32($0)) }
  func mask(_ images: [Int], _ bit: Int) -> Int { images.enumerated().reduce(0) { $0 | ($1.element >> bit & 1) << $1.offset } }
  return concatenate(
    (0..<ProgramChecksum.bits).map { bit in
      ((checksum & constant(mask(fromChecksum, bit), checksum.width)).parity
        ^ (word & constant(mask(fromWord, bit), word.width)).parity).named("nextChecksum\(bit)")
    })
}
