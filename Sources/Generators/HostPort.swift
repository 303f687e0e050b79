// Host port: an AXI4-Lite slave with the control registers and the windows of `RegisterMap`.
//
// One write and one read at a time. Windows belong to the host only while the accelerator is idle; an access to
// one while it works answers SLVERR and does nothing.

import HDL
import Machine

struct HostPort: Module {
  let hardware: Hardware
  let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Output var irq: Bit
  // To the windows.
  @Output var windowWrite: Bit
  @Output var windowRegion: Unsigned
  @Output var windowAddress: Unsigned
  @Output var windowData: Unsigned
  @Output var windowStrobe: Unsigned
  @Output var featureRequest: Bit
  @Output var featureAddress: Unsigned
  /// Two cycles after the request.
  @Input var featureWord: Unsigned
  // Control.
  @Output var start: Bit
  @Output var abort: Bit
  @Input var busy: Bit
  @Input var done: Bit
  @Input var failed: Bit
  @Input var errorCode: Unsigned
  @Input var errorPlace: Unsigned
  @Input var stalled: Bit

  init(_ hardware: Hardware) {
    self.hardware = hardware
    _irq = Output()
    _windowWrite = Output(); _windowRegion = Output(4); _windowAddress = Output(24); _windowData = Output(32)
    _windowStrobe = Output(4); _featureRequest = Output(); _featureAddress = Output(24); _featureWord = Input(32)
    _start = Output(); _abort = Output(); _busy = Input(); _done = Input(); _failed = Input()
    _errorCode = Input(8); _errorPlace = Input(24); _stalled = Input()
  }
  var moduleName: String { "weft_host_port" }
  var documentation: String { "AXI4-Lite slave: control registers, and windows on the memories while idle." }

  func body() {
    let c = hardware.configuration
    typealias R = RegisterMap.Register

    // Write channel: address and data are taken together, the answer follows.
    let answer = Register<Bit>("writeAnswer"), answerError = Register<Bit>("writeAnswerError")
    let take = (sAxi.awvalid & sAxi.wvalid & !answer.value).named("takeWrite")
    let region = sAxi.awaddr[24..<28].named("writeRegion")
    let toRegisters = (region === 0).named("toRegisters")
    let allowed = (toRegisters | !busy).named("writeAllowed")
    sAxi.awready = take
    sAxi.wready = take
    When(take) {
      answer.value = true
      answerError.value = !allowed
    }.ElseWhen(sAxi.bready) {
      answer.value = false
    }
    sAxi.bvalid = answer.value
    sAxi.bresp = concatenate([Bit(false), answerError.value])
    windowWrite = take & !toRegisters & !busy
    windowRegion = region
    windowAddress = sAxi.awaddr[0..<24]
    windowData = sAxi.wdata
    windowStrobe = sAxi.wstrb

    func writes(_ register: R) -> Bit {
      (take & toRegisters & (sAxi.awaddr[0..<24] === constant(register.address, 24)) & sAxi.wstrb[0]).named("writes\(register)".capitalizedAfter("writes"))
    }
    let control = writes(.control)
    start = control & sAxi.wdata[0] & !busy
    abort = control & sAxi.wdata[1]

    // State a host can ask for.
    let wasDone = Register<Bit>("wasDone"), wasFailed = Register<Bit>("wasFailed")
    let enable = Register<Unsigned>("interruptEnable", 2), pending = Register<Unsigned>("interruptPending", 2)
    let cycles = Register<Unsigned>("cycles", 64), stalls = Register<Unsigned>("stalls", 32)
    When(start | abort) {
      wasDone.value = false; wasFailed.value = false
    }.Else {
      When(done) { wasDone.value = true }
      When(failed) { wasFailed.value = true }
    }
    When(start) {
      cycles.value = 0; stalls.value = 0
    }.ElseWhen(busy) {
      cycles.value = cycles.value &+ 1
      When(stalled) { stalls.value = stalls.value &+ 1 }
    }
    When(writes(.interruptEnable)) { enable.value = sAxi.wdata[0..<2] }
    let cleared = select(writes(.interruptStatus), sAxi.wdata[0..<2], constant(0, 2)).named("interruptCleared")
    pending.value = (pending.value & ~cleared) | concatenate([done, failed])
    irq = (pending.value & enable.value).anyBitSet

    // Read channel: registers answer as fast as features, three cycles after the address.
    let reading = Register<Bit>("reading"), readAddress = Register<Unsigned>("readAddress", RegisterMap.addressBits)
    let wait = Register<Unsigned>("readWait", 2)
    let readAnswer = Register<Bit>("readAnswer"), readError = Register<Bit>("readError"), readData = Register<Unsigned>("readData", 32)
    let takeRead = (sAxi.arvalid & !reading.value & !readAnswer.value).named("takeRead")
    sAxi.arready = takeRead
    let features = (readAddress.value[24..<28] === constant(RegisterMap.Region.features.rawValue, 4)).named("readsFeatures")
    let registers = (readAddress.value[24..<28] === 0).named("readsRegisters")
    let values: [Unsigned] = R.allCases.map { register in
      switch register {
      case .identity: constant(Int(RegisterMap.identity), 32)
      case .version: constant(RegisterMap.version, 32)
      case .fingerprint: constant(Int(hardware.fingerprint), 32)
      case .array: constant(c.pixels | c.channels << 8 | c.dotProduct << 16 | c.postLanes << 24, 32)
      case .control: constant(0, 32)
      case .status: concatenate([busy, wasDone.value, wasFailed.value]).extended(to: 32)
      case .error: concatenate([errorCode, errorPlace])
      case .interruptEnable: enable.value.extended(to: 32)
      case .interruptStatus: pending.value.extended(to: 32)
      case .cyclesLow: cycles.value[0..<32]
      case .cyclesHigh: cycles.value[32..<64]
      case .stalls: stalls.value
      case .featureBytes: constant(hardware.featureBytes, 32)
      case .weightBytes: constant(hardware.weightBytes, 32)
      case .parameterChannels: constant(hardware.parameterEntries * c.postLanes, 32)
      case .programWords: constant(hardware.programWords, 32)
      }
    }
    let inside = (readAddress.value[6..<24] === 0).named("readsKnownRegister")
    let registerWord = select(inside, choose(readAddress.value[2..<6], values), constant(0, 32)).named("registerWord")
    let arrived = (reading.value & (wait.value === 2)).named("readArrived")
    let readable = (registers | (features & !busy)).named("readable")
    When(takeRead) {
      reading.value = true
      readAddress.value = sAxi.araddr
      wait.value = 0
    }.ElseWhen(arrived) {
      reading.value = false
    }.Else {
      wait.value = wait.value &+ 1
    }
    When(arrived) {
      readAnswer.value = true
      readError.value = !readable
      readData.value = select(registers, registerWord, select(readable, featureWord, constant(0, 32)))
    }.ElseWhen(sAxi.rready) {
      readAnswer.value = false
    }
    featureRequest = reading.value & (wait.value === 0) & features & !busy
    featureAddress = readAddress.value[0..<24]
    sAxi.rvalid = readAnswer.value
    sAxi.rdata = readData.value
    sAxi.rresp = concatenate([Bit(false), readError.value])
  }
}

extension String {
  /// `writescontrol` -> `writesControl`: the letter after the prefix in upper case.
  func capitalizedAfter(_ prefix: String) -> String {
    let rest = dropFirst(prefix.count)
    return prefix + rest.prefix(1).uppercased() + rest.dropFirst()
  }
}
