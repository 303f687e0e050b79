/// The state of a finite-state machine: a register whose values are the cases of a Swift enum.
///
/// `state = .run` says what it becomes, `$state` is its value: `$state === .run` asks, and `Switch($state)` branches with
/// every case checked. In Verilog each case is a named `localparam`.
@propertyWrapper public struct StateRegister<State: HardwareState>: Hashable, ModuleMember {
  let cell: Cell
  let initial: State

  public init(wrappedValue: State, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    initial = wrappedValue
    cell = Cell(Enumerated<State>.self, State.encodingWidth, reset: wrappedValue.rawValue, domain: domain, SourceLocation(file, line))
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
      cell.reference?.report("a state register cannot be read as a Swift value; its hardware value is $state, as in $state === .case, Switch($state), $other = $state")
      return initial
    }
    nonmutating set { cell.drive(Unsigned(newValue.rawValue, width: State.encodingWidth)) }
  }
  /// The state as hardware sees it, which can be compared, selected and copied: `$state = $resume`.
  public var projectedValue: Enumerated<State> {
    get { cell.value(Enumerated<State>.self) }
    nonmutating set { cell.drive(newValue) }
  }

  func bind(to graph: Graph, name: String) {
    cell.bind(.register, .register, to: graph, name: name)
    if State.allCases.contains(where: { $0.rawValue < 0 }) {
      graph.report("'\(name)' has a case with a negative raw value, which has no encoding", at: cell.location)
    }
  }
}
