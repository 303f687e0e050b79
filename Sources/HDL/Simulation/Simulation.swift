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
/// an encoding that no case has. Ports, wires and registers of the top can be read, inputs can be driven;
/// a value that does not fit stops the program, as it does where Swift converts between integers.
/// `peek` and `poke` take every width, and names inside instances.
///
/// A value that a test drives is there at once; `step` takes rising edges of the clock. Everything is
/// deterministic. Registers and memories begin as zeros, or as noise: see `PowerUp`.
@dynamicMemberLookup public final class Simulation<Top: Module> {
  /// What is simulated; it can begin any number of other simulations.
  public let compiled: CompiledDesign<Top>
  let running: RunningDesign
  /// What key paths lead to, so that only the first use of each has to find out.
  private var handles: [ObjectIdentifier: SignalHandle] = [:]
  /// The key paths themselves, so that no other one can get the identity of one that is known.
  private var paths: [AnyKeyPath] = []

  init(_ compiled: CompiledDesign<Top>, _ powerUp: PowerUp, _ engine: SimulationEngine) {
    self.compiled = compiled
    running = RunningDesign(compiled.program, compiled.signals, powerUp, engine)
  }
  /// Elaborates, compiles, and begins. Where several tests simulate one module, let them share a `CompiledDesign`.
  /// - Throws: `ElaborationFailure` with every diagnostic.
  public convenience init(
    _ top: Top, in domain: ClockDomain = .default, and domains: [ClockDomain] = [], _ powerUp: PowerUp = .zeros, engine: SimulationEngine = .automatic
  ) throws(ElaborationFailure) {
    self.init(try CompiledDesign(top, in: domain, and: domains), powerUp, engine)
  }

  // MARK: time

  /// The clock edges so far.
  public var cycle: Int { running.cycle }

  /// Takes `count` rising edges, each with the falling edge after it: of all clocks of the top together, or of those of the
  /// domains that are named.
  public func step(_ count: Int = 1, in domains: ClockDomain...) {
    let clocks = running.signals.clocks(domains)
    running.edges(count, of: clocks)
  }
  /// Takes `cycles` edges, as `step` does, with the resets of the same domains active. With `cycles: 0` they are active for a
  /// moment between two edges, which only an asynchronous reset notices.
  public func reset(cycles: Int = 1, in domains: ClockDomain...) {
    let clocks = running.signals.clocks(domains), resets = running.signals.resets(domains)
    if cycles == 0 { running.edge(of: [], resets: resets) }
    running.edges(cycles, of: clocks, resets: resets)
  }
  /// Sets the enable of a clock of the top, which is 1 at first.
  public func setClockEnable(_ isEnabled: Bool, in domain: ClockDomain = .default) {
    running.write(isEnabled ? 1 : 0, to: running.signals.enable(domain))
  }

  /// Steps, in all domains, until `condition` holds.
  /// - Parameters:
  ///   - condition: is asked before each step.
  ///   - limit: the number of steps after which waiting ends with an error.
  ///   - what: what is waited for, in the words of the error.
  ///   - partner: plays what is around the design, before each step: a memory chip, the other end of a line.
  /// - Returns: the number of steps taken.
  @discardableResult public func run(
    until condition: (Simulation) -> Bool, limit: Int, _ what: String = "the condition", file: StaticString = #fileID, line: UInt = #line,
    with partner: (Simulation) -> Void = { _ in }
  ) throws(WaitFailure) -> Int {
    for steps in 0...limit {
      if condition(self) { return steps }
      if steps == limit { break }
      partner(self)
      step()
    }
    throw running.waitFailure(what, limit, SourceLocation(file, line))
  }

  /// Reads of memory words that the design leaves undefined, in the order in which they happened.
  public var undefinedReads: [UndefinedRead] { running.undefinedReads }
  /// Words that two ports of a memory have written at once, in the order in which that happened.
  public var undefinedWrites: [UndefinedWrite] { running.undefinedWrites }

