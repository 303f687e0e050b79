/// A signal of a running simulation that has been looked up: for benches that drive or read it in every cycle, where
/// finding it by its key path or name each time would cost more than the cycle.
/// ```swift
/// let valid = simulation.signal(\.valid)
/// let level = try simulation.probe("fifo.level")
/// while !valid.bit && level.int < 4 { simulation.step() }
/// ```
/// Only inputs of the top can be driven; driving anything else stops the program.
public struct SimulatedSignal {
  private enum Source {
    case signal(SignalHandle)
    case memory(MemoryWord)
  }
  private let running: RunningDesign
  private let source: Source

  init(running: RunningDesign, handle: SignalHandle) {
    self.running = running
    source = .signal(handle)
  }
  /// - Throws: if there is no signal, or word of a memory, of that name.
  init(running: RunningDesign, named name: String) throws(UnknownSignal) {
    self.running = running
    switch try running.signals.find(name) {
    case .signal(let handle): source = .signal(handle)
    case .memoryWord(let memory, let address): source = .memory(MemoryWord(name: name, memory: memory, address: address))
    }
  }

  /// Whether the value is not 0.
  public var bit: Bool {
    get {
      switch source {
      case .signal(let handle): running.word(handle) != 0
      case .memory(let word): !running.value(word.memory, at: word.address).pattern.isZero
      }
    }
    nonmutating set { running.drive(driven, newValue ? 1 : 0) }
  }
  /// The value as a number; one that no `Int` holds stops the program. So does driving one that does not fit.
  public var int: Int {
    get {
      switch source {
      case .signal(let handle): return running.int(handle)
      case .memory(let word):
        let value = running.value(word.memory, at: word.address)
        guard let int = value.int else { fatalError("\(running.signals.moduleName): '\(word.name)' is \(value), which no Int holds; read its value") }
        return int
      }
    }
    nonmutating set { running.drive(driven, newValue) }
  }
  /// The value of any width.
  public var value: SignalValue {
    switch source {
    case .signal(let handle): running.value(handle)
    case .memory(let word): running.value(word.memory, at: word.address)
    }
  }

  private var driven: SignalHandle {
    switch source {
    case .signal(let handle): return handle
    case .memory(let word):
      fatalError("\(running.signals.moduleName): '\(word.name)' cannot be driven, because it is a word of a memory; write it with poke")
    }
  }

  /// A class, as a signal's handle is one: it is passed around in every cycle.
  private final class MemoryWord {
    let name: String
    let memory: MemoryLayout
    let address: Int

    init(name: String, memory: MemoryLayout, address: Int) {
      self.name = name
      self.memory = memory
      self.address = address
    }
  }
}

extension Simulation {
  /// A port, wire or register of the top.
  public func signal<T>(_ path: KeyPath<Top, T>) -> SimulatedSignal { SimulatedSignal(running: running, handle: compiled.handle(path)) }
  /// Any signal, or a word of a memory, to be read: `probe("fifo.level")`, `probe("fifo.rows[3]")`. Names are those that `peek`
  /// takes; this looks the name up once, not at each reading.
  public func probe(_ name: String) throws(UnknownSignal) -> SimulatedSignal { try SimulatedSignal(running: running, named: name) }
}
extension SimulatedInitiator {
  public func signal<T>(_ path: KeyPath<Members, Forward<T>>) -> SimulatedSignal { probe.signal(path) }
  public func signal<T>(_ path: KeyPath<Members, Backward<T>>) -> SimulatedSignal { probe.signal(path) }
}
extension SimulatedTarget {
  public func signal<T>(_ path: KeyPath<Members, Forward<T>>) -> SimulatedSignal { probe.signal(path) }
  public func signal<T>(_ path: KeyPath<Members, Backward<T>>) -> SimulatedSignal { probe.signal(path) }
}
extension BundleProbe {
  func signal(_ path: KeyPath<Members, some BundleSignal>) -> SimulatedSignal { SimulatedSignal(running: running, handle: handle(path)) }
}
