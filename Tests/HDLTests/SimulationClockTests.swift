import HDL
import Testing

/// Several clocks, resets that the design makes, properties, black boxes and memories in the simulator.
@Suite struct SimulationClockTests {
  static let write = ClockDomain("write"), read = ClockDomain("read")

  /// Hands a count of one clock over to another, in Gray code.
  struct Handover: Module {
    @Register(4, in: SimulationClockTests.write) var count: Unsigned
    @Register(4, in: SimulationClockTests.write) var code: Unsigned
    @Output(4, in: SimulationClockTests.read) var seen: Unsigned
    func body() {
      count = count &+ 1
      code = count ^ concatenate([count[1..<4], Unsigned(0, width: 1)])
      seen = synchronized(gray: code, into: SimulationClockTests.read)
    }
  }

  @Test func clocksTickAloneOrTogether() throws {
    let simulation = try Simulation(Handover())
    let waveform = simulation.record()
    simulation.reset(in: Self.write)
    simulation.reset(in: Self.read)
    simulation.step(3, in: Self.write)
    #expect(simulation.count == 3 && simulation.seen == 0)
    simulation.step(2, in: Self.read)
    #expect(simulation.count == 3 && simulation.seen == 3)
    simulation.step(2)
    #expect(simulation.count == 5 && simulation.seen == 3)
    simulation.step(in: Self.read, Self.write)
    #expect(simulation.count == 6 && simulation.seen == 2)
    #expect(try waveform.text("write_clock", "read_clock", "write_reset", "count", "seen") == """
      write_clock  ▁▁▁▁╱▔╲▁▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁▁▁▁▁▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁
      read_clock   ▁▁▁▁▁▁▁▁╱▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁
      write_reset  ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      count        │0          │1  │2  │3          │4  │5  │6
      seen         │0                          │3          │2

      """)
    #expect(waveform.vcd().contains("$var wire 1 ! write_clock $end\n"))
  }

  /// A clock divided by two, with a reset that is a value.
  struct Divided: Module {
    @Input() var clear: Bit
    @Output(8) var total: Unsigned
    func body() {
      let half = Register<Bit>("half")
      let soft = Register<Bit>("soft")
      half.value = !half.value
      soft.value = clear
      let divided = ClockDomain("divided", clock: half.value, reset: false)
      let slow = ClockDomain("slow", clockOf: divided, reset: assumeStable(soft.value, into: divided, because: "both rise together"))
      let count = Register<Unsigned>("count", 8, reset: 7, in: slow)
      count.value = count.value &+ 1
      total = assumeStable(count.value, into: .default, because: "slow changes only at edges of the default clock")
    }
  }

  @Test func clocksAndResetsMayBeValues() throws {
    let simulation = try Simulation(Divided())
    simulation.reset()
    simulation.step(10)
    #expect(simulation.total == 5)
    simulation.clear = true
    simulation.step(2)
    simulation.clear = false
    simulation.step(2)
    #expect(simulation.total == 7 || simulation.total == 8)
    let before = simulation.total
    simulation.step(2)
    #expect(simulation.total == before + 1)
  }

  /// A value sampled by a divided clock, and rises of a clock that is an input like any other.
  struct Sampled: Module {
    @Input(4) var a: Unsigned
    @Input() var strobe: Bit
    @Output(4) var seen: Unsigned
    @Output(4) var rises: Unsigned
    func body() {
      let half = Register<Bit>("half")
      half.value = !half.value
      let slow = ClockDomain("slow", clock: half.value, reset: false)
      let held = Register<Unsigned>("held", 4, reset: nil, in: slow)
      held.value = assumeStable(a, into: slow, because: "it changes after the edges")
      seen = held.value
      let strobes = ClockDomain("strobes", clock: strobe, reset: false)
      let count = Register<Unsigned>("count", 4, reset: nil, in: strobes)
      count.value = count.value &+ 1
      rises = count.value
    }
  }
  /// Made clocks tick when they rise, whether or not a test looks at anything in between.
  @Test func madeClocksDoNotWaitForALook() throws {
    let simulation = try Simulation(Sampled())
    simulation.strobe = true
    simulation.strobe = false
    simulation.strobe = true
    simulation.reset()
    simulation.a = 1
    simulation.step()
    simulation.a = 2
    #expect(simulation.seen == 1)
    #expect(simulation.rises == 2)
  }

  /// A module of one clock in another domain.
  struct Placed: Module {
    @Input(in: SimulationClockTests.write) var enable: Bit
    @Output(8, in: SimulationClockTests.write) var value: Unsigned
    func body() {
      let counter = In(SimulationClockTests.write) { instance("counter", Counter(width: 8)) }
      counter.$enable = enable
      value = counter.$value
    }
  }
  @Test func instancesFollowTheirDomain() throws {
    let simulation = try Simulation(Placed())
    simulation.enable = true
    simulation.step(4, in: Self.write)
    #expect(simulation.value == 4)
    simulation.reset(in: Self.write)
    #expect(simulation.value == 0)
  }

  @Test func unknownDomainsAreGuessed() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(Handover()).step(in: ClockDomain("wirte"))
    }
    #expect(errors(of: result).contains("handover: the top has no clock domain 'wirte'; did you mean 'write'?"))
  }

  // MARK: properties

  struct Saturating: Module {
    let limit: Int
    @Input() var up: Bit
    @Output(4) var level: Unsigned
    @Register(4) var count: Unsigned
    func body() {
      When(up) {
        Assume(count !== 12, "nobody goes so far")
        When(count < Unsigned(limit, width: 4)) { count = count &+ 1 }
      }
      Assert(count <= 9, "the count is a digit")
      Cover(count === 9, "the last digit")
      level = count
    }
  }

  @Test func propertiesAreChecked() throws {
    let simulation = try Simulation(Saturating(limit: 13))
    simulation.stopsAtFailure = false
    simulation.reset()
    simulation.up = true
    simulation.step(11)
    let file = "HDLTests/SimulationClockTests.swift"
    #expect(simulation.failures.map { $0.description.replacing(/:\d+:/, with: ":") } == [
      "\(file): error: saturating: assertion failed in cycle 11: the count is a digit"
    ])
    #expect(simulation.coverage.map(\.description) == ["the last digit: once"])
    simulation.step(2)
    #expect(simulation.failures.count == 4)
    #expect(simulation.failures.contains { $0.description.hasSuffix("saturating: assumption violated in cycle 13: nobody goes so far") })
  }
  @Test func propertiesThatHoldSayNothing() throws {
    let simulation = try Simulation(Saturating(limit: 9))
    simulation.reset()
    simulation.up = true
    simulation.step(30)
    #expect(simulation.failures.isEmpty && simulation.coverage[0].count == 21)
  }
  @Test func failuresStopTheProgram() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let simulation = try Simulation(Saturating(limit: 13))
      simulation.up = true
      simulation.step(20)
    }
    #expect(errors(of: result).contains("saturating: assertion failed in cycle 10: the count is a digit"))
  }

  // MARK: black boxes

  struct Inverter: Module {
    @Input(4) var a: Unsigned
    @Output(4) var q: Unsigned
    func body() { q = ~a }
  }
  struct Foreign: BlackBox {
    let hasModel: Bool
    @Input(4) var a: Unsigned
    @Output(4) var q: Unsigned
    var model: (any Module)? { hasModel ? Inverter() : nil }
  }
  struct Host: Module {
    let hasModel: Bool
    @Input(4) var a: Unsigned
    @Output(4) var q: Unsigned
    func body() {
      let box = instance("box", Foreign(hasModel: hasModel))
      box.$a = a
      q = box.$q
    }
  }
  @Test func modelsStandForBlackBoxes() throws {
    let simulation = try Simulation(Host(hasModel: true))
    simulation.a = 5
    #expect(simulation.q == 10)
    #expect(try simulation.peek("box.a") == 5)
    let failure = #expect(throws: ElaborationFailure.self) { try Simulation(Host(hasModel: false)) }
    #expect(failure?.diagnostics.map(\.message) == [
      "instance 'box' is the black box 'foreign', which has no model, so it cannot be simulated; define its model"
    ])
  }

  // MARK: memories

  struct Store: Module {
    let collision: Memory.Collision
    @Input() var write: Bit
    @Input(2) var address: Unsigned
    @Input(8) var data: Unsigned
    @Output(8) var word: Unsigned
    func body() {
      let rows = Memory("rows", depth: 4, width: 8, collision: collision, contents: .words([17, 34, 51]))
      rows.write(at: address, data, when: write)
      word = rows.read(at: address)
    }
  }
  @Test(arguments: [Memory.Collision.readsOld, .readsNew, .undefined])
  func memoriesKeepTheirPromises(collision: Memory.Collision) throws {
    let simulation = try Simulation(Store(collision: collision), .random(seed: 3))
    simulation.address = 2
    simulation.step()
    #expect(simulation.word == 51)
    simulation.write = true
    simulation.data = 99
    simulation.step()
    switch collision {
    case .readsOld: #expect(simulation.word == 51)
    case .readsNew: #expect(simulation.word == 99)
    case .undefined: #expect(simulation.undefinedReads.count == 1)
    }
    #expect(simulation.undefinedReads.isEmpty == (collision != .undefined))
    simulation.write = false
    simulation.step()
    #expect(simulation.word == 99)
  }
}
