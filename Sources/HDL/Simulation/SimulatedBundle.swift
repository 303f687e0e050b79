/// The other side of a bundle: a test drives what the design reads of it, and reads what the design drives.
/// ```swift
/// simulation.input.payload = 7
/// simulation.input.valid = true
/// simulation.step()
/// #expect(simulation.output.valid)
/// ```
/// Values are those of `Simulation`: `Bool` for a `Bit`, `Int` for a number. A value that does not fit stops the program.
extension Simulation {
  /// The initiator of a target of the design.
  public subscript<Members>(dynamicMember path: KeyPath<Top, Target<Members>>) -> SimulatedInitiator<Members> {
    SimulatedInitiator(probe: probe(compiled.top[keyPath: path].end))
  }
  /// The target of an initiator of the design.
  public subscript<Members>(dynamicMember path: KeyPath<Top, Initiator<Members>>) -> SimulatedTarget<Members> {
    SimulatedTarget(probe: probe(compiled.top[keyPath: path].end))
  }
  public subscript<Members>(dynamicMember path: KeyPath<Top, [Target<Members>]>) -> [SimulatedInitiator<Members>] {
    compiled.top[keyPath: path].map { SimulatedInitiator(probe: probe($0.end)) }
  }
  public subscript<Members>(dynamicMember path: KeyPath<Top, [Initiator<Members>]>) -> [SimulatedTarget<Members>] {
    compiled.top[keyPath: path].map { SimulatedTarget(probe: probe($0.end)) }
  }

  private func probe<Members>(_ end: BundleEnd<Members>) -> BundleProbe<Members> {
    let compiled = compiled
    return BundleProbe(members: end.members, running: running) { compiled.handle(of: end.ports.cell(for: $0)) }
  }
}

/// What a test on the initiating side of a bundle sees.
@dynamicMemberLookup public struct SimulatedInitiator<Members: PortBundle> {
  let probe: BundleProbe<Members>

  public subscript(dynamicMember path: KeyPath<Members, Forward<Bit>>) -> Bool {
    get { probe.word(path) != 0 }
    nonmutating set { probe.drive(path, newValue ? 1 : 0) }
  }
  public subscript<T: Number>(dynamicMember path: KeyPath<Members, Forward<T>>) -> Int {
    get { probe.int(path) }
    nonmutating set { probe.drive(path, newValue) }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Members, Forward<Enumerated<State>>>) -> State? {
    get { State(rawValue: probe.int(path)) }
    nonmutating set { if let newValue { probe.drive(path, newValue.rawValue) } }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Members, Backward<Enumerated<State>>>) -> State? {
    State(rawValue: probe.int(path))
  }
  public subscript(dynamicMember path: KeyPath<Members, Backward<Bit>>) -> Bool { probe.word(path) != 0 }
  public subscript<T: Number>(dynamicMember path: KeyPath<Members, Backward<T>>) -> Int { probe.int(path) }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Inner>) -> SimulatedInitiator<Inner> {
    SimulatedInitiator<Inner>(probe: probe.inner(probe.members[keyPath: path]))
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, [Inner]>) -> [SimulatedInitiator<Inner>] {
    probe.members[keyPath: path].map { SimulatedInitiator<Inner>(probe: probe.inner($0)) }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Flipped<Inner>>) -> SimulatedTarget<Inner> {
    SimulatedTarget<Inner>(probe: probe.inner(probe.members[keyPath: path].members))
  }
  /// Drives a member of any width with a pattern, the least significant word first. Bits that do not exist must be 0.
  public func poke<T>(_ path: KeyPath<Members, Forward<T>>, words: [UInt64]) { probe.running.drive(probe.handle(path), words: words) }
  /// The value of a member of any width.
  public func peek<T>(_ path: KeyPath<Members, Forward<T>>) -> SignalValue { probe.running.value(probe.handle(path)) }
  public func peek<T>(_ path: KeyPath<Members, Backward<T>>) -> SignalValue { probe.running.value(probe.handle(path)) }
}

/// What a test on the answering side of a bundle sees.
@dynamicMemberLookup public struct SimulatedTarget<Members: PortBundle> {
  let probe: BundleProbe<Members>

  public subscript(dynamicMember path: KeyPath<Members, Backward<Bit>>) -> Bool {
    get { probe.word(path) != 0 }
    nonmutating set { probe.drive(path, newValue ? 1 : 0) }
  }
  public subscript<T: Number>(dynamicMember path: KeyPath<Members, Backward<T>>) -> Int {
    get { probe.int(path) }
    nonmutating set { probe.drive(path, newValue) }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Members, Backward<Enumerated<State>>>) -> State? {
    get { State(rawValue: probe.int(path)) }
    nonmutating set { if let newValue { probe.drive(path, newValue.rawValue) } }
  }
  public subscript<State: HardwareState>(dynamicMember path: KeyPath<Members, Forward<Enumerated<State>>>) -> State? {
    State(rawValue: probe.int(path))
  }
  public subscript(dynamicMember path: KeyPath<Members, Forward<Bit>>) -> Bool { probe.word(path) != 0 }
  public subscript<T: Number>(dynamicMember path: KeyPath<Members, Forward<T>>) -> Int { probe.int(path) }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Inner>) -> SimulatedTarget<Inner> {
    SimulatedTarget<Inner>(probe: probe.inner(probe.members[keyPath: path]))
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, [Inner]>) -> [SimulatedTarget<Inner>] {
    probe.members[keyPath: path].map { SimulatedTarget<Inner>(probe: probe.inner($0)) }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Flipped<Inner>>) -> SimulatedInitiator<Inner> {
    SimulatedInitiator<Inner>(probe: probe.inner(probe.members[keyPath: path].members))
  }
  /// Drives a member of any width with a pattern, the least significant word first. Bits that do not exist must be 0.
  public func poke<T>(_ path: KeyPath<Members, Backward<T>>, words: [UInt64]) { probe.running.drive(probe.handle(path), words: words) }
  /// The value of a member of any width.
  public func peek<T>(_ path: KeyPath<Members, Forward<T>>) -> SignalValue { probe.running.value(probe.handle(path)) }
  public func peek<T>(_ path: KeyPath<Members, Backward<T>>) -> SignalValue { probe.running.value(probe.handle(path)) }
}

/// What both sides share: the way from a member to the signal of the simulation.
struct BundleProbe<Members: PortBundle> {
  let members: Members
  let running: RunningDesign
  let find: (Cell) -> SignalHandle

  func inner<Inner>(_ inner: Inner) -> BundleProbe<Inner> { BundleProbe<Inner>(members: inner, running: running, find: find) }
  func handle(_ path: KeyPath<Members, some BundleSignal>) -> SignalHandle { find(members[keyPath: path].declaration) }
  func word(_ path: KeyPath<Members, some BundleSignal>) -> UInt64 { running.word(handle(path)) }
  func int(_ path: KeyPath<Members, some BundleSignal>) -> Int { running.int(handle(path)) }
  func drive(_ path: KeyPath<Members, some BundleSignal>, _ value: Int) { running.drive(handle(path), value) }
}
