// Host port: the registers of `RegisterMap` and the windows on the memories, behind AXI4-Lite.
//
// One access at a time. Windows belong to the host only while the accelerator is idle; an access to one while it works,
// and a read of one that cannot be read, answer SLVERR and do nothing.

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
    let registers = instance("registers", RegisterBlock(RegisterMap.addressMap(of: hardware), addressWidth: RegisterMap.addressBits))
    registers.serve(sAxi)
    control(registers)
    windows(registers)
  }

  /// Starting, stopping, and what a host can ask for.
  private func control(_ registers: Instance<RegisterBlock>) {
    start = registers[RegisterMap.start] & !busy
    abort = registers[RegisterMap.reset]
    let wasDone = Register<Bit>("wasDone"), wasFailed = Register<Bit>("wasFailed")
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
    registers[RegisterMap.busy] = busy
    registers[RegisterMap.done] = wasDone.value
    registers[RegisterMap.failed] = wasFailed.value
    registers[RegisterMap.errorCode] = errorCode
    registers[RegisterMap.errorPlace] = errorPlace
    registers[RegisterMap.doneHappened] = done
    registers[RegisterMap.errorHappened] = failed
    registers[RegisterMap.cyclesLow] = cycles.value[0..<32]
    registers[RegisterMap.cyclesHigh] = cycles.value[32..<64]
    registers[RegisterMap.stalls] = stalls.value
    let doneInterrupts = (registers[RegisterMap.doneHappened] & registers[RegisterMap.interruptOnDone]).named("doneInterrupts")
    let errorInterrupts = (registers[RegisterMap.errorHappened] & registers[RegisterMap.interruptOnError]).named("errorInterrupts")
    irq = doneInterrupts | errorInterrupts
  }

  /// All windows share one answer: there is one access at a time.
  private func windows(_ registers: Instance<RegisterBlock>) {
    let regions = RegisterMap.Region.allCases.filter { $0 != .registers }
    let buses = regions.map { registers.window(RegisterMap.window($0)) }
    let isAsked = zip(regions, buses).map { region, bus in bus.request.valid.named("asks\(region)".capitalized(after: 4)) }
    // The request and whether its answer is taken are the same for all.
    let request = buses[0].request.payload
    let isReading = Register<Bit>("isReading"), wait = Register<Unsigned>("readWait", 2)
    let isAnswered = Register<Bit>("windowAnswered"), isError = Register<Bit>("windowError"), data = Register<Unsigned>("windowReadData", 32)

    let takes = (any(isAsked) & !isReading.value & !isAnswered.value).named("takes")
    let isFeatures = zip(regions, isAsked).first { $0.0 == .features }?.1 ?? false
    let reads = (takes & !request.isWrite & isFeatures & !busy).named("readsFeatures")
    windowWrite = takes & request.isWrite & !busy
    windowRegion = zip(regions, isAsked).reduce(constant(0, 4)) { select($1.1, constant($1.0.rawValue, 4), $0) }
    windowAddress = request.address
    windowData = request.data
    windowStrobe = request.strobe
    featureRequest = reads
    featureAddress = request.address

    let arrives = (isReading.value & (wait.value === 1)).named("featureArrives")
    let isTaken = buses[0].response.ready
    When(takes) { wait.value = 0 }.ElseWhen(isReading.value) { wait.value = wait.value &+ 1 }
    When(reads) { isReading.value = true }.ElseWhen(arrives) { isReading.value = false }
    When(takes & !reads) {
      isAnswered.value = true
      isError.value = busy | !request.isWrite
      data.value = 0
    }.ElseWhen(arrives) {
      isAnswered.value = true
      isError.value = false
      data.value = featureWord
    }.ElseWhen(isTaken) {
      isAnswered.value = false
    }
    // Which window answers: the one that was asked.
    for (region, (bus, asked)) in zip(regions, zip(buses, isAsked)) {
      let mine = Register<Bit>("\(region)Asked")
      When(takes) { mine.value = asked }
      bus.request.ready = !isReading.value & !isAnswered.value
      bus.response.valid = isAnswered.value & mine.value
      bus.response.payload.data = data.value
      bus.response.payload.isError = isError.value
    }
  }
}
