import HDL
import Machine
import Testing

@testable import Generators

/// The sequencer against a reading of the program word by word, with engines that take their time played by the test.
@Suite struct SequencerTests {
  /// What engines and host notice of a program.
  private enum Event: Equatable, CustomStringConvertible {
    /// Feeder and array or the scalar unit, by its opcode, begin a layer with these registers; those never set are 0.
    case begin(Int, [Int: Int])
    /// The post unit does.
    case post([Int: Int])
    case done
    case failed(RegisterMap.ErrorCode, place: Int)
    case traceStart(Int), traceDone(Int)

    var description: String {
      switch self {
      case .begin(let opcode, let registers): "begin \(String(opcode, radix: 16)) with \(Self.text(registers))"
      case .post(let registers): "the post unit with \(Self.text(registers))"
      case .done: "done"
      case .failed(let code, let place): "failed, \(code) at \(place)"
      case .traceStart(let step): "start of \(step)"
      case .traceDone(let step): "end of \(step)"
      }
    }
    private static func text(_ registers: [Int: Int]) -> [String] { registers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } }

    /// What has an order of its own: engines that begin and the program's end, the post unit, starts and ends of steps.
    enum Line: CaseIterable { case program, post, trace }
    var line: Line {
      switch self {
      case .begin, .done, .failed: .program
      case .post: .post
      case .traceStart, .traceDone: .trace
      }
    }
  }

  /// What a program should do in a memory of so many words.
  private static func events(of words: [UInt32], hasScalarUnit: Bool, memory: Int) -> [Event] {
    var events: [Event] = [], registers: [Int: Int] = [:]
    func begin(_ opcode: Int, _ step: Int) {
      let set = registers.filter { $0.value != 0 }
      events += [.begin(opcode, set)] + (opcode == Command.run.rawValue ? [.post(set)] : []) + [.traceStart(step), .traceDone(step)]
    }
    for (place, word) in words.enumerated() {
      // Nothing begins in the last word of the memory: there is no room for a halt.
      func begins(_ opcode: Int, _ step: Int) { if place < memory - 1 { begin(opcode, step) } }
      switch Instruction(word: word) {
      case .set(let field, let value): registers[field.number] = value & (1 << field.width - 1)
      case .command(.halt, let checksum, _):
        let isRight = checksum == ProgramChecksum(of: words.prefix(place)).value
        return events + [isRight ? .done : .failed(.programCorrupt, place: place)]
      case .command(let command, let step, _) where hasScalarUnit || !command.isScalar: begins(command.rawValue, step)
      default: return events + [.failed(.illegalInstruction, place: place)]
      }
    }
    return events + [.failed(.programOverrun, place: words.count - 1)]
  }

  private struct Bench {
    let simulation: Simulation<Sequencer>
    var random: SplitMix
    let seed: UInt64
    var events: [Event] = []
    /// Cycles that the engines still need; none works at 0. The post unit ends after the array has.
    private var array = 0, post = 0, scalar = 0
    private var isPostAtWork = false
    /// Layers that the array has finished and the post unit has not, and cycles since the last of them.
    private var toWrite = 0, sinceStep = Instruction.maximumAfter
    /// The longest that a layer takes; nil: for ever.
    var patience: Int? = 30
    var isLayerEmpty = false
    private var isPostPending = false
    private var staged: [Int: Int] = [:], active: [Int: Int] = [:], postActive: [Int: Int] = [:]
    private var hasLaunched = false, postHasLaunched = false
    /// Layers that began before the one before them was written.
    private(set) var overlaps = 0

    init(programWords: Int = 64, hasScalarUnit: Bool = true) throws {
      seed = SplitMix.freshSeed()
      random = SplitMix(state: seed)
      simulation = try Simulation(Sequencer(programWords: programWords, hasScalarUnit: hasScalarUnit, extensions: .int16Arithmetic), .random(seed: seed))
      simulation.reset()
    }


    mutating func start(_ words: [UInt32]) throws {
      events = []
      simulation.host.start = true
      try cycle(words)
      simulation.host.start = false
    }

    /// One clock cycle with program memory, bus and engines.
    mutating func cycle(_ words: [UInt32]) throws {
      let place = "seed \(seed), cycle \(simulation.cycle)"
      let engines = simulation.engines
      (engines.array.finished, engines.post.finished) = (array == 1, post == 1)
      (engines.array.moves, engines.post.moves) = (array > 0 && patience != nil, post > 0)
      for unit in engines.scalar { (unit.layer.finished, unit.layer.moves) = (scalar == 1, scalar > 0 && patience != nil) }
      // A layer begins in the cycle after its launch.
      let begins = [(engines.array.begin, Command.run.rawValue)].filter(\.0) + engines.scalar.compactMap { unit in
        let isInt16 = unit.int16.contains { $0.isAsked }
        return unit.layer.begin ? (true, (isInt16 ? Command.int16 : unit.isAddition ? .add : .softmax).rawValue) : nil
      }
      try require(begins.count, hasLaunched ? 1 : 0, "\(place), engines that begin")
      try require(engines.post.begin, postHasLaunched, "\(place), the post unit begins")
      // What the engines say of a layer counts as it begins.
      let isInvalid = begins.isEmpty ? random.chance(50) : isLayerEmpty
      engines.array.invalid = isInvalid
      engines.post.invalid = engines.post.begin ? isLayerEmpty : random.chance(50)
      for unit in engines.scalar { unit.layer.invalid = isInvalid }
      if let opcode = begins.first?.1 {
        events.append(.begin(opcode, active.filter { $0.value != 0 }))
        let work = (patience.map { random.int(2...$0) } ?? 1 << 40) + 1
        if opcode == Command.run.rawValue { array = work } else { scalar = work }
      }
      if engines.post.begin {
        events.append(.post(postActive.filter { $0.value != 0 }))
        isPostAtWork = true
      }
      if isPostAtWork && toWrite > 0 && post == 0 { post = random.int(2...30) + 1 }
      if simulation.trace.start { events.append(.traceStart(simulation.trace.step)) }
      if simulation.trace.done { events.append(.traceDone(simulation.trace.step)) }
      try observe(words, place)
      if array == 1 { (toWrite, sinceStep) = (toWrite + 1, 0) }
      if post == 1 { (toWrite, isPostAtWork) = (toWrite - 1, false) }
      sinceStep += 1
      (array, post, scalar) = (max(array - 1, 0), max(post - 1, 0), max(scalar - 1, 0))
      let (isDone, isFailed) = (simulation.host.done, simulation.host.failed)
      let stops = [engines.array.abort, engines.post.abort] + engines.scalar.map(\.layer.abort)
      try require(Set(stops).count, 1, "\(place), all engines stop or none does")
      if isFailed { try require(stops[0], true, "\(place), an error stops the engines") }
      if stops[0] { (array, post, scalar, toWrite, isPostAtWork) = (0, 0, 0, 0, false) }
      let address = simulation.program.address
      simulation.step()
      simulation.program.data = address < words.count ? Int(words[address]) : 0
      if isDone { events.append(.done) }
      if isFailed {
        let code = try #require(RegisterMap.ErrorCode(rawValue: simulation.host.errorCode))
        events.append(.failed(code, place: simulation.host.errorPlace))
      }
    }

    /// Whether what is launched in this cycle may be, and what the engines take over.
    private mutating func observe(_ words: [UInt32], _ place: String) throws {
      let (bus, postBus) = (simulation.settings, simulation.postSettings)
      let isPostFree = !isPostAtWork || post == 1, isOthersIdle = array == 0 && !isPostPending && scalar <= 1
      let wasPending = isPostPending
      hasLaunched = bus.launch
      postHasLaunched = postBus.launch
      if hasLaunched || simulation.host.done {
        let what = hasLaunched ? "a layer is launched" : "the program ends"
        var after = 0
        if hasLaunched, case .command(.run, _, let cycles)? = Instruction(word: UInt32(simulation.program.data)) {
          after = cycles
          isPostPending = true
          if !isPostFree { overlaps += 1 }
        }
        try require(isOthersIdle && (after == 0 ? isPostFree : sinceStep >= after), true, "\(place), the engines are ready as \(what)")
        active = staged
      }
      // As soon as it can.
      try require(postHasLaunched, isPostPending && isPostFree && !simulation.engines.post.abort, "\(place), the post unit takes a layer over")
      if postHasLaunched { (postActive, isPostPending) = (staged, false) }
      try require(bus.enable && wasPending, false, "\(place), a register is set that the post unit has not taken")
      try require([bus.clear, bus.enable, bus.number == postBus.number], [postBus.clear, postBus.enable, true], "\(place), both buses")
      if bus.clear { staged = [:] } else if bus.enable { staged[bus.number] = bus.value }
      if simulation.engines.post.abort { isPostPending = false }
    }

    /// Runs a program to its end and a little longer.
    mutating func run(_ words: [UInt32], limit: Int = 5000) throws {
      try start(words)
      var cycles = 0
      while simulation.host.busy && cycles < limit {
        try cycle(words)
        cycles += 1
      }
      #expect(!simulation.host.busy, "seed \(seed): the program still runs after \(limit) cycles")
      for _ in 0..<4 { try cycle(words) }
    }
  }

  private static func compare(_ got: [Event], _ hasScalarUnit: Bool, _ words: [UInt32], memory: Int = 64, seed: UInt64) throws {
    let expected = events(of: words, hasScalarUnit: hasScalarUnit, memory: memory)
    // Starts and ends of steps show a cycle or two after what they belong to: they have an order of their own. A program that
    // an error stops leaves its last step without an end, or without a post unit.
    for line in expected.last == .done ? Event.Line.allCases : [.program] {
      let (happened, due) = (got.filter { $0.line == line }, expected.filter { $0.line == line })
      for (index, (event, due)) in zip(happened, due).enumerated() { try require(event, due, "seed \(seed), event \(index)") }
      try require(happened.count, due.count, "seed \(seed), events")
    }
  }

  @Test(arguments: [true, false], [64, 20]) func randomPrograms(_ hasScalarUnit: Bool, _ memory: Int) throws {
    var bench = try Bench(programWords: memory, hasScalarUnit: hasScalarUnit)
    for _ in 0..<80 {
      var words = (0..<memory).map { _ -> UInt32 in
        if bench.random.chance(20) {
          let step = bench.random.int(0...Instruction.maximumStep)
          let after = bench.random.pick([0, 1, bench.random.int(1...20), bench.random.int(1...Instruction.maximumAfter)])
          let commands: [Instruction] = [.run(step: step, after: after), .softmax(step: step), .add(step: step), .int16(step: step)]
          return (hasScalarUnit ? bench.random.pick(commands) : commands[0]).word
        }
        let field = bench.random.pick(LayerField.all)
        return Instruction.set(field, bench.random.int(field.range)).word
      }
      // Most programs end, many have a random word, some have neither, and of some the checksum is wrong.
      if bench.random.chance(40) { words[bench.random.int(0...memory - 1)] = UInt32(truncatingIfNeeded: bench.random.next()) }
      if bench.random.chance(70) {
        let end = bench.random.int(0...memory - 1), checksum = ProgramChecksum(of: words.prefix(end)).value
        words[end] = Instruction.halt(checksum: bench.random.chance(80) ? checksum : checksum ^ 1 << bench.random.int(0...23)).word
      }
      try bench.run(words)
      try Self.compare(bench.events, hasScalarUnit, words, memory: memory, seed: bench.seed)
    }
    // Each layer begins in the cycle after the array's last step, when the post unit is still at work.
    let before = bench.overlaps, words = Instruction.sealed((0..<8).map { Instruction.run(step: $0, after: $0 == 0 ? 0 : 1).word })
    try bench.run(words)
    try Self.compare(bench.events, hasScalarUnit, words, memory: memory, seed: bench.seed)
    #expect(bench.overlaps - before == 7, "seed \(bench.seed)")
  }

  /// Every opcode, with operands that just fit a field of any width and that just do not.
  @Test(arguments: [true, false]) func everyWordIsLegalOrReported(_ hasScalarUnit: Bool) throws {
    var bench = try Bench(hasScalarUnit: hasScalarUnit)
    bench.patience = 3
    for opcode in 0..<256 {
      for operand in [0] + (0..<24).map({ 1 << $0 }) {
        let words = Instruction.sealed([Instruction.set(.at(\.feed.padByte), 7).word, UInt32(opcode << 24 | operand)])
        try bench.run(words)
        try Self.compare(bench.events, hasScalarUnit, words, seed: bench.seed)
      }
    }
  }

  /// Begins one layer, does something while it runs, and returns what came of it; then a whole program must run as ever.
  private func disturb(
    _ bench: inout Bench, after cycles: Int, _ disturbance: (Simulation<Sequencer>, Bool) -> Void
  ) throws -> [Event] {
    let words = Instruction.sealed([Instruction.set(.at(\.feed.padByte), 7).word, Instruction.run(step: 9).word])
    try bench.start(words)
    for _ in 0..<cycles { try bench.cycle(words) }
    disturbance(bench.simulation, true)
    try bench.cycle(words)
    disturbance(bench.simulation, false)
    #expect(!bench.simulation.host.busy)
    for _ in 0..<50 { try bench.cycle(words) }
    let events = bench.events.filter { $0.line == .program }
    try bench.run(words)
    try Self.compare(bench.events, true, words, seed: bench.seed)
    #expect(bench.simulation.host.errorCode == 0)
    return events
  }

  /// While something that was stopped is on its way, registers are set and no layer begins.
  @Test func layersWaitForWhatWasStopped() throws {
    var bench = try Bench()
    let words = Instruction.sealed([Instruction.set(.at(\.feed.padByte), 7).word, Instruction.run(step: 9).word])
    func begins() -> Bool { bench.events.contains { if case .begin = $0 { true } else { false } } }
    bench.simulation.isStopping = true
    try bench.start(words)
    for _ in 0..<40 { try bench.cycle(words) }
    #expect(!begins())
    bench.simulation.isStopping = false
    for _ in 0..<5 { try bench.cycle(words) }
    #expect(begins())
  }

  @Test func theHostStopsAProgram() throws {
    var bench = try Bench()
    bench.patience = 40
    for cycles in 1..<40 {
      let events = try disturb(&bench, after: cycles) { simulation, isOn in
        simulation.host.abort = isOn
        if isOn { #expect(simulation.engines.array.abort && simulation.engines.post.abort, "the engines are not stopped after \(cycles) cycles") }
      }
      #expect(events.allSatisfy { if case .begin = $0 { true } else { $0 == .done } })
    }
  }

  /// Accesses beyond a memory, and a run that takes too long.
  @Test(arguments: [RegisterMap.ErrorCode.writeOutOfRange, .weightOutOfRange, .tableOutOfRange, .runLimit])
  func whatEnginesAndHostTellStops(_ code: RegisterMap.ErrorCode) throws {
    var bench = try Bench()
    func tell(_ simulation: Simulation<Sequencer>, _ isOn: Bool) {
      if code == .runLimit { return simulation.host.limitReached = isOn }
      (simulation.fault.happens, simulation.fault.code, simulation.fault.place) = (isOn, code.rawValue, 0x12_3456)
    }
    tell(bench.simulation, true)
    for _ in 0..<3 { try bench.cycle([]) }
    tell(bench.simulation, false)
    #expect(bench.events == [], "no program runs")
    // Whenever it comes, also as the layer ends and the program with it: one of the two, not both.
    bench.patience = 8
    var faults = 0
    for cycles in (1..<14).flatMap({ [$0, $0, $0] }) {
      let events = try disturb(&bench, after: cycles, tell)
      let ends = events.filter { if case .begin = $0 { false } else { true } }
      let places = code == .runLimit ? [0, 1, 2] : [0x12_3456]
      #expect(ends == [.done] || places.contains { ends == [.failed(code, place: $0)] }, "seed \(bench.seed), after \(cycles) cycles: \(ends)")
      faults += ends == [.done] ? 0 : 1
    }
    #expect(faults > 5)
  }

  /// A reset leaves no error, even in the cycle in which there is one.
  @Test func aResetIsNoError() throws {
    var bench = try Bench()
    let words = Instruction.sealed([Instruction.run(step: 9).word])
    for isTogether in [false, true] {
      try bench.start(words)
      for _ in 0..<3 { try bench.cycle(words) }
      (bench.simulation.fault.happens, bench.simulation.fault.code, bench.simulation.host.abort) = (true, 3, isTogether)
      try bench.cycle(words)
      (bench.simulation.fault.happens, bench.simulation.host.abort) = (false, false)
      #expect(bench.simulation.host.errorCode == (isTogether ? 0 : 3))
      #expect(bench.events.contains(.failed(.writeOutOfRange, place: 0)) == !isTogether)
      bench.simulation.host.abort = true
      try bench.cycle(words)
      bench.simulation.host.abort = false
      #expect(bench.simulation.host.errorCode == 0 && !bench.simulation.host.busy)
    }
  }

  /// A layer that wants a unit which this hardware does not have is no layer of it.
  @Test func aModeNeedsItsUnits() throws {
    let simulation = try Simulation(Sequencer(programWords: 64, hasScalarUnit: false, modes: [.columns, .maximum]))
    for mode in 0...LayerMode.all.rawValue {
      simulation.reset()
      simulation.host.start = true
      simulation.step()
      simulation.host.start = false
      simulation.program.data = Int(Instruction.set(.at(\.modeBits), mode).word)
      #expect(simulation.host.failed == (mode & ~3 != 0), "mode \(mode)")
    }
  }

  @Test func anEmptyLayerStops() throws {
    var bench = try Bench()
    let words = Instruction.sealed([Instruction.set(.at(\.feed.padByte), 7).word, Instruction.run(step: 9).word])
    bench.isLayerEmpty = true
    try bench.run(words)
    #expect(bench.events.contains(.failed(.illegalInstruction, place: 1)), "seed \(bench.seed): \(bench.events)")
    #expect(!bench.events.contains(.done), "seed \(bench.seed)")
    bench.isLayerEmpty = false
    try bench.run(words)
    try Self.compare(bench.events, true, words, seed: bench.seed)
  }

  /// 65,536 cycles after the last progress, and not earlier.
  @Test func aStandstillStops() throws {
    var bench = try Bench()
    bench.patience = nil
    let words = Instruction.sealed([Instruction.run(step: 1).word, Instruction.set(.at(\.feed.padByte), 1).word])
    try bench.start(words)
    for _ in 0..<1000 { try bench.cycle(words) }
    bench.simulation.engines.array.moves = true
    bench.simulation.step()
    bench.simulation.engines.array.moves = false
    let cycles = try bench.simulation.run(until: { $0.host.failed }, limit: 70_000)
    #expect(cycles == 65_535)
    #expect(bench.simulation.engines.array.abort)
    bench.simulation.step()
    #expect(!bench.simulation.host.busy)
    #expect([bench.simulation.host.errorCode, bench.simulation.host.errorPlace] == [RegisterMap.ErrorCode.timeout.rawValue, 2])
  }
}
