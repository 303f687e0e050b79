// A controller for a synchronous DRAM of 16 bits: it starts the chip up, refreshes it, and opens a row for each access.
//
// A state that waits is told for how long and what comes next; `next` is a state in a register like any other.

import HDL

public struct SDRAMPins: PortBundle {
  public let cke = Forward<Bit>(), csN = Forward<Bit>(), rasN = Forward<Bit>(), casN = Forward<Bit>(), weN = Forward<Bit>()
  public let bank = Forward<Unsigned>(2), address = Forward<Unsigned>(13), dqm = Forward<Unsigned>(2)
  public let dataOut = Forward<Unsigned>(16), dataEnable = Forward<Bit>(), dataIn = Backward<Unsigned>(16)
  public init() {}
}

public struct MemoryRequest: Record {
  public let isWrite = Forward<Bit>(), address = Forward<Unsigned>(24), data = Forward<Unsigned>(16)
  public init() {}
}

public struct SDRAMController: Module {
  enum State: Int, CaseIterable { case powerUp, precharge, mode, refresh, idle, activate, access, wait }
  /// The levels of RAS, CAS and WE.
  enum Command: Int, CaseIterable { case mode, refresh, precharge, activate, write, read, burstStop, nop }
  /// Times in clock cycles, named as in data sheets.
  let powerUp: Int, refresh: Int, rp = 3, rfc = 9, rcd = 3, cas = 3
  public let request = Target(Stream(MemoryRequest())), response = Initiator(Stream<Unsigned>(16))
  public let pins = Initiator(SDRAMPins())
  @StateRegister var state: State = .powerUp
  @StateRegister var next: State = .precharge
  @Register(reset: .nop) var command: Enumerated<Command>
  @Register(13) var address: Unsigned
  @Register(2) var bank: Unsigned
  @Register(16) var word: Unsigned
  @Register() var drives: Bit
  @Register() var isReading: Bit
  @Register() var isRefreshDue: Bit
  @Register() var hasWord: Bit

  public init(powerUp: Int = 20_000, refresh: Int = 780) { (self.powerUp, self.refresh) = (powerUp, refresh) }
  public func body() {
    @Register("timer", indexBits(powerUp)) var timer: Unsigned
    let levels = command.asUnsigned, wanted = request.payload, isElapsed = (timer === 0).named("isElapsed")
    (pins.cke, pins.csN, pins.rasN, pins.casN, pins.weN) = (true, false, levels[2], levels[1], levels[0])
    (pins.bank, pins.address, pins.dqm, pins.dataOut, pins.dataEnable) = (bank, address, 0, word, drives)
    (response.valid, response.payload) = (hasWord, word)
    request.ready = $state === .access

    (command, drives) = (Enumerated(.nop), false)
    When(!isElapsed) { timer &-= 1 }
    When(Counter("refreshTimer", refresh).wraps) { isRefreshDue = true }
    When(response.transfers) { hasWord = false }
    func issue(_ code: Command, at place: Unsigned = 0, for cycles: Int, then following: State) {
      (command, address, timer) = (Enumerated(code), place, Unsigned(cycles - 1))
      (state, next) = (.wait, following)
    }
    Switch($state) {
      Case(.powerUp) { issue(.nop, for: powerUp, then: .precharge) }
      Case(.precharge) { issue(.precharge, at: 1 << 10, for: rp, then: .mode) }
      Case(.mode) { issue(.mode, at: Unsigned(cas << 4), for: 2, then: .idle) }
      Case(.idle) {
        When(isRefreshDue) { state = .refresh }.ElseWhen(request.valid && !hasWord) { state = .activate }
      }
      Case(.refresh) {
        issue(.refresh, for: rfc, then: .idle)
        isRefreshDue = false
      }
      Case(.activate) {
        issue(.activate, at: wanted.address[9..<22], for: rcd, then: .access)
        bank = wanted.address[22...]
      }
      Case(.access) {
        // Bit 10 of the address asks for a precharge after the access.
        let column = (wanted.address[0..<9].extended(to: 13) | 1 << 10).named("column")
        isReading = !wanted.isWrite
        When(wanted.isWrite) {
          issue(.write, at: column, for: rp + 2, then: .idle)
          (word, drives) = (wanted.data, true)
        }.Else { issue(.read, at: column, for: cas + 1, then: .idle) }
      }
      Case(.wait) {
        When(isElapsed) {
          ($state, isReading) = ($next, false)
          When(isReading) { (word, hasWord) = (pins.dataIn, true) }
        }
      }
    }
  }
}
