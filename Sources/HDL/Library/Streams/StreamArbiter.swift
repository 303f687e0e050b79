/// Merges several streams into one, whoever's turn it is.
///
/// No registers on the payload and no delay. An offer that has been made stands until it is taken, even when a
/// more important input appears meanwhile (rule 3 of `Stream`).
public struct StreamArbiter<T: Payload>: Module {
  public enum Policy: Hashable, Sendable {
    /// The lowest input that has something; it can starve the others.
    case priority
    /// After an input has had its turn, all others are asked before it is asked again.
    case roundRobin
  }
  public let policy: Policy
  public let inputs: [Target<Stream<T>>]
  public let output: Initiator<Stream<T>>
  var sourceBits: Int { indexBits(inputs.count) }
  /// The input that the output comes from, while `output.valid`.
  @Output(\Self.sourceBits) public var source: Unsigned
  /// Marks the payload with which a turn ends.
  private let last: KeyPath<T.Member, Forward<Bit>>?

  /// - Parameter last: when given, an input keeps its turn until it has sent a payload with this bit set: packets stay whole.
  public init(_ stream: Stream<T>, inputs count: Int, _ policy: Policy = .roundRobin, until last: KeyPath<T.Member, Forward<Bit>>? = nil) {
    self.policy = policy
    self.last = last
    inputs = (0..<count).map { _ in Target(stream) }
    output = Initiator(stream)
  }
  public var moduleName: String { "stream_arbiter_\(inputs.count)x\(output.members.payloadWidth)" }
  public var documentation: String {
    "Merges \(inputs.count) streams, \(policy == .priority ? "the lowest first" : "in turn")\(last == nil ? "" : ", packet by packet")."
  }

  public func body() {
    if inputs.isEmpty {
      reportWithoutGraph("a StreamArbiter without inputs has nothing to send; the least is 1")
      source = 0
      return output.end.driveZeros(forward: true)
    }
    let isHeld = Register<Bit>("isHeld"), holder = Register<Unsigned>("holder", source.width)
    let requests = concatenate(inputs.map(\.valid)).named("requests")
    let endsTurn = Wire<Bit>("endsTurn")
    let choice = policy == .priority ? lowest(requests, "choice") : nextInTurn(requests, endsTurn.value)
    let grant = select(isHeld.value, holder.value, choice).named("grant")

    let isLast = last.map { last in choose(grant, inputs.map { $0.payloadBit(last) }).named("isLast") } ?? true
    endsTurn.value = output.valid & output.ready & isLast
    When(output.valid) {
      isHeld.value = !endsTurn.value
      holder.value = grant
    }
    output.valid = choose(grant, inputs.map(\.valid))
    output.payloadBits = choose(grant, inputs.map(\.payloadBits))
    source = grant
    for (index, input) in inputs.enumerated() { input.ready = output.ready & (grant === Unsigned(index)) }
  }

  /// The first request from the register `turn` upwards, or else the first of all.
  private func nextInTurn(_ requests: Unsigned, _ endsTurn: Bit) -> Unsigned {
    let turn = Register<Unsigned>("turn", source.width)
    When(endsTurn) {
      turn.value = select(source === Unsigned(inputs.count - 1), 0, source &+ 1)
    }
    let fromTurn = concatenate(inputs.indices.map { index in
      (requests[index] & (turn.value <= Unsigned(index))).named("asksFromTurn\(index)")
    }).named("requestsFromTurn")
    return select(fromTurn.anyBitSet, lowest(fromTurn, "firstFromTurn"), lowest(requests, "first"))
  }

  /// The number of the lowest bit that is set; that of the highest bit if none is.
  private func lowest(_ requests: Unsigned, _ name: String) -> Unsigned {
    let number = Wire<Unsigned>(name, source.width)
    number.value = Unsigned(inputs.count - 1)
    for index in inputs.indices.dropLast().reversed() {
      When(requests[index]) { number.value = Unsigned(index) }
    }
    return number.value
  }
}
