/// A program that runs, with its signals under handles: what `Simulation` is without the key paths.
///
/// It is not generic, so that the compiler has all of it in one piece.
final class RunningDesign {
  let program: Program
  let signals: SignalTable
  let engine: Engine
  /// The clock edges so far.
  private(set) var cycle = 0
  private(set) var undefinedReads: [UndefinedRead] = []
  private(set) var undefinedWrites: [UndefinedWrite] = []
  /// Properties that did not hold, and how often each has been seen to happen.
  private(set) var failures: [PropertyFailure] = []
  private(set) var coverage: [Int]
  var stopsAtFailure = true
  /// Takes what the hardware prints.
  var printer: (PrintedLine) -> Void = { print($0.text) }
  /// Called when everything has settled, just before each edge that a test takes.
  var observers: [(_ clocks: [Int]) -> Void] = []
  private var isSettled = false
  /// The level of each clock that the design makes itself, once it is known.
  private var levels: [Bool]?
  private let madeClocks: [Int]
  /// Whether anything follows a falling edge of a clock of the top.
  private let hasFallingEdges: Bool

  init(_ program: Program, _ signals: SignalTable, _ powerUp: PowerUp, _ simulationEngine: SimulationEngine) {
    self.program = program
    self.signals = signals
    let seed: UInt64? = if case .random(let seed) = powerUp { seed } else { nil }
    engine = Engine(program, seed: seed, engine: simulationEngine)
    madeClocks = program.clocks.indices.filter { program.clocks[$0] != nil }
    hasFallingEdges = program.ticks.contains { $0.isFalling && program.clocks[$0.clock] == nil }
    coverage = Array(repeating: 0, count: program.properties.count)
    // What the clocks are before anything has happened, so that the first rise is one.
    if !madeClocks.isEmpty { settle() }
  }

  // MARK: time

  /// So many edges of clocks of the top, as `edge` takes them.
  func edges(_ count: Int, of clocks: [Int], resets: [Int] = []) {
    var left = count
    while left > 0 {
      left -= wholeCycles(left, of: clocks, resets: resets)
      if left == 0 { break }
      edge(of: clocks, resets: resets)
      left -= 1
    }
  }

  /// Takes as many of these edges as machine code can take in one go: none where somebody looks at each, or where something
  /// follows an edge within a cycle.
  private func wholeCycles(_ count: Int, of clocks: [Int], resets: [Int]) -> Int {
    if isSettled || !isPlain || !observers.isEmpty { return 0 }
    for reset in resets { engine.heldResets[reset] = true }
    defer { for reset in resets { engine.heldResets[reset] = false } }
    guard let done = engine.nativeCycles(count, of: ticks(of: clocks, falling: false)) else { return 0 }
    cycle += done
    // It stops before an edge that is not for it, when all has settled.
    isSettled = done < count
    return done
  }
  /// Whether a cycle is one edge and nothing more.
  private var isPlain: Bool { madeClocks.isEmpty && !hasFallingEdges && program.state.asynchronousResets.isEmpty && program.prints.isEmpty }

  /// A rising and then a falling edge of clocks of the top, while some of its resets are held. Without clocks, the resets are
  /// held for a moment between two edges.
  func edge(of clocks: [Int], resets: [Int] = []) {
    for reset in resets { engine.heldResets[reset] = true }
    // What resets at once does so before the edge.
    if !resets.isEmpty && !program.state.asynchronousResets.isEmpty { isSettled = false }
    settle()
    if !clocks.isEmpty {
      for observer in observers { observer(clocks) }
      tick(ticks(of: clocks, falling: false))
      cycle += 1
      isSettled = false
      if hasFallingEdges {
        settle()
        tick(ticks(of: clocks, falling: true))
        isSettled = false
      }
    }
    // Clocks that follow tick now, before inputs change or resets are released; and what reset holds stays in it.
    if !madeClocks.isEmpty || !program.state.asynchronousResets.isEmpty { settle() }
    if resets.isEmpty { return }
    for reset in resets { engine.heldResets[reset] = false }
    isSettled = false
  }

