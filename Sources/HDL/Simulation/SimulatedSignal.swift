/// A signal of a running simulation that has been looked up: for benches that drive or read it in every cycle, where
/// finding it by its key path each time would cost more than the cycle.
/// ```swift
/// let valid = simulation.signal(\.valid)
/// while !valid.bit { simulation.step() }
/// ```
public struct SimulatedSignal {
  let running: RunningDesign
  let handle: SignalHandle

  /// Whether the value is not 0. Only inputs of the top can be driven.
  public var bit: Bool {
    get { running.word(handle) != 0 }
    nonmutating set { running.drive(handle, newValue ? 1 : 0) }
  }
  /// The value as a number; driving one that does not fit stops the program.
  public var int: Int {
    get { running.int(handle) }
    nonmutating set { running.drive(handle, newValue) }
  }
  /// The value of any width.
  public var value: SignalValue { running.value(handle) }
}

extension Simulation {
  /// A port, wire or register of the top.
  public func signal<T>(_ path: KeyPath<Top, T>) -> SimulatedSignal { SimulatedSignal(running: running, handle: compiled.handle(path)) }
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
