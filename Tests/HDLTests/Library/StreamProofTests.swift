import HDL
import Testing

/// Proofs of the components of streams: for a while all inputs, waits and payloads are tried at once.
///
/// Order is shown with one payload that nobody knows beforehand: the one in place `chosen`, a number that is free but
/// never changes. What leaves in that place must be what came in that place.
private func remembered(chosen: Unsigned, _ stream: Target<Stream<Unsigned>>, in domain: ClockDomain? = nil) -> (isThere: Bit, payload: Unsigned) {
  let place = Register<Unsigned>("enteredPlace", chosen.width, in: domain)
  let isThere = Register<Bit>("enteredIsThere", in: domain), payload = Register<Unsigned>("entered", stream.payload.width, in: domain)
  When(stream.transfers) {
    place.value = place.value &+ 1
    When(place.value === chosen) {
      isThere.value = true
      payload.value = stream.payload
    }
  }
  return (isThere.value, payload.value)
}

/// A component with one input and one output between a sender and a receiver that keep the rules.
private struct Ordered<Component: Module>: Module {
  let component: Component
  let inputPath: KeyPath<Component, Target<Stream<Unsigned>>>
  let outputPath: KeyPath<Component, Initiator<Stream<Unsigned>>>
  let input = Target(Stream<Unsigned>(2))
  let output = Initiator(Stream<Unsigned>(2))
  @Input(4) var chosen: Unsigned

  func body() {
    let part = instance("part", component)
    let inside = part[dynamicMember: inputPath], outside = part[dynamicMember: outputPath]
    connect(input, to: inside)
    connect(outside, to: output)
    input.assumeRules("input")
    outside.assertRules("output")

    @Register<Unsigned>("lastChosen", 4) var lastChosen
    @Register("isRunning") var isRunning: Bit
    lastChosen = chosen
    isRunning = true
    Assume(!isRunning | (chosen === lastChosen), "the chosen place does not change")
    let entered = remembered(chosen: chosen, input)
    @Register<Unsigned>("leftPlace", 4) var leftPlace
    When(output.transfers) { leftPlace = leftPlace &+ 1 }
    let isChosen = output.valid & (leftPlace === chosen)
    Assert(!isChosen | entered.isThere, "nothing leaves before it came")
    Assert(!isChosen | (output.payload === entered.payload), "what leaves in a place is what came in it")
    Cover(output.transfers & (leftPlace === 5), "six payloads pass")
  }
}

/// Three senders that keep the rules, and an arbiter between them.
private struct Arbitrated<T: Payload>: Module {
  let arbiter: StreamArbiter<T>
  let last: KeyPath<T.Member, Forward<Bit>>?
  let inputs: [Target<Stream<T>>]
  let output: Initiator<Stream<T>>

  init(_ stream: Stream<T>, _ policy: StreamArbiter<T>.Policy, until last: KeyPath<T.Member, Forward<Bit>>? = nil) {
    arbiter = StreamArbiter(stream, inputs: 3, policy, until: last)
    self.last = last
    inputs = (0..<3).map { _ in Target(stream) }
    output = Initiator(stream)
  }
  func body() {
    let part = instance("part", arbiter)
    let source = part.$source
    connect(part.output, to: output)
    for (index, input) in inputs.enumerated() {
      connect(input, to: part.inputs[index])
      input.assumeRules("input\(index)")
      let isSource = source === Unsigned(index)
      Assert(input.transfers === (output.transfers & isSource), "exactly the source is taken, exactly when the output is")
      Assert(!output.valid | !isSource | (input.payloadBits === part.output.payloadBits), "the output has the payload of its source")
      if arbiter.policy == .roundRobin && last == nil { assertFairness(input, index) }
    }
    part.output.assertRules("output")
    if let last { assertWholePackets(source, part.output.payloadBit(last)) }
    Cover(output.transfers & (source === 2), "the last input gets its turn")
  }

  /// While an input waits, each of the others has at most one turn.
  private func assertFairness(_ input: Target<Stream<T>>, _ index: Int) {
    let others = Register<Unsigned>("othersBefore\(index)", 4)
    When(!input.valid | input.transfers) { others.value = 0 }.ElseWhen(output.transfers) { others.value = others.value &+ 1 }
    Assert(others.value <= 2, "nobody waits for more than one turn of each of the others")
  }
  private func assertWholePackets(_ source: Unsigned, _ isLast: Bit) {
    let isInside = Register<Bit>("isInside"), owner = Register<Unsigned>("owner", source.width)
    When(output.transfers) {
      isInside.value = !isLast
      owner.value = source
    }
    Assert(!isInside.value | !output.valid | (source === owner.value), "packets stay whole")
  }
}