  private func ticks(of clocks: [Int], falling isFalling: Bool) -> [Int] {
    program.ticks.indices.filter { program.ticks[$0].isFalling == isFalling && clocks.contains(program.ticks[$0].clock) }
  }
  private func tick(_ ticks: [Int]) {
    if ticks.isEmpty { return }
    if !program.properties.isEmpty { checkProperties(ticks) }
    if !program.prints.isEmpty { printLines(ticks) }
    engine.edge(of: ticks)
    if !engine.undefinedReads.isEmpty { noteUndefinedReads() }
    if engine.undefinedWrites.isEmpty { return }
    for write in engine.takeUndefinedWrites() {
      undefinedWrites.append(UndefinedWrite(cycle: cycle, memory: signals.path(of: program.memories[write.memory]), address: Int(clamping: write.address)))
    }
  }

  /// Lets everything come to rest, clocks that the design makes itself included.
  func settle() {
    if isSettled { return }
    engine.settle()
    isSettled = true
    if !program.state.asynchronousResets.isEmpty { settleResets() }
    if madeClocks.isEmpty { return }
    for _ in 0..<RunningDesign.mostRounds {
      let now = madeClocks.map { engine.words[Int(program.clocks[$0] ?? 0)] != 0 }
      let before = levels ?? now
      levels = now
      let changed = madeClocks.indices.filter { now[$0] != before[$0] }.map { (clock: madeClocks[$0], isFalling: !now[$0]) }
      let ticks = program.ticks.indices.filter { tick in
        changed.contains { $0.clock == program.ticks[tick].clock && $0.isFalling == program.ticks[tick].isFalling }
      }
      if ticks.isEmpty { return }
      tick(ticks)
      engine.settle()
      if !program.state.asynchronousResets.isEmpty { settleResets() }
    }
    fatalError("\(signals.moduleName): a clock that the design makes follows itself and never comes to rest")
  }
  /// More edges than any chain of dividers has.
  private static let mostRounds = 1000

  /// Resets that act at once may follow registers that are reset by others.
  private func settleResets() {
    for _ in 0..<RunningDesign.mostRounds {
      if !engine.resetAtOnce() { return }
      engine.settle()
    }
    fatalError("\(signals.moduleName): an asynchronous reset follows what it resets and never comes to rest")
  }

  private func checkProperties(_ ticks: [Int]) {
    for (index, layout) in program.properties.enumerated() where ticks.contains(layout.tick) && engine.isEnabled(tick: layout.tick) {
      if let reset = layout.reset, engine.isActive(reset: reset) { continue }
      if let enable = layout.enable, engine.words[Int(enable)] == 0 { continue }
      let holds = engine.words[Int(layout.condition)] != 0, property = layout.property
      if property.kind == .cover {
        if holds { coverage[index] += 1 }
      } else if !holds {
        let failure = PropertyFailure(
          kind: property.kind, module: signals.hierarchy.graph(of: layout.scope).name, instance: signals.hierarchy.path(of: layout.scope),
          message: property.message, cycle: cycle, location: property.location)
        if stopsAtFailure { fatalError(failure.description) }
        failures.append(failure)
      }
    }
  }
  var covered: [CoverCount] {
    program.properties.enumerated().filter { $1.property.kind == .cover }.map { index, layout in
      CoverCount(instance: signals.hierarchy.path(of: layout.scope), message: layout.property.message, count: coverage[index])
    }
  }
  private func noteUndefinedReads() {
    for read in engine.takeUndefinedReads() {
      let memory = program.memories[read.memory]
      undefinedReads.append(UndefinedRead(
        cycle: cycle, memory: signals.path(of: memory), address: Int(clamping: read.address), isCollision: read.isCollision))
    }
  }

  // MARK: reading

