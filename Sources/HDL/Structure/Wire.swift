/// A value that follows its assignments at once.
///
/// It must be assigned on every path, or it would have to remember: that is an error, not a latch.
/// The usual form is a default first and exceptions inside `When` after it.
@propertyWrapper public struct Wire<T: Value>: Hashable, ModuleMember {
  let cell: Cell
  public init(_ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    cell = Cell(T.self, width, SourceLocation(file, line))
  }
  /// As wide as a parameter of the module: `@Wire(\Self.width) var sum: Unsigned`.
  public init<M: Module>(_ width: KeyPath<M, Int>, file: StaticString = #fileID, line: UInt = #line) where T: Number {
    cell = Cell(T.self, width, SourceLocation(file, line))
  }
  /// Declares a wire inside `body()`.
  public init(_ name: String, _ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(width, file: file, line: line)
    bind(to: Scope.required("Wire").graph, name: name)
  }
  public var wrappedValue: T {
    get { cell.value(T.self) }
    nonmutating set { cell.drive(newValue) }
  }
  /// The value, for wires that are constants or array elements rather than wrapped properties.
  public var value: T {
    get { cell.value(T.self) }
    nonmutating set { cell.drive(newValue) }
  }
  func bind(to graph: Graph, name: String) { cell.bind(.wire, .variable, to: graph, name: name) }
}
extension Wire where T == Bit {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(1, file: file, line: line) }
  public init(_ name: String, file: StaticString = #fileID, line: UInt = #line) {
    self.init(name, 1, file: file, line: line)
  }
}
