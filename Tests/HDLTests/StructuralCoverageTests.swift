import HDL
import Testing

/// What simulations have exercised of a design: toggles, states and transitions.
@Suite struct StructuralCoverageTests {
  @Test func report() throws {
    let simulation = try Simulation(Lamps())
    simulation.reset()
    let recorder = simulation.recordStructuralCoverage()
    #expect(recorder.coverage.toggles.covered == 0)
    #expect(recorder.coverage.description == """
      0 of 34 toggles, 1 of 4 states

      lamps: 0 of 18 toggles
        go: no rise; no fall
        level: no rise; no fall
        total: no rise; no fall

      lamp: 0 of 16 toggles, 1 of 4 states
        go: no rise; no fall
        level: no rise; no fall
        state: no rise; no fall; never dim, bright, broken; no transitions

      """)
    simulation.step()
    simulation.go = true
    simulation.level = 0b0110
    simulation.step()
    simulation.level = 0b1011
    simulation.step(2)
    #expect(recorder.coverage.description == """
      17 of 34 toggles, 3 of 4 states

      lamps: 9 of 18 toggles
        go: no fall
        level: no fall of 3, 1:0
        total: no rise of 3, 0; no fall of 3, 1:0

      lamp: 8 of 16 toggles, 3 of 4 states
        go: no fall
        level: no fall of 3, 1:0
        state: no rise of 2; no fall; never broken; dark → dim, dim → bright

      """)
  }

  /// Word by word, against what `peek` sees, of all signals of random modules.
  @Test(arguments: RandomAgreementTests.seeds) func agreesWithWaveforms(seed: UInt64) throws {
    print("coverage of random modules, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    let batch = RandomBatch(programs: 2, seed: seed), compiled = try CompiledDesign(batch)
    let simulation = compiled.simulation(), recorder = simulation.recordStructuralCoverage()
    let waveform = simulation.record()
    _ = try simulation.outputs(batch.stimuli(12, seed: seed))
    // Each rise and each fall of each bit of a Value Change Dump.
    var toggles: Set<String> = [], values: [Substring: BitVector] = [:], codes: [Substring: Int] = [:], total = 0
    for line in waveform.vcd().split(separator: "\n") {
      let words = line.split(separator: " ")
      if words[0] == "$var" && !["clock", "reset"].contains(words[4]) {
        codes[words[3]] = Int(words[2])
        total += 2 * (Int(words[2]) ?? 0)
      }
      let code = words.count == 2 ? words[1] : line.dropFirst()
      guard let first = line.first, "b01".contains(first), let width = codes[code] else { continue }
      let digits = first == "b" ? words[0].dropFirst() : line.prefix(1)
      var value = BitVector.zero(width)
      for (bit, digit) in digits.reversed().enumerated() where digit == "1" { value = value | BitVector(1, width: width).shiftedLeft(bit) }
      let before = values[code] ?? value
      values[code] = value
      for bit in 0..<width where before[bit] != value[bit] { toggles.insert("\(code) \(bit) \(value[bit])") }
    }
    let coverage = recorder.coverage
    #expect(coverage.toggles.covered == toggles.count && toggles.count > 20)
    #expect(coverage.toggles.total == total)
    #expect(coverage.description == recorder.coverage.description)
  }

  /// Two halves of a stimulus exercise together what they exercise.
  @Test func merge() throws {
    let compiled = try CompiledDesign(Lamps())
    func run(_ level: Int, _ steps: Int) -> StructuralCoverage {
      let simulation = compiled.simulation(), recorder = simulation.recordStructuralCoverage()
      simulation.step()
      simulation.go = true
      simulation.level = level
      simulation.step(steps)
      simulation.level = 0
      return recorder.coverage
    }
    let low = run(3, 1), high = run(12, 2)
    var all = StructuralCoverage(compiled)
    #expect(all.toggles.covered == 0 && all.states.covered == 0 && all.states.total == 4)
    all.merge(low)
    #expect(all.description == low.description)
    all.merge(high)
    var reversed = high
    reversed.merge(low)
    #expect(all.description == reversed.description && all.json == reversed.json)
    #expect(low.states.covered == 2 && high.states.covered == 3 && all.states.covered == 3)
    #expect(all.description.contains("level: no") == false && low.description.contains("level: no rise of 3:2; no fall of 3:2"))
    all.merge(high)
    #expect(all.description == reversed.description)
  }

  @Test func otherDesignsDoNotMerge() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var coverage = StructuralCoverage(try CompiledDesign(Lamps()))
      coverage.merge(StructuralCoverage(try CompiledDesign(Counter(width: 2))))
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("lamps: coverage of another compiled design cannot be merged, here of counter"))
  }

  @Test func json() throws {
    let simulation = try Simulation(Lamp()), recorder = simulation.recordStructuralCoverage()
    simulation.step()
    simulation.go = true
    simulation.level = 5
    simulation.step()
    #expect(recorder.coverage.json == """
      {
        "module": "lamp",
        "toggles": {"covered": 4, "total": 16},
        "states": {"covered": 2, "total": 4},
        "instances": [
          {"instance": "", "signals": [
            {"name": "go", "width": 1, "rises": "1", "falls": "0"},
            {"name": "level", "width": 4, "rises": "5", "falls": "0"},
            {"name": "state", "width": 3, "rises": "1", "falls": "0"}
          ], "registers": [
            {"name": "state", "seen": ["dark", "dim"], "missing": ["bright", "broken"], "transitions": [["dark", "dim"]]}
          ]}
        ]
      }

      """)
  }

  /// At power-up a register may hold what no case is.
  @Test func encodingsWithoutACase() throws {
    let compiled = try CompiledDesign(Lamp())
    var unknown = 0
    for seed in 0..<24 as Range<UInt64> {
      let simulation = compiled.simulation(.random(seed: seed)), recorder = simulation.recordStructuralCoverage(), first = simulation.state
      #expect(recorder.coverage.states.covered == (first == nil ? 0 : 1))
      simulation.reset()
      #expect(recorder.coverage.description.contains("no transitions") == (first == nil || first == .dark))
      if first == nil { unknown += 1 }
    }
    #expect((1..<24).contains(unknown))
  }

  /// Values of more than a word, and negative ones, whose words have more bits than they.
  @Test func widths() throws {
    let simulation = try Simulation(Widths()), recorder = simulation.recordStructuralCoverage()
    simulation.step()
    simulation.small = -1
    simulation.poke(\.wide, words: [0, 1 << 5])
    #expect(recorder.coverage.toggles.description == "4 of 146")
    simulation.step()
    simulation.poke(\.wide, words: [1 << 63, 0])
    simulation.small = 1
    let text = recorder.coverage.description
    #expect(text.hasPrefix("8 of 146 toggles\n") && text.contains("  wide: no rise of 68:64, 62:0; no fall of 68:0\n  small: no fall of 0\n"))
  }

  @Test func nobodyWatches() throws {
    let simulation = try Simulation(Lamps())
    weak var weak: StructuralCoverageRecorder?
    do {
      let recorder = simulation.recordStructuralCoverage()
      weak = recorder
      #expect(recorder.coverage.toggles.total > 0)
    }
    simulation.step()
    #expect(weak == nil)
  }
}

private struct Lamps: Module {
  @Input() var go: Bit
  @Input(4) var level: Unsigned
  @Output(4) var total: Unsigned
  func body() {
    let lamp = instance("lamp", Lamp())
    lamp.$go = go
    lamp.$level = level
    total = select(go, level, 0) & 6
  }
}
private struct Lamp: Module {
  enum State: Int, CaseIterable { case dark, dim, bright = 3, broken = 6 }
  @Input() var go: Bit
  @Input(4) var level: Unsigned
  @StateRegister var state: State = .dark
  func body() {
    Switch($state) {
      Case(.dark) { When(go) { state = .dim } }
      Case(.dim) { When(level !== 0) { state = .bright } }
      Case(.bright) { When(level === 15) { state = .broken } }
      Case(.broken) { state = .broken }
    }
  }
}
private struct Widths: Module {
  @Input(70) var wide: Unsigned
  @Input(3) var small: Signed
  func body() { ignore(wide, small) }
}