  /// The only or lowest word of a signal, extended to 64 bits by its sign.
  func word(_ handle: SignalHandle) -> UInt64 {
    if !handle.isInput { settle() }
    return engine.words[Int(handle.slots[0])]
  }
  func value(_ handle: SignalHandle) -> SignalValue {
    settle()
    return handle.value(handle.slots.map { engine.words[Int($0)] })
  }
  func int(_ handle: SignalHandle) -> Int {
    let shape = handle.shape
    if shape.width < 64 || (shape.width == 64 && shape.isSigned) { return Int(bitPattern: UInt(word(handle))) }
    let value = value(handle)
    guard let int = value.int else { fatalError("\(signals.moduleName): \(handle.description) is \(value), which no Int holds; read it with peek") }
    return int
  }
  func value(_ memory: MemoryLayout, at address: Int) -> SignalValue {
    let words = (0..<memory.stride).map { engine.memory[memory.base + address * memory.stride + $0] }
    return SignalValue(BitVector(width: memory.width, words: words), isSigned: false)
  }

  // MARK: driving

  func drive(_ handle: SignalHandle, _ value: Int) {
    let shape = handle.shape
    if shape.width >= 64 { return drive(handle, pattern: exactPattern(value, shape, handle.description)) }
    let lowest = shape.isSigned ? -(1 << (shape.width - 1)) : 0
    let highest = shape.isSigned ? -(lowest + 1) : (1 << shape.width) - 1
    if value < lowest || value > highest {
      fatalError("\(signals.moduleName): \(value) does not fit \(handle.description), which is \(lowest)...\(highest)")
    }
    checkIsInput(handle)
    write(UInt64(bitPattern: Int64(value)), to: handle.slots[0])
  }
  func drive(_ handle: SignalHandle, _ value: some BinaryInteger) {
    if let int = Int(exactly: value) { return drive(handle, int) }
    drive(handle, pattern: exactPattern(value, handle.shape, handle.description))
  }
  func drive(_ handle: SignalHandle, words: [UInt64]) {
    let width = handle.shape.width, last = handle.slots.count - 1
    checkIsInput(handle)
    let fits = words.enumerated().allSatisfy { index, word in
      index < last || word == 0 || (index == last && word >> UInt64(width - 64 * last - 1) <= 1)
    }
    if !fits { fatalError("\(signals.moduleName): the pattern has bits that \(handle.description) does not have") }
    for (index, slot) in handle.slots.enumerated() {
      var word = index < words.count ? words[index] : 0
      if index == last && handle.shape.isSigned {
        let unused = UInt64(64 * (last + 1) - width)
        word = UInt64(bitPattern: Int64(bitPattern: word << unused) >> Int64(unused))
      }
      write(word, to: slot)
    }
  }
  func drive(_ handle: SignalHandle, pattern: BitVector) { drive(handle, words: pattern.words) }

  func write(_ value: some BinaryInteger, _ memory: MemoryLayout, at address: Int) {
    let pattern = exactPattern(value, .unsigned(memory.width), "'\(signals.path(of: memory))' (\(memory.width)-bit words)")
    for (index, word) in pattern.words.enumerated() { engine.memory[memory.base + address * memory.stride + index] = word }
    isSettled = false
  }

  private func checkIsInput(_ handle: SignalHandle) {
    if !handle.isInput { fatalError("\(signals.moduleName): \(handle.description) cannot be driven, because it is not an input of the top") }
  }
  func write(_ word: UInt64, to slot: UInt32) {
    if engine.words[Int(slot)] == word { return }
    if !madeClocks.isEmpty { settle() }
    engine.words[Int(slot)] = word
    isSettled = false
  }
  private func exactPattern(_ value: some BinaryInteger, _ shape: Shape, _ target: String) -> BitVector {
    let exact = BitVector(exactPattern: value, width: max(value.bitWidth, shape.width) + 1)
    if (value < 0 && !shape.isSigned) || exact.minimalWidth(isSigned: shape.isSigned) > shape.width {
      fatalError("\(signals.moduleName): \(value) does not fit \(target)")
    }
    return exact.resized(to: shape.width, isSigned: shape.isSigned)
  }
}
