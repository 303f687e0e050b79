import HDL
import Machine

@testable import Generators

/// What has to be true of the host port and the memories behind it, whatever a host does and for however long.
///
/// The host keeps the rules of AXI: what it offers stays until it is taken. All else is free: addresses, data, strobes,
/// how long it waits, and when the accelerator is busy. The proof knows nothing of how the port works: it remembers what was
/// taken on each channel and looks at what comes of it.
///
/// One word of a window, `chosen`, nobody knows which, stands for all. Its shadow takes the bytes that writes to its address
/// should change, and the memory must always hold the same.
struct HostPortProof: Module {
  let hardware: Hardware
  let region: RegisterMap.Region
  let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Input var busy: Bit
  @Input var done: Bit
  @Input var failed: Bit
  /// Byte address in the window of the word to watch.
  @Input(24) var chosen: Unsigned

  init(_ hardware: Hardware, _ region: RegisterMap.Region) {
    (self.hardware, self.region) = (hardware, region)
    _busy = Input(); _done = Input(); _failed = Input()
  }

  /// Cycles within which every request is taken and answered, once the host takes the answers before it.
  static let patience = 12

  func body() {
    let port = instance("port", HostPort(hardware))
    connect(sAxi, to: port.sAxi)
    (port.program.busy, port.program.done, port.program.failed) = (busy, done, failed)
    (port.$stalled, port.program.errorCode, port.program.errorPlace) = (false, 0, 0)

    assumeRules(ofTheHost: ())
    assertRules(ofThePort: ())
    let write = takenWrite(port.load)
    answers(write, port.load)
    let shadow = memory(port, write)
    reads(port, shadow)
  }

  // MARK: the handshakes

  private func isNew(_ valid: Bit, _ ready: Bit, _ name: String) -> Bit {
    !delayed(valid & !ready, by: 1, "\(name)Waits")
  }
  /// What is offered stays as it is until it is taken.
  private func stays(_ valid: Bit, _ ready: Bit, _ payload: Unsigned, _ name: String) -> Bit {
    let isHeld = delayed(valid & !ready, by: 1, "\(name)Held")
    return (!isHeld | (valid & (payload === delayed(payload, by: 1, "\(name)Before")))).named("\(name)Stays")
  }

  private func assumeRules(ofTheHost: Void) {
    Assume(stays(sAxi.awvalid, sAxi.awready, sAxi.awaddr, "writeAddress"), "a write address stays until it is taken")
    Assume(stays(sAxi.wvalid, sAxi.wready, concatenate([sAxi.wdata, sAxi.wstrb]), "writeData"), "write data stay until they are taken")
    Assume(stays(sAxi.arvalid, sAxi.arready, sAxi.araddr, "readAddress"), "a read address stays until it is taken")
    let isRunning = delayed(Bit(true), by: 1, "isRunning")
    Assume(!isRunning | (chosen === delayed(chosen, by: 1, "chosenBefore")), "the chosen word does not change")
    Assume(chosen.isBelow(hardware.windowBytes(of: region)) & !chosen[0..<2].anyBitSet, "the chosen word exists")
    if region == .parameters { Assume(!chosen[2..<4].allBitsSet, "the chosen word is no hole") }
  }

  private func assertRules(ofThePort: Void) {
    Assert(stays(sAxi.bvalid, sAxi.bready, sAxi.bresp, "writeAnswer"), "a write's answer stays until it is taken")
    Assert(stays(sAxi.rvalid, sAxi.rready, concatenate([sAxi.rdata, sAxi.rresp]), "readAnswer"), "a read's answer stays until it is taken")
    Assert(!sAxi.bvalid | !sAxi.bresp[0], "a write is answered OKAY or SLVERR")
    Assert(!sAxi.rvalid | !sAxi.rresp[0], "a read is answered OKAY or SLVERR")
    Assert(!(sAxi.rvalid & sAxi.rresp[1]) | !sAxi.rdata.anyBitSet, "a failed read shows nothing")
  }

