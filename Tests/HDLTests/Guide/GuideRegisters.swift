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
    #expect(try simulation.sAxi.write(0x0, 1) == .okay)
    let before = simulation.count
    simulation.step(3)
    #expect(simulation.count == before + 3)
    #expect(try simulation.sAxi.read(0x4).data == 999)
  }

  struct Recorder: Module {
    static let level = Field<Unsigned>("level", 0..<5, .readOnly, "samples that wait")
    static let samples = AddressWindow("samples", at: 0x10, bytes: 16, "the oldest sample; reading takes it")
    static let map = AddressMap(
      "recorder", "Keeps samples until they are read.",
      registers: [ControlRegister("status", at: 0x0, "What is there.", [level])], windows: [samples])
    let input = Target(Stream<Unsigned>(12))
    let sAxi = Target(AXI4Lite(addressWidth: map.addressWidth))

    func body() {
      let registers = instance("registers", RegisterBlock(Self.map))
      let fifo = instance("fifo", FIFO(Stream<Unsigned>(12), depth: 16))
      registers.serve(sAxi)
      connect(input, to: fifo.input)
      registers[Self.level] = fifo.$level

      let bus = registers.window(Self.samples), asked = bus.request.payload
      @Register("isAnswered") var isAnswered: Bit
      @Register("fails") var fails: Bit
      @Register("sample", 32) var sample: Unsigned
      bus.request.ready = !isAnswered
      fifo.output.ready = bus.request.transfers & !asked.isWrite
      When(bus.request.transfers) {
        isAnswered = true
        fails = asked.isWrite | !fifo.output.valid
        sample = fifo.output.payload
      }.ElseWhen(bus.response.ready) { isAnswered = false }
      bus.response.valid = isAnswered
      bus.response.payload.data = sample
      bus.response.payload.isError = fails
    }
  }

  @Test func readingTakesTheSample() throws {
    let simulation = try Simulation(Recorder())
    simulation.reset()
    simulation.input.valid = true
    simulation.input.payload = 77
    simulation.step()
    simulation.input.valid = false
    #expect(try simulation.sAxi.read(0x0).data == 1)
    let sample = try simulation.sAxi.read(0x10)
    #expect(sample.data == 77 && sample.response == .okay)
    #expect(try simulation.sAxi.read(0x10).response == .subordinateError)
  }
}
