/// The state of a finite-state machine: a register whose values are the cases of a Swift enum.
///
/// `state = .run` says what it becomes, `$state === .run` asks, and `Switch($state)` branches with
/// every case checked. In Verilog each case is a named `localparam`.
@propertyWrapper public struct StateRegister<State: HardwareState>: Hashable, ModuleMember {
  let cell: Cell
  let initial: State

  public init(wrappedValue: State, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    initial = wrappedValue
    cell = Cell(.unsigned(State.encodingWidth), reset: wrappedValue.rawValue, domain: domain, SourceLocation(file, line))
  }
  /// Declares a state register inside `body()`: `@StateRegister("phase") var phase: Phase = .idle`.
  public init(wrappedValue: State, _ name: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    self.init(wrappedValue: wrappedValue, in: domain, file: file, line: line)
    bind(to: Scope.required("StateRegister").graph, name: name)
  }
  /// Only for driving: hardware state has no value while the design is being described.
  public var wrappedValue: State {
    get {
      _ = CellProbe.current?.found(cell, as: Unsigned.self)
      cell.reference?.report("a state register cannot be read as a Swift value; use $state === .case or Switch($state)")
      return initial
    }
    nonmutating set { cell.drive(Unsigned(newValue.rawValue, width: State.encodingWidth)) }
  }
  public var projectedValue: StateValue<State> { StateValue(bits: cell.value(Unsigned.self)) }

  func bind(to graph: Graph, name: String) {
    let index = graph.signals.count
    cell.bind(.register, .register, to: graph, name: name)
    graph.signals[index].labels = State.allCases.map { ($0.rawValue, "\($0)") }
    if State.allCases.contains(where: { $0.rawValue < 0 }) {
      graph.report("'\(name)' has a case with a negative raw value, which has no encoding", at: cell.location)
    }
  }
}

/// An enum that can be a state: `enum Phase: Int, CaseIterable { case idle, run }`.
public typealias HardwareState = RawRepresentable<Int> & CaseIterable & Hashable

extension RawRepresentable where RawValue == Int, Self: CaseIterable {
  static var encodingWidth: Int { indexBits((allCases.map(\.rawValue).max() ?? 0) + 1) }
}

/// The current state as hardware sees it.
public struct StateValue<State: HardwareState> {
  let bits: Unsigned
  /// The encoding.
  public var asUnsigned: Unsigned { bits }
  public static func === (a: StateValue, b: State) -> Bit { a.bits === Unsigned(b.rawValue, width: a.bits.width) }
  public static func !== (a: StateValue, b: State) -> Bit { a.bits !== Unsigned(b.rawValue, width: a.bits.width) }
}