  /// Counts how long something is owed; it must not be long.
  private func soon(_ isOwed: Bit, _ message: String, _ name: String) {
    let waited = Register<Unsigned>("\(name)Waited", 4)
    When(isOwed) { waited.value = waited.value &+ 1 }.Else { waited.value = 0 }
    Assert(waited.value < Unsigned(Self.patience, width: 4), message)
  }

  // MARK: writes

  /// What was taken on a channel and is not answered yet: at most two, for the port takes the next before it answers.
  private struct Taken {
    let isThere: Bit, oldest: Unsigned
    let isSecondThere: Bit
  }

  private func taken(_ takes: Bit, _ payload: Unsigned, until isAnswered: Bit, _ name: String, _ message: String) -> Taken {
    let isThere = Register<Bit>("\(name)IsThere"), oldest = Register<Unsigned>("\(name)Oldest", payload.width)
    let isSecondThere = Register<Bit>("\(name)SecondIsThere"), second = Register<Unsigned>("\(name)Second", payload.width)
    Assert(!takes | !isSecondThere.value | isAnswered, message)
    // Where the next one goes, after the oldest has left.
    let movesUp = (isAnswered & isSecondThere.value).named("\(name)MovesUp")
    let staysFirst = (isThere.value & !isAnswered).named("\(name)StaysFirst")
    isThere.value = staysFirst | movesUp | takes
    When(movesUp) { oldest.value = second.value }.ElseWhen(!staysFirst) { oldest.value = payload }
    isSecondThere.value = (isSecondThere.value & !isAnswered) | (takes & (staysFirst | movesUp))
    When(!isSecondThere.value | isAnswered) { second.value = payload }
    return Taken(isThere: isThere.value, oldest: oldest.value, isSecondThere: isSecondThere.value)
  }

  /// The oldest write that is not answered yet.
  private struct TakenWrite {
    let hasAddress: Bit, address: Unsigned
    let hasData: Bit, data: Unsigned, strobe: Unsigned
    /// It has changed a window.
    let isDone: Bit
    /// The accelerator was busy, or idle, at some time since it was whole.
    let sawBusy: Bit, sawIdle: Bit
    /// Its answer shows for the first time.
    let isAnswered: Bit
  }

  private func takenWrite(_ window: Target<LoadPort>) -> TakenWrite {
    let isAnswered = (sAxi.bvalid & isNew(sAxi.bvalid, sAxi.bready, "writeAnswerNew")).named("writeIsAnswered")
    let address = taken(sAxi.awvalid & sAxi.awready, sAxi.awaddr, until: isAnswered, "address", "two write addresses at a time")
    let data = taken(
      sAxi.wvalid & sAxi.wready, concatenate([sAxi.wdata, sAxi.wstrb]), until: isAnswered, "data", "data of two writes at a time")
    let isDone = Register<Bit>("changedWindow"), sawBusy = Register<Bit>("sawBusy"), sawIdle = Register<Bit>("sawIdle")
    let isWhole = (address.isThere & data.isThere & !isAnswered).named("isWhole")
    isDone.value = isWhole & (isDone.value | window.write)
    sawBusy.value = isWhole & (sawBusy.value | busy)
    sawIdle.value = isWhole & (sawIdle.value | !busy)
    let isBlocked = (sAxi.bvalid | (sAxi.rvalid & !sAxi.rready)).named("isBlocked")
    let hasItsData = (data.isThere & (!address.isSecondThere | data.isSecondThere)).named("hasItsData")
    soon(sAxi.awvalid & !sAxi.awready & hasItsData & !isBlocked, "a write address is taken soon", "writeAddress")
    soon(isWhole & !isBlocked, "a write is answered soon", "writeAnswer")
    return TakenWrite(
      hasAddress: address.isThere, address: address.oldest, hasData: data.isThere, data: data.oldest[0..<32], strobe: data.oldest[32..<36],
      isDone: isDone.value, sawBusy: sawBusy.value, sawIdle: sawIdle.value, isAnswered: isAnswered)
  }