private struct Packet: Record {
  let data = Forward<Bit>()
  let last = Forward<Bit>()
}

/// The queue between two clocks that tick as they like.
private struct QueueBetweenClocks: Module {
  let write = ClockDomain("write"), read = ClockDomain("read")
  let input: Target<Stream<Unsigned>>
  let output: Initiator<Stream<Unsigned>>
  init() {
    input = Target(Stream(1), in: write)
    output = Initiator(Stream(1), in: read)
  }
  func body() {
    let part = instance("part", AsyncFIFO(Stream<Unsigned>(1), depth: 2))
    part.write = write
    part.read = read
    connect(input, to: part.input)
    connect(part.output, to: output)

    let entered = Register<Unsigned>("enteredCount", 4, in: write), left = Register<Unsigned>("leftCount", 4, in: read)
    When(input.transfers) { entered.value = entered.value &+ 1 }
    When(output.transfers) { left.value = left.value &+ 1 }
    let enteredNow = assumeStable(entered.value, into: read, because: "a property looks at both sides at once")
    let inside = (enteredNow &- left.value).named("inside")
    Assert(inside <= 3, "the queue is never overfull, nor less than empty", in: read)
    Assert(!output.valid | (inside !== 0), "nothing leaves that has not come", in: read)
    Cover(left.value === 1, "a payload passes", in: read)
  }
}

@Suite(.enabled(if: BoundedProof.isAvailable)) struct StreamProofTests {
  private func check(_ top: some Module, depth: Int, spoilt by: (String, String), _ finding: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    let design = try elaborate(top)
    #expect(try BoundedProof(design: design, depth: depth).check() == .holds, sourceLocation: sourceLocation)
    #expect(try BoundedProof(design: design, depth: depth).cover() == .holds, sourceLocation: sourceLocation)
    let text = VerilogPrinter.text(design)
    #expect(text.contains(by.0), sourceLocation: sourceLocation)
    let spoilt = BoundedProof(design: design, depth: depth, mutation: { $0.replacing(by.0, with: by.1) })
    let verdict = try spoilt.check()
    #expect(verdict == .fails(finding), sourceLocation: sourceLocation)
  }

  @Test func fifoInRegisters() throws {
    let top = Ordered(component: FIFO(Stream<Unsigned>(2), depth: 3), inputPath: \.input, outputPath: \.output)
    try check(top, depth: 12, spoilt: ("input_ready = count != 2'd3", "input_ready = 1'b1"), "output keeps valid until the transfer")
  }
  @Test func fifoInMemory() throws {
    let top = Ordered(component: FIFO(Stream<Unsigned>(2), depth: 4, storage: .memory), inputPath: \.input, outputPath: \.output)
    try check(top, depth: 12, spoilt: ("is_waiting = count != {2'd0, is_fetched}", "is_waiting = count != 3'd0"), "what leaves in a place is what came in it")
  }
  @Test func skidBuffer() throws {
    let top = Ordered(component: SkidBuffer(Stream<Unsigned>(2)), inputPath: \.input, outputPath: \.output)
    try check(top, depth: 12, spoilt: ("offer <= is_aside ? aside : input_payload", "offer <= input_payload"), "what leaves in a place is what came in it")
  }
  @Test func streamRegister() throws {
    let top = Ordered(component: StreamRegister(Stream<Unsigned>(2)), inputPath: \.input, outputPath: \.output)
    try check(top, depth: 12, spoilt: ("input_ready = !is_held || output_ready", "input_ready = 1'b1"), "output keeps its payload until the transfer")
  }

  @Test func arbiterInTurn() throws {
    try check(Arbitrated(Stream<Unsigned>(1), .roundRobin), depth: 12, spoilt: ("turn <= (source == 2'd2) ? 2'd0 : source + 2'd1", "turn <= source"), "nobody waits for more than one turn of each of the others")
  }
  @Test func arbiterByPriority() throws {
    try check(Arbitrated(Stream<Unsigned>(1), .priority), depth: 12, spoilt: ("grant = is_held ? holder : choice", "grant = choice"), "output keeps its payload until the transfer")
  }
  @Test func arbiterOfPackets() throws {
    try check(Arbitrated(Stream(Packet()), .roundRobin, until: \.last), depth: 12, spoilt: ("is_held <= !ends_turn", "is_held <= !output_ready"), "packets stay whole")
  }
  @Test func asyncFIFO() throws {
    try check(QueueBetweenClocks(), depth: 12, spoilt: ("full_code = read_gray_synchronized ^ 2'd3", "full_code = read_gray_synchronized ^ 2'd1"), "the queue is never overfull, nor less than empty")
  }
}
