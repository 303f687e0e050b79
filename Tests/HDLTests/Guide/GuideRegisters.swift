import HDL
import Testing

// The snippets of docs/hdl/registers.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  enum TimerMap {
    enum Mode: Int, CaseIterable { case once, repeating }
    static let enable = Field<Bit>("enable", 0, .readWrite, "counts while set")
    static let mode = Field<Unsigned>("mode", 1..<2, .readWrite, reset: Mode.repeating, "what happens at the limit")
    static let limit = Field<Unsigned>("limit", 0..<16, .readWrite, reset: 999, "last value of the count")
    static let expired = Field<Bit>("expired", 0, .writeOneToClear, "the count reached the limit")
    static let map = AddressMap(
      "timer", "A timer with an interrupt.",
      registers: [
        ControlRegister("control", at: 0x0, "What to do.", [enable, mode]),
        ControlRegister("period", at: 0x4, "How long.", [limit]),
        ControlRegister("status", at: 0x8, "What happened.", [expired]),
      ])
  }

  struct TimerPeripheral: Module {
    let sAxi = Target(AXI4Lite(addressWidth: 4))
    @Output() var irq: Bit
    @Register(16) var count: Unsigned

    func body() {
      let registers = instance("registers", RegisterBlock(TimerMap.map))
      registers.serve(sAxi)

      let isAtLimit = (count === registers[TimerMap.limit]).named("isAtLimit")
      let repeats = registers[TimerMap.mode] === Unsigned(TimerMap.Mode.repeating.rawValue)
      When(registers[TimerMap.enable]) {
        When(!isAtLimit) { count = count &+ 1 }
          .ElseWhen(repeats) { count = 0 }
      }
      registers[TimerMap.expired] = isAtLimit
      irq = registers[TimerMap.expired]
    }
  }

  @Test func softwareStartsTheTimer() throws {
    let simulation = try Simulation(TimerPeripheral())
    simulation.reset()
    let axi = simulation.sAxi
    axi.awaddr = 0x0
    axi.awvalid = true
    axi.wdata = 1
    axi.wstrb = 0xF
    axi.wvalid = true
    axi.bready = true
    simulation.step()
    axi.awvalid = false
    axi.wvalid = false
    try simulation.run(until: { $0.sAxi.bvalid }, limit: 10, "the response")
    #expect(axi.bresp == AXI4Lite.Response.okay.rawValue)
    let before = simulation.count
    simulation.step(3)
    #expect(simulation.count == before + 3)
  }
}