  /// Whether a property that does not hold stops the program, as Swift's own assertions do. If not, it is
  /// noted in `failures`.
  public var stopsAtFailure: Bool {
    get { running.stopsAtFailure }
    set { running.stopsAtFailure = newValue }
  }
  /// Takes the lines that `Print` makes; at first they go to the standard output.
  public var printer: (PrintedLine) -> Void {
    get { running.printer }
    set { running.printer = newValue }
  }
  /// The `Assert` and `Assume` that did not hold, in the order in which that happened.
  public var failures: [PropertyFailure] { running.failures }
  /// All `Cover`, with what has been seen so far.
  public var coverage: [CoverCount] { running.covered }

  // MARK: signals of the top

  public subscript(dynamicMember path: KeyPath<Top, Bit>) -> Bool {
    get { running.word(handle(path)) != 0 }
    set { running.drive(handle(path), newValue ? 1 : 0) }
  }
  public subscript<T: Number>(dynamicMember path: KeyPath<Top, T>) -> Int {
    get { running.int(handle(path)) }
    set { running.drive(handle(path), newValue) }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Top, State>) -> State? {
    State(rawValue: running.int(handle(path)))
  }

  /// nil for an encoding that no case has. Driving an input with nil changes nothing.
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Top, Enumerated<State>>) -> State? {
    get { State(rawValue: running.int(handle(path))) }
    set { if let newValue { running.drive(handle(path), newValue.rawValue) } }
  }
  public subscript<State: HardwareState>(dynamicMember path: ReferenceWritableKeyPath<Top, Enumerated<State>>) -> State? {
    get { State(rawValue: running.int(handle(path))) }
    @available(*, unavailable, message: "only inputs can be driven")
    set { fatalError() }
  }

  // Outputs, wires and registers have writable key paths, inputs have not: these tell them apart.
  public subscript(dynamicMember path: ReferenceWritableKeyPath<Top, Bit>) -> Bool {
    get { running.word(handle(path)) != 0 }
    @available(*, unavailable, message: "only inputs can be driven")
    set { fatalError() }
  }
  public subscript<T: Number>(dynamicMember path: ReferenceWritableKeyPath<Top, T>) -> Int {
    get { running.int(handle(path)) }
    @available(*, unavailable, message: "only inputs can be driven")
    set { fatalError() }
  }

  /// The value of a signal of the top, of any width: `simulation.peek(\.total)`.
  public func peek<T>(_ path: KeyPath<Top, T>) -> SignalValue { running.value(handle(path)) }
  /// Drives an input of any width with any integer that fits it.
  public func poke<T: Value>(_ path: KeyPath<Top, T>, _ value: some BinaryInteger) { running.drive(handle(path), value) }
  /// Drives an input with a pattern, the least significant word first. Bits that do not exist must be 0.
  public func poke<T: Value>(_ path: KeyPath<Top, T>, words: [UInt64]) { running.drive(handle(path), words: words) }

  private func handle(_ path: PartialKeyPath<Top>) -> SignalHandle {
    let identity = ObjectIdentifier(path)
    if let known = handles[identity] { return known }
    let handle = compiled.handle(path)
    handles[identity] = handle
    paths.append(path)
    return handle
  }

  // MARK: signals by name

  /// The value of any signal, or of a word of a memory: `count`, `pe_0.sum`, `fifo.rows[3]`. Names are those
  /// of the Swift source.
  public func peek(_ name: String) throws(UnknownSignal) -> SignalValue {
    switch try running.signals.find(name) {
    case .signal(let handle): running.value(handle)
    case .memoryWord(let memory, let address): running.value(memory, at: address)
    }
  }
  /// Drives an input, or writes a word of a memory: `poke("rows[3]", 17)`.
  public func poke(_ name: String, _ value: some BinaryInteger) throws(UnknownSignal) {
    switch try running.signals.find(name) {
    case .signal(let handle): running.drive(handle, value)
    case .memoryWord(let memory, let address): running.write(value, memory, at: address)
    }
  }
}
