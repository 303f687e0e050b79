/// The ports of a module: stored properties `@Input var a: Signed` and `@Output var total: Signed`.
///
/// Inside the module `a` is read and `total` is driven with `=`; driving an input does not compile.
/// Outside, an instance's ports are reached as `pe.$a` and `pe.$total`.
/// `in:` says to which clock a port belongs; without it, that follows from what samples or drives the port. `documentation:`
/// stands before the port in the Verilog.
@propertyWrapper public struct Input<T: Value>: Hashable, ModuleMember {
  let cell: Cell
  public init(
    _ width: Int, in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = Cell(T.self, width, domain: domain, documentation: documentation, SourceLocation(file, line))
  }
  /// As wide as a parameter of the module: `@Input(\Self.width) var …`.
  public init<M: Module>(
    _ width: KeyPath<M, Int>, in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line
  ) where T: Number {
    cell = Cell(T.self, width, domain: domain, documentation: documentation, SourceLocation(file, line))
  }
  public var wrappedValue: T { cell.value(T.self) }
  public var projectedValue: InputPort<T> { InputPort(cell: cell) }
  func bind(to graph: Graph, name: String) { cell.bindPort(isInput: true, to: graph, name: name) }
}
extension Input where T == Bit {
  public init(in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line) {
    self.init(1, in: domain, documentation: documentation, file: file, line: line)
  }
}

@propertyWrapper public struct Output<T: Value>: Hashable, ModuleMember {
  let cell: Cell
  public init(
    _ width: Int, in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line
  ) {
    cell = Cell(T.self, width, domain: domain, documentation: documentation, SourceLocation(file, line))
  }
  /// As wide as a parameter of the module: `@Output(\Self.width) var …`.
  public init<M: Module>(
    _ width: KeyPath<M, Int>, in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line
  ) where T: Number {
    cell = Cell(T.self, width, domain: domain, documentation: documentation, SourceLocation(file, line))
  }
  public var wrappedValue: T {
    get { cell.value(T.self) }
    nonmutating set { cell.drive(newValue) }
  }
  public var projectedValue: OutputPort<T> { OutputPort(cell: cell) }
  func bind(to graph: Graph, name: String) { cell.bindPort(isInput: false, to: graph, name: name) }
}
extension Output where T == Bit {
  public init(in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line) {
    self.init(1, in: domain, documentation: documentation, file: file, line: line)
  }
}

/// An input seen from outside: what the key path of an instance leads to.
public struct InputPort<T: Value> { let cell: Cell }
/// An output seen from outside.
public struct OutputPort<T: Value> { let cell: Cell }
