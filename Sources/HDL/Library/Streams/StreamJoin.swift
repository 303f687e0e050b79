/// Combines two streams: one payload from each makes one payload of the output.
///
/// No registers and no delay; a payload waits at its input until its partner is there.
///
///     StreamJoin(Stream<Unsigned>(8), Stream<Signed>(16))     // output.payload.first, output.payload.second
public struct StreamJoin<First: Payload, Second: Payload>: Module {
  public let first: Target<Stream<First>>
  public let second: Target<Stream<Second>>
  public let output: Initiator<Stream<Pair<First, Second>>>

  public init(_ first: Stream<First>, _ second: Stream<Second>) {
    self.first = Target(first)
    self.second = Target(second)
    output = Initiator(Stream(Pair(first, second)))
  }
  public var documentation: String { "One payload from each of two streams makes one of the output." }

  public func body() {
    output.valid = first.valid & second.valid
    first.ready = second.valid & output.ready
    second.ready = first.valid & output.ready
    output.payloadBits = concatenate([first.payloadBits, second.payloadBits])
  }
}

/// Two payloads that travel together.
public struct Pair<First: Payload, Second: Payload>: Record {
  public let first: First.Member
  public let second: Second.Member
  /// The payloads of two streams, which must have been declared separately.
  public init(_ first: Stream<First>, _ second: Stream<Second>) {
    self.first = first.payload
    self.second = second.payload
  }
}
