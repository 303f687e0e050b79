/// A value that changes only at the rising edge of its clock: that of the default domain, or of the one after `in:`.
///
/// Assigning it says what it becomes at the next edge; on a path that does not assign it, it keeps
/// its value. Reset is synchronous and active high; `reset: nil` leaves the register out of it.
@propertyWrapper public struct Register<T: Value>: Hashable, ModuleMember {
  let cell: Cell
  public init(_ width: Int, reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    cell = Cell(T.self, width, reset: reset, domain: domain, SourceLocation(file, line))
  }
  /// As wide as a parameter of the module: `@Register(\Self.width) var sum: Unsigned`.
  public init<M: Module>(
    _ width: KeyPath<M, Int>, reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where T: Number {
    cell = Cell(T.self, width, reset: reset, domain: domain, SourceLocation(file, line))
  }
  /// Declares a register inside `body()`.
  public init(
    _ name: String, _ width: Int, reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(width, reset: reset, in: domain, file: file, line: line)
    bind(to: Scope.required("Register").graph, name: name)
  }
  /// Declares a register inside `body()` for values like `example`: of its width, elements and members.
  public init(
    _ name: String, like example: T, reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = Cell(T.self, example.width, reset: reset, domain: domain, layout: example.reference.layout, SourceLocation(file, line))
    bind(to: Scope.required("Register").graph, name: name)
  }
  public var wrappedValue: T {
    get { cell.value(T.self) }
    nonmutating set { cell.drive(newValue) }
  }
  /// The value, for registers that are constants or array elements rather than wrapped properties.
  public var value: T {
    get { cell.value(T.self) }
    nonmutating set { cell.drive(newValue) }
  }
  func bind(to graph: Graph, name: String) { cell.bind(.register, .register, to: graph, name: name) }
}
extension Register where T == Bit {
  public init(reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    self.init(1, reset: reset, in: domain, file: file, line: line)
  }
  public init(_ name: String, reset: Int? = 0, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    self.init(name, 1, reset: reset, in: domain, file: file, line: line)
  }
}