  private func exists(_ address: Unsigned) -> Bit {
    any(RegisterMap.Region.allCases.map { region in
      (address[24..<28] === Unsigned(region.rawValue, width: 4)) & address[0..<24].isBelow(hardware.windowBytes(of: region))
    })
  }
  private func isWindow(_ address: Unsigned) -> Bit { address[24..<28].anyBitSet }

  private func answers(_ write: TakenWrite, _ window: Target<LoadPort>) {
    // A window changes once for each write, and by nothing else.
    let matches = (window.region === write.address[24..<28]) & (window.address === concatenate([Unsigned(0, width: 2), write.address[2..<24]]))
      & (window.data === write.data) & (window.strobe === write.strobe)
    let isCalledFor = write.hasAddress & write.hasData & !write.isDone & !write.isAnswered & !busy
    Assert(!window.write | (isCalledFor & exists(write.address) & isWindow(write.address) & matches), "a window changes by what a write says")
    Assert(!write.isAnswered | (write.hasAddress & write.hasData), "only what was asked is answered")
    let isOkay = !sAxi.bresp[1]
    Assert(!(write.isAnswered & isWindow(write.address)) | (isOkay === write.isDone), "a write to a window that is answered OKAY was done")
    Assert(!(write.isAnswered & !exists(write.address)) | !isOkay, "a write to where there is nothing is answered SLVERR")
    Assert(!(write.isAnswered & exists(write.address) & isWindow(write.address) & !write.sawBusy) | isOkay, "an idle accelerator's memory can be written")
    Assert(!(write.isAnswered & isWindow(write.address) & !write.sawIdle) | !isOkay, "a busy accelerator's memory cannot be written")
    Assert(!(write.isAnswered & exists(write.address) & !isWindow(write.address)) | isOkay, "every register can be written")
    Cover(write.isAnswered & write.isDone, "a write to a window is answered")
  }

  // MARK: the memory

  /// The memory behind the window and the shadow of the chosen word.
  private func memory(_ port: Instance<HostPort>, _ write: TakenWrite) -> Unsigned {
    let place = Unsigned(region.rawValue << 24, width: 28)
    let shadow = Register<Unsigned>("shadow", 32, reset: nil), isKnown = Register<Unsigned>("isKnown", 4)
    let hits = (port.load.write & (write.address[2..<28] === (place | chosen.extended(to: 28))[2..<28])).named("hitsChosen")
    let bytes = (0..<4).map { select(hits & write.strobe[$0], write.data.byte($0), shadow.value.byte($0)) }
    shadow.value = concatenate(bytes)
    When(hits) { isKnown.value = isKnown.value | write.strobe }

    if region == .features {
      let c = hardware.configuration, writeBytes = max(c.postLanes, 4)
      let features = instance("features", FeatureMemory(rows: hardware.featureRows, lanes: c.memoryLanes, writeBytes: writeBytes))
      features.write.enable = port.load.writes(.features)
      features.write.address = port.load.address
      features.write.mask = port.load.strobe.extended(to: writeBytes)
      features.write.data = port.load.data.extended(to: 8 * writeBytes)
      features.read.enable = port.read.enable
      features.read.address = port.read.address
      features.read.destination = 0
      features.read.low = 0
      features.read.high = port.read.count
      features.$padByte = 0
      port.read.data = features.read.data[0..<32]
      return concatenate([shadow.value, isKnown.value])
    }
    port.read.data = 0
    let word = region == .scalarTables ? tableWord(port) : watchedWord(port)
    let isStable = delayed(!hits, by: 1, "isStable")
    for byte in 0..<4 {
      let was = delayed(isKnown.value[byte], by: 1, "knew\(byte)"), before = delayed(shadow.value.byte(byte), by: 1, "shadow\(byte)")
      Assert(!(isStable & was) | (word.byte(byte) === before), "the memory holds what was written last")
    }
    Cover(isStable & isKnown.value.allBitsSet, "a whole word is written")
    return concatenate([shadow.value, isKnown.value])
  }

