import HDL
import Testing

// The snippets of docs/hdl/simulation.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Handshake: Module {
    enum State: Int, CaseIterable { case idle, busy, done }
    @Input() var start: Bit
    @Input(4) var cycles: Unsigned
    @Output() var finished: Bit
    @StateRegister var state: State = .idle
    @Register(4, reset: nil) var left: Unsigned

    func body() {
      finished = $state === .done
      Switch($state) {
        Case(.idle) {
          When(start) {
            left = cycles
            state = .busy
          }
        }
        Case(.busy) {
          left = left &- 1
          When(left === 0) { state = .done }
        }
        Case(.done) { state = .idle }
      }
    }
  }

  @Test func handshakeTakesItsCycles() throws {
    let simulation = try Simulation(Handshake())
    simulation.reset()
    #expect(simulation.state == .idle)
    simulation.cycles = 3
    simulation.start = true
    simulation.step()
    simulation.start = false
    #expect(simulation.state == .busy && simulation.left == 3)
    #expect(try simulation.run(until: { $0.finished }, limit: 20) == 4)
    #expect(simulation.peek(\.state).label == "done")
  }

  struct Average: Module {
    @Input(8) var sample: Unsigned
    @Output(8) var average: Unsigned
    @Register(8, reset: nil) var before: Unsigned

    func body() {
      before = sample
      average = (before + sample) >> 1
    }
  }

  func missingResetOfAverage() throws -> MissingReset? {
    try CompiledDesign(Average()).missingReset { simulation in
      simulation.step(2)
      simulation.sample = 4
      simulation.step(3)
    }
  }

  func threeTokensOfTwo() throws -> Simulation<Tokens> {
    let simulation = try Simulation(Tokens(limit: 2))
    simulation.stopsAtFailure = false
    simulation.reset()
    simulation.take = true
    simulation.step(3)
    return simulation
  }

  @Test func pixelsCrossIntoTheDefaultClock() throws {
    let sensor = ClockDomain("sensor")
    let simulation = try Simulation(Camera())
    let waveform = simulation.record()
    simulation.reset()
    simulation.enable = true
    simulation.pixels.payload = 7
    simulation.pixels.valid = true
    simulation.step(2, in: sensor)
    simulation.pixels.valid = false
    simulation.step(5, in: .default)
    #expect(try waveform.text("sensor_clock", "clock", "pixels.valid", "output.valid", "output.payload") == """
      sensor_clock    ▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      clock           ▁▁▁▁╱▔╲▁▁▁▁▁▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁
      pixels.valid    ▁▁▁▁╱▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      output.valid    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔
      output.payload  │0                          │7

      """)
  }

  struct Archive: Module {
    @Input(40) var address: Unsigned
    @Output(8) var word: Unsigned

    func body() {
      let rows = Memory("rows", depth: 1 << 40, width: 8, contents: .words([1, 2, 3]))
      word = rows.read(at: address)
    }
  }

  struct Scratch: Module {
    @Input() var write: Bit
    @Input(3) var address: Unsigned
    @Input(8) var data: Unsigned
    @Output(8) var word: Unsigned

    func body() {
      let rows = Memory("rows", depth: 6, width: 8)
      rows.write(at: address, data, when: write)
      word = rows.read(at: address)
    }
  }

  func undefinedReads() throws -> [UndefinedRead] {
    let simulation = try Simulation(Scratch())
    simulation.address = 2
    simulation.data = 9
    simulation.write = true
    simulation.step()
    simulation.write = false
    simulation.step()
    #expect(simulation.word == 9)
    simulation.address = 7
    simulation.step()
    return simulation.undefinedReads
  }

  func handshakeWaveform() throws -> Waveform {
    let simulation = try Simulation(Handshake())
    let waveform = simulation.record()
    simulation.reset()
    simulation.cycles = 2
    simulation.start = true
    simulation.step()
    simulation.start = false
    simulation.step(4)
    return waveform
  }

  @Test func theSecondCounterFollows() throws {
    let simulation = try Simulation(Chain())
    let first = try simulation.probe("first.count"), second = try simulation.probe("second.count")
    simulation.reset()
    simulation.tick = true
    for cycle in 0..<40 {
      #expect(first.int == cycle % 16 && second.int == cycle / 16)
      simulation.step()
    }
  }

  func handshakeList() throws -> ViewerList {
    try handshakeWaveform().gtkwave("clock", "start", "state", "left", dump: "handshake.fst")
  }

  func handshakeCoverage() throws -> StructuralCoverage {
    let handshake = try CompiledDesign(Handshake())
    var all = StructuralCoverage(handshake)
    for cycles in [1, 2] {
      let simulation = handshake.simulation()
      simulation.reset()
      let recorder = simulation.recordStructuralCoverage()
      simulation.step()
      simulation.cycles = cycles
      simulation.start = true
      simulation.step(cycles + 2)
      all.merge(recorder.coverage)
    }
    return all
  }
}
