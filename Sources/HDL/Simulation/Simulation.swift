/// A running simulation of one design, cycle by cycle, inside the test that looks at it.
///
/// Inputs are driven and signals are read under their Swift names:
/// ```swift
/// let simulation = try Simulation(Counter(width: 8))
/// simulation.reset()
/// simulation.enable = true
/// simulation.step(3)
/// #expect(simulation.value == 3)
/// ```
/// A `Bit` is a `Bool`, an `Unsigned` or `Signed` an `Int`, the state of an enum an optional case, nil for
/// an encoding that no case has. Ports, wires and registers of the top can be read, inputs can be driven.
/// `peek` and `poke` take every width, and names inside instances.
///
/// A value that a test drives is there at once; `step` takes rising edges of the clock. Everything is
/// deterministic. Registers and memories begin as zeros, or as noise: see `PowerUp`.
@dynamicMemberLookup public final class Simulation<Top: Module> {
  /// What is simulated; it can begin any number of other simulations.
  public let compiled: CompiledDesign<Top>
  /// The clock edges so far.
  public private(set) var cycle = 0
  /// Reads of memory words that the design leaves undefined, in the order in which they happened.
  public private(set) var undefinedReads: [UndefinedRead] = []

  let engine: Engine
  /// Called when everything has settled, just before each edge.
  var observers: [(_ isReset: Bool) -> Void] = []
  private var isSettled = false
  /// Key paths and what they lead to, so that only the first use of each has to find out.
  private var known: [ObjectIdentifier: (path: PartialKeyPath<Top>, handle: SignalHandle)] = [:]

  init(_ compiled: CompiledDesign<Top>, _ powerUp: PowerUp) {
    self.compiled = compiled
    if case .random(let seed) = powerUp { engine = Engine(compiled.program, seed: seed) } else { engine = Engine(compiled.program, seed: nil) }
  }
  /// Elaborates, compiles, and begins. Where several tests simulate one module, let them share a `CompiledDesign`.
  /// - Throws: `ElaborationFailure` with every diagnostic.
  public convenience init(_ top: Top, _ powerUp: PowerUp = .zeros) throws(ElaborationFailure) {
    self.init(try CompiledDesign(top), powerUp)
  }

  // MARK: time

  /// Takes `count` rising edges of the clock.
  public func step(_ count: Int = 1) { for _ in 0..<count { edge(isReset: false) } }
  /// Takes `cycles` edges with the reset active.
  public func reset(cycles: Int = 1) { for _ in 0..<cycles { edge(isReset: true) } }

  /// Steps until `condition` holds.
  /// - Parameters:
  ///   - condition: is asked before each step.
  ///   - limit: the number of steps after which waiting ends with an error.
  ///   - what: what is waited for, in the words of the error.
  /// - Returns: the number of steps taken.
  @discardableResult public func run(
    until condition: (Simulation) -> Bool, limit: Int, _ what: String = "the condition", file: StaticString = #fileID, line: UInt = #line
  ) throws(WaitFailure) -> Int {
    for steps in 0...limit {
      if condition(self) { return steps }
      if steps < limit { step() }
    }
    let outputs = compiled.signals.declarations.filter(\.isOutput).map { "\($0.name) = \(value(compiled.signals.handle($0, in: 0)))" }
    throw WaitFailure(
      module: compiled.signals.moduleName, what: what, limit: limit, cycle: cycle, outputs: outputs, location: SourceLocation(file, line))
  }

  private func edge(isReset: Bool) {
    settle()
    for observer in observers { observer(isReset) }
    engine.edge(isReset: isReset)
    if !engine.undefinedReads.isEmpty { noteUndefinedReads() }
    cycle += 1
    isSettled = false
  }
  private func settle() {
    if isSettled { return }
    engine.settle()
    isSettled = true
  }
  private func noteUndefinedReads() {
    for read in engine.takeUndefinedReads() {
      let memory = compiled.program.memories[read.memory]
      let scope = compiled.signals.hierarchy.path(of: memory.scope)
      undefinedReads.append(UndefinedRead(
        cycle: cycle, memory: scope.isEmpty ? memory.name : scope + "." + memory.name, address: Int(clamping: read.address), isCollision: read.isCollision))
    }
  }

  // MARK: signals by name

  public subscript(dynamicMember path: KeyPath<Top, Bit>) -> Bool {
    get { word(of: path) != 0 }
    set { drive(handle(path), words: [newValue ? 1 : 0]) }
  }
  public subscript<T: Number>(dynamicMember path: KeyPath<Top, T>) -> Int {
    get {
      let handle = handle(path)
      if handle.shape.width < 64 || (handle.shape.width == 64 && handle.shape.isSigned) { return Int(bitPattern: UInt(word(of: handle))) }
      let value = value(handle)
      guard let int = value.int else { preconditionFailure("\(handle.description) is \(value), which no Int holds; read it with peek") }
      return int
    }
    set { drive(handle(path), newValue) }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Top, State>) -> State? {
    State(rawValue: Int(truncatingIfNeeded: word(of: handle(path))))
  }

  // Outputs, wires and registers have writable key paths, inputs have not: these tell them apart.
  public subscript(dynamicMember path: ReferenceWritableKeyPath<Top, Bit>) -> Bool {
    get { word(of: path) != 0 }
    @available(*, unavailable, message: "only inputs can be driven")
    set { fatalError() }
  }
  public subscript<T: Number>(dynamicMember path: ReferenceWritableKeyPath<Top, T>) -> Int {
    get { self[dynamicMember: path as KeyPath<Top, T>] }
    @available(*, unavailable, message: "only inputs can be driven")
    set { fatalError() }
  }