  /// What an engine that always looks at the chosen word sees: the shadow, but for the cycle in which it changes.
  private func watchedWord(_ port: Instance<HostPort>) -> Unsigned {
    let memory = instance("memory", self.memory)
    connect(port.load, to: memory.load)
    let group = self.memory.groupWords.log2
    memory.read.enable = true
    memory.read.address = chosen[2 + group..<24].resized(to: indexBits(self.memory.depth))
    let lanes = self.memory.places.map { place in (chosen[2..<24] & Unsigned((1 << group) - 1, width: 22)) === Unsigned(place, width: 22) }
    return zip(lanes, 0...).reduce(Unsigned(0, width: 32)) { $0 | select($1.0, memory.read.data[32 * $1.1..<32 * $1.1 + 32], Unsigned(0, width: 32)) }
  }

  /// The same of the scalar unit's tables, by their first port.
  private func tableWord(_ port: Instance<HostPort>) -> Unsigned {
    let memory = instance("memory", ScalarTableMemory(tables: hardware.scalarTables))
    connect(port.load, to: memory.load)
    memory.first.enable = true
    memory.first.address = chosen[2..<24].resized(to: indexBits(256 * hardware.scalarTables))
    (memory.second.enable, memory.second.address) = (false, 0)
    return memory.first.data
  }

  private var memory: LoadableMemory {
    switch region {
    case .program: .program(hardware)
    case .weights: .weights(hardware)
    case .parameters: .parameters(hardware)
    default: .byteTables(tables: hardware.byteTables)
    }
  }

  // MARK: reads

  private func reads(_ port: Instance<HostPort>, _ shadow: Unsigned) {
    let isAnswered = (sAxi.rvalid & isNew(sAxi.rvalid, sAxi.rready, "readAnswerNew")).named("readIsAnswered")
    let read = taken(sAxi.arvalid & sAxi.arready, sAxi.araddr, until: isAnswered, "read", "two read addresses at a time")
    let address = read.oldest, isWaiting = (read.isThere & !isAnswered).named("readWaits")
    let sawBusy = Register<Bit>("readSawBusy"), sawIdle = Register<Bit>("readSawIdle")
    sawBusy.value = isWaiting & (sawBusy.value | busy)
    sawIdle.value = isWaiting & (sawIdle.value | !busy)
    Assert(!isAnswered | read.isThere, "only a read that was asked is answered")
    soon(isWaiting & !sAxi.rvalid & !(sAxi.bvalid & !sAxi.bready), "a read is answered soon", "readAnswer")

    let isOkay = !sAxi.rresp[1]
    let isFeatures = address[24..<28] === Unsigned(RegisterMap.Region.features.rawValue, width: 4)
    Assert(!(isAnswered & !exists(address)) | !isOkay, "a read of where there is nothing is answered SLVERR")
    Assert(!(isAnswered & isWindow(address) & !isFeatures) | !isOkay, "only the feature memory can be read")
    Assert(!(isAnswered & isFeatures & !sawIdle.value) | !isOkay, "a busy accelerator's memory cannot be read")
    Assert(!(isAnswered & isFeatures & exists(address) & !sawBusy.value) | isOkay, "an idle accelerator's features can be read")
    Assert(!(isAnswered & exists(address) & !isWindow(address)) | isOkay, "every register can be read")
    if region == .features {
      // What the word held when the memory was asked; no write comes between, for there is one access at a time.
      let held = Register<Unsigned>("heldWhenAsked", 36)
      When(port.read.enable) { held.value = shadow }
      let isChosen = isFeatures & (address[2..<24] === chosen[2..<24])
      for byte in 0..<4 {
        Assert(
          !(isAnswered & isOkay & isChosen & held.value[32 + byte]) | (sAxi.rdata.byte(byte) === held.value.byte(byte)),
          "a read shows what was written last")
      }
      Cover(isAnswered & isOkay & isChosen & held.value[32..<36].allBitsSet, "the chosen word is read")
    }
  }
}
