/// A set of ports that belong together: a bus, a stream, a link.
///
/// A bundle is declared once, from the point of view of the side that starts the conversation (the
/// initiator), and used at both ends:
///
///     struct ConfigurationBus: PortBundle {
///       let enable = Forward<Bit>()              // from the initiator to the target
///       let number = Forward<Unsigned>(8)
///       let accepted = Backward<Bit>()           // from the target to the initiator
///     }
///     struct Engine: Module {
///       let settings = Target(ConfigurationBus())
///       func body() { settings.accepted = settings.enable & … }
///     }
///
/// In Verilog the ports carry the property's name before their own: `settings_enable`. Bundles nest, and
/// `Flipped` turns a nested one around. Stored properties that are neither are parameters.
public protocol PortBundle: Hashable {
  /// The valid/ready pairs among the members; elaboration checks that no `valid` waits for its `ready`.
  var handshakes: [Handshake] { get }
}

extension PortBundle {
  public var handshakes: [Handshake] { [] }
}

/// A signal that the initiator drives and the target reads.
public struct Forward<T: Value>: Hashable, BundleSignal {
  let declaration: Cell
  public init(_ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    declaration = Cell(T.self, width, SourceLocation(file, line))
  }
  /// The number of bits as declared.
  public var width: Int { declaration.shape.width }
  var isForward: Bool { true }
}
extension Forward where T == Bit {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(1, file: file, line: line) }
}

/// A signal that the target drives and the initiator reads.
public struct Backward<T: Value>: Hashable, BundleSignal {
  let declaration: Cell
  public init(_ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    declaration = Cell(T.self, width, SourceLocation(file, line))
  }
  /// The number of bits as declared.
  public var width: Int { declaration.shape.width }
  var isForward: Bool { false }
}
extension Backward where T == Bit {
  public init(file: StaticString = #fileID, line: UInt = #line) { self.init(1, file: file, line: line) }
}

/// A nested bundle whose initiator is the other side: a response beside a request.
public struct Flipped<Members: PortBundle>: Hashable, FlippedBundle {
  public let members: Members
  public init(_ members: Members) { self.members = members }
  var inner: any PortBundle { members }
}

/// A pair of signals by which one side offers something and the other takes it. Something is transferred
/// in the cycles in which both are true.
public struct Handshake {
  let valid: Cell
  let ready: Cell
  /// The initiator offers.
  public init(_ valid: Forward<Bit>, _ ready: Backward<Bit>) {
    self.valid = valid.declaration
    self.ready = ready.declaration
  }
  /// The target offers.
  public init(_ valid: Backward<Bit>, _ ready: Forward<Bit>) {
    self.valid = valid.declaration
    self.ready = ready.declaration
  }
}