  /// The value of a signal of the top, of any width: `simulation.peek(\.total)`.
  public func peek<T>(_ path: KeyPath<Top, T>) -> SignalValue { value(handle(path)) }

  /// The value of any signal, or of a word of a memory: `count`, `pe_0.sum`, `fifo.rows[3]`. Names are those
  /// of the Swift source.
  public func peek(_ name: String) throws(UnknownSignal) -> SignalValue {
    switch try compiled.signals.find(name) {
    case .signal(let handle): return value(handle)
    case .memoryWord(let memory, let address):
      let words = (0..<memory.stride).map { engine.memory[memory.base + address * memory.stride + $0] }
      return SignalValue(BitVector(width: memory.width, words: words), isSigned: false)
    }
  }

  /// Drives an input of any width with any integer. A number that does not fit stops the program, as
  /// it does where Swift converts between integers.
  public func poke<T: Value>(_ path: KeyPath<Top, T>, _ value: some BinaryInteger) { drive(handle(path), value) }
  /// Drives an input with a pattern, the least significant word first. Bits that do not exist must be 0.
  public func poke<T: Value>(_ path: KeyPath<Top, T>, words: [UInt64]) { poke(handle(path), words: words) }

  /// Writes a word of a memory: `poke("rows[3]", 17)`.
  public func poke(_ name: String, _ value: some BinaryInteger) throws(UnknownSignal) {
    switch try compiled.signals.find(name) {
    case .signal(let handle): drive(handle, value)
    case .memoryWord(let memory, let address):
      let pattern = pattern(value, .unsigned(memory.width), "'\(name)'")
      for (index, word) in pattern.words.enumerated() { engine.memory[memory.base + address * memory.stride + index] = word }
    }
  }

  // MARK: words

  private func handle<T>(_ path: KeyPath<Top, T>) -> SignalHandle {
    if let hit = known[ObjectIdentifier(path)] { return hit.handle }
    let handle = compiled.handle(path)
    // The path is kept, so that no other one can get its identity.
    known[ObjectIdentifier(path)] = (path, handle)
    return handle
  }
  private func word(of path: KeyPath<Top, Bit>) -> UInt64 { word(of: handle(path)) }
  private func word(of handle: SignalHandle) -> UInt64 {
    if !handle.isInput { settle() }
    return engine.words[Int(handle.slots[0])]
  }
  func value(_ handle: SignalHandle) -> SignalValue {
    settle()
    let words = handle.slots.map { engine.words[Int($0)] }
    let pattern = BitVector(width: handle.shape.width, words: words)
    return SignalValue(pattern, isSigned: handle.shape.isSigned, label: pattern.unsignedInt.flatMap { handle.labels[$0] })
  }

  private func drive(_ handle: SignalHandle, _ value: some BinaryInteger) {
    let shape = handle.shape
    // The common case without any allocation: a machine integer into one word.
    if let int = Int64(exactly: value), shape.width < 64 {
      let lowest: Int64 = shape.isSigned ? -(1 << Int64(shape.width - 1)) : 0
      let highest: Int64 = shape.isSigned ? -(lowest + 1) : (1 << Int64(shape.width)) - 1
      precondition(int >= lowest && int <= highest, "\(compiled.signals.moduleName): \(value) does not fit \(handle.description), which is \(lowest)...\(highest)")
      drive(handle, words: CollectionOfOne(UInt64(bitPattern: int)))
    } else {
      drive(handle, words: canonical(pattern(value, shape, handle.description), shape))
    }
  }
  private func poke(_ handle: SignalHandle, words: [UInt64]) {
    let pattern = BitVector(width: handle.shape.width, words: words)
    let isWhole = words.enumerated().allSatisfy { $1 == ($0 < pattern.words.count ? pattern.words[$0] : 0) }
    precondition(isWhole, "\(compiled.signals.moduleName): the pattern has bits that \(handle.description) does not have")
    drive(handle, words: canonical(pattern, handle.shape))
  }
  private func drive(_ handle: SignalHandle, words: some Collection<UInt64>) {
    precondition(handle.isInput, "\(compiled.signals.moduleName): \(handle.description) cannot be driven, because it is not an input of the top")
    for (slot, word) in zip(handle.slots, words) where engine.words[Int(slot)] != word {
      engine.words[Int(slot)] = word
      isSettled = false
    }
  }
  private func pattern(_ value: some BinaryInteger, _ shape: Shape, _ target: String) -> BitVector {
    let exact = BitVector(exactPattern: value, width: max(value.bitWidth, shape.width) + 1)
    let fits = (value >= 0 || shape.isSigned) && exact.minimalWidth(isSigned: shape.isSigned) <= shape.width
    precondition(fits, "\(compiled.signals.moduleName): \(value) does not fit \(target)")
    return exact.resized(to: shape.width, isSigned: shape.isSigned)
  }
  /// The words of a pattern as the program keeps them, the last extended by the sign.
  private func canonical(_ pattern: BitVector, _ shape: Shape) -> [UInt64] {
    pattern.resized(to: 64 * WordBits.wordCount(shape.width), isSigned: shape.isSigned).words
  }
}
