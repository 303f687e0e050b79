/// A stream: payloads that flow from an initiator to a target, one a cycle at most, with back-pressure.
///
/// The rules that every sender and receiver keeps:
/// 1. A payload is transferred in each cycle in which `valid` and `ready` are both true.
/// 2. The sender raises `valid` without waiting for `ready`. (Elaboration checks it.)
/// 3. Once `valid`, the sender keeps `valid` and the payload as they are until the transfer.
/// 4. The receiver may raise and lower `ready` as it likes, and may wait for `valid` before it does.
///
///     let input = Target(Stream<Unsigned>(8))
///     let output = Initiator(Stream<Unsigned>(8))
///     …
///     output.payload = input.payload
///     output.valid = input.valid
///     input.ready = output.ready
///
/// The payload is a value, or a `Record` of values.
public struct Stream<T: Payload>: StreamBundle {
  public let payload: T.Member
  public let valid: Forward<Bit>
  public let ready: Backward<Bit>

  init(member: T.Member, _ file: StaticString, _ line: UInt) {
    payload = member
    valid = Forward(file: file, line: line)
    ready = Backward(file: file, line: line)
  }
  public var handshakes: [Handshake] { [Handshake(valid, ready)] }
}

extension Stream where T: Value, T.Member == Forward<T> {
  /// A stream of values of `width` bits.
  public init(_ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(member: Forward(width, file: file, line: line), file, line)
  }
}
extension Stream where T: Record {
  /// A stream of records.
  public init(_ record: T, file: StaticString = #fileID, line: UInt = #line) { self.init(member: record, file, line) }
}

/// What a stream can carry. `Member` is how it stands in the stream's declaration.
public protocol Payload {
  associatedtype Member: Hashable
}
extension Bit: Payload { public typealias Member = Forward<Bit> }
extension Unsigned: Payload { public typealias Member = Forward<Unsigned> }
extension Signed: Payload { public typealias Member = Forward<Signed> }

/// Several values that travel together: a bundle whose members are all `Forward`.
///
///     struct Pixel: Record {
///       let red = Forward<Unsigned>(5), green = Forward<Unsigned>(6), blue = Forward<Unsigned>(5)
///       let last = Forward<Bit>()
///     }
///     let pixels = Target(Stream(Pixel()))          // pixels.payload.red, pixels.payload.last
public protocol Record: PortBundle, Payload where Member == Self {}

/// `Stream`, whatever it carries: what components that do not look at the payload ask for.
public protocol StreamBundle: PortBundle {
  associatedtype Element: Payload
  var payload: Element.Member { get }
  var valid: Forward<Bit> { get }
  var ready: Backward<Bit> { get }
}
extension Stream {
  public typealias Element = T
}
extension StreamBundle {
  /// The number of bits of the payload.
  public var payloadWidth: Int { payloadLeaves.reduce(0) { $0 + $1.declaration.shape.width } }

  var payloadLeaves: [BundleContents.Leaf] { BundleContents(ofMember: payload).leaves }
}
