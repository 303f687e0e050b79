/// A case of a Swift enum as a hardware value: `Enumerated<Mode>`, for ports, wires, registers, members of bundles and memory words.
///
///     enum Mode: Int, CaseIterable { case idle, read, write }
///     @Input() var mode: Enumerated<Mode>
///     @Register(reset: .idle) var resume: Enumerated<Mode>
///     …
///     When(mode === .read) { resume = mode }
///     resume = select(isWriting, .write, .idle)
///
/// In Verilog the cases are named constants. Swift knows no constants of a hardware type, so a single case to be assigned is
/// `Enumerated(.idle)`; a `StateRegister` takes `.idle` itself.
public struct Enumerated<State: HardwareState>: EnumeratedValue {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  /// A case.
  public init(_ state: State) { self.init(reference: Unsigned(Swift.max(0, state.rawValue), width: State.encodingWidth).reference) }
  /// The case that has this encoding, as a memory word or a bus has it. It is of the enum's own width.
  public init(encoding: Unsigned) {
    let width = State.encodingWidth
    if encoding.width != width && !encoding.reference.isFlexible {
      encoding.reference.report("\(encoding.reference.description) is no encoding of \(State.self), which has \(width) \(width == 1 ? "bit" : "bits")")
      self.init(reference: Unsigned(0, width: width).reference)
    } else {
      self.init(reference: encoding.reference.adapted(to: width, for: "\(State.self)"))
    }
  }
  public static func shape(_ width: Int) -> Shape { .unsigned(width) }
  /// The encoding.
  public var asUnsigned: Unsigned { Unsigned(reference: reference) }

  public static func === (a: Enumerated, b: State) -> Bit { a.asUnsigned === Enumerated(b).asUnsigned }
  public static func !== (a: Enumerated, b: State) -> Bit { a.asUnsigned !== Enumerated(b).asUnsigned }
  public static func === (a: Enumerated, b: Enumerated) -> Bit { a.asUnsigned === b.asUnsigned }
  public static func !== (a: Enumerated, b: Enumerated) -> Bit { a.asUnsigned !== b.asUnsigned }

  @available(*, unavailable, message: "hardware is compared with ===, as in $state === .idle")
  public static func == (a: Enumerated, b: State) -> Bit { fatalError() }
  @available(*, unavailable, message: "hardware is compared with !==, as in $state !== .idle")
  public static func != (a: Enumerated, b: State) -> Bit { fatalError() }

  public static var encodingWidth: Int { State.encodingWidth }
  public static var caseNames: CaseNames {
    CaseNames(type: "\(State.self)", names: State.allCases.map { ($0.rawValue, "\($0)") })
  }
}

/// An enum that can be a hardware value: `enum Phase: Int, CaseIterable { case idle, run }`.
public typealias HardwareState = RawRepresentable<Int> & CaseIterable & Hashable

extension RawRepresentable where RawValue == Int, Self: CaseIterable {
  static var encodingWidth: Int { indexBits((allCases.map(\.rawValue).max() ?? 0) + 1) }
}

/// `Enumerated`, whatever its cases.
public protocol EnumeratedValue: Value {
  /// Bits of the encoding.
  static var encodingWidth: Int { get }
  static var caseNames: CaseNames { get }
}

/// What the values of a signal are called.
public struct CaseNames: Sendable {
  /// The enum's own name.
  package let type: String
  package let names: [(value: Int, name: String)]
}

/// One case or another: `select(isWriting, .write, .idle)`.
public func select<State: HardwareState>(_ condition: Bit, _ whenTrue: State, _ whenFalse: State) -> Enumerated<State> {
  select(condition, Enumerated(whenTrue), Enumerated(whenFalse))
}
public func select<State: HardwareState>(_ condition: Bit, _ whenTrue: Enumerated<State>, _ whenFalse: State) -> Enumerated<State> {
  select(condition, whenTrue, Enumerated(whenFalse))
}
public func select<State: HardwareState>(_ condition: Bit, _ whenTrue: State, _ whenFalse: Enumerated<State>) -> Enumerated<State> {
  select(condition, Enumerated(whenTrue), whenFalse)
}

// MARK: declarations, whose width the enum knows

extension Input where T: EnumeratedValue {
  public init(in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line) {
    self.init(T.encodingWidth, in: domain, documentation: documentation, file: file, line: line)
  }
}
extension Output where T: EnumeratedValue {
  public init(in domain: ClockDomain? = nil, documentation: String = "", file: StaticString = #fileID, line: UInt = #line) {
    self.init(T.encodingWidth, in: domain, documentation: documentation, file: file, line: line)
  }
}
extension Wire where T: EnumeratedValue {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(T.encodingWidth, file: file, line: line) }
  public init(_ name: String, file: StaticString = #fileID, line: UInt = #line) { self.init(name, T.encodingWidth, file: file, line: line) }
}
extension Register {
  /// A register of an enum's values; `reset: nil` leaves it out of reset.
  public init<State>(reset: State?, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) where T == Enumerated<State> {
    self.init(T.encodingWidth, reset: reset?.rawValue, in: domain, file: file, line: line)
  }
  public init<State>(_ name: String, reset: State?, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line)
  where T == Enumerated<State> {
    self.init(name, T.encodingWidth, reset: reset?.rawValue, in: domain, file: file, line: line)
  }
}
extension Forward where T: EnumeratedValue {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(T.encodingWidth, file: file, line: line) }
}
extension Backward where T: EnumeratedValue {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(T.encodingWidth, file: file, line: line) }
}
extension Enumerated: Payload { public typealias Member = Forward<Enumerated> }
extension Stream where T: EnumeratedValue, T.Member == Forward<T> {
  /// A stream of cases.
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(member: Forward(T.encodingWidth, file: file, line: line), file, line) }
}
