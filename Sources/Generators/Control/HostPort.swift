// Host port: the registers of `RegisterMap` and the windows on the memories, behind AXI4-Lite.
//
// One access at a time. Windows belong to the host only while the accelerator is idle; an access to one while it works, one
// beyond its memory, and a read of one that cannot be read, answer SLVERR and do nothing.

import HDL
import Machine

struct HostPort: Module {
  let hardware: Hardware
  let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Output() var irq: Bit
  let load = Initiator(LoadPort())
  var wordRead: FeatureRead { FeatureRead(bytes: 4, lanes: hardware.configuration.memoryLanes) }
  let read = Initiator(\Self.wordRead)
  let program = Initiator(RunControl())
  /// The array wants to go on and cannot.
  @Input() var stalled: Bit

  init(_ hardware: Hardware) { self.hardware = hardware }
  var moduleName: String { "host_port" }
  var documentation: String { "AXI4-Lite slave: control registers, and windows on the memories while idle." }

  func body() {
    let registers = instance("registers", RegisterBlock(RegisterMap.addressMap(of: hardware), addressWidth: RegisterMap.addressBits))
    registers.serve(sAxi)
    control(registers)
    windows(registers)
  }

  /// Starting, stopping, and what a host can ask for.
  private func control(_ registers: Instance<RegisterBlock>) {
    // Both in one write: the reset wins.
    let start = (registers[RegisterMap.start] & !registers[RegisterMap.reset] & !program.busy).named("start")
    let abort = registers[RegisterMap.reset], busy = program.busy, done = program.done, failed = program.failed
    program.start = start
    program.abort = abort
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
    let limit = registers[RegisterMap.limit]
    let isOverLimit = (busy & limit.anyBitSet & (cycles.value >= limit.extended(to: 64))).named("isOverLimit")
    program.limitReached = delayed(isOverLimit, by: 1, "limitReachedHeld")
    registers[RegisterMap.busy] = busy
    registers[RegisterMap.done] = wasDone.value
    registers[RegisterMap.failed] = wasFailed.value
    registers[RegisterMap.errorCode] = program.errorCode
    registers[RegisterMap.errorPlace] = program.errorPlace
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
    // What lies beyond a memory is nobody's.
    let isInside = any(zip(regions, isAsked).map { region, asked in
      asked & request.address.isBelow(hardware.windowBytes(of: region)).named("isInside\(region)".capitalized(after: 8))
    }).named("isInside")
    let isFeatures = zip(regions, isAsked).first { $0.0 == .features }?.1 ?? false
    let permitted = (isInside & !program.busy).named("isPermitted")
    let reads = (takes & permitted & !request.isWrite & isFeatures).named("readsFeatures")
    let writes = (takes & permitted & request.isWrite).named("writesWindow")
    load.write = writes
    load.region = zip(regions, isAsked).reduce(Unsigned(0, width: 4)) { select($1.1, Unsigned($1.0.rawValue, width: 4), $0) }
    load.address = request.address
    load.data = request.data
    load.strobe = request.strobe
    read.enable = reads
    read.address = request.address
    read.count = 4

    let arrives = (isReading.value & (wait.value === 1)).named("featureArrives")
    let isTaken = buses[0].response.ready
    When(takes) { wait.value = 0 }.ElseWhen(isReading.value) { wait.value = wait.value &+ 1 }
    When(reads) { isReading.value = true }.ElseWhen(arrives) { isReading.value = false }
    When(takes & !reads) {
      isAnswered.value = true
      isError.value = !writes
      data.value = 0
    }.ElseWhen(arrives) {
      isAnswered.value = true
      isError.value = false
      data.value = read.data
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
