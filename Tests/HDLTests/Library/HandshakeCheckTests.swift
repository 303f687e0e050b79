import HDL
import Testing

/// A sender that waits for its receiver is refused, wherever the path runs; a receiver may wait.

private struct Waiting: Module, HasBase {
  enum Path { case none, condition, instance, receiver }
  static let base = #line
  let path: Path
  let input = Target(Stream<Unsigned>(8))
  let output = Initiator(Stream<Unsigned>(8))

  func body() {
    output.payload = input.payload
    output.valid = input.valid
    input.ready = output.ready
    switch path {
    case .none: break
    case .condition: When(!output.ready) { output.valid = false }
    case .instance:
      let gate = instance("gate", Gate())
      gate.$a = output.ready
      When(gate.$y) { output.valid = false }
    case .receiver: When(!input.valid) { input.ready = false }
    }
  }
}
private struct Gate: Module {
  @Input() var a: Bit
  @Output() var y: Bit
  func body() { y = !a }
}

@Test func sendersDoNotWait() {
  expectFindings(Waiting(path: .none))
  expectFindings(Waiting(path: .receiver))
  let finding =
    "+3: 'output.valid' follows 'output.ready' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals"
  expectFindings(Waiting(path: .condition), finding)
  expectFindings(Waiting(path: .instance), finding)
}

/// The same where the target offers: the responses of a bus.
private struct Shy: Module, HasBase {
  static let base = #line
  let bus = Target(AXI4Lite(addressWidth: 8))
  func body() {
    bus.awready = bus.awvalid
    bus.wready = bus.wvalid
    bus.bresp = 0
    bus.bvalid = bus.bready
    bus.arready = bus.arvalid
    bus.rdata = concatenate([bus.araddr, bus.awaddr, bus.wdata[0..<16]])
    bus.rresp = bus.wstrb[0..<2]
    bus.rvalid = bus.arvalid & bus.rready
  }
}
@Test func targetsThatOfferDoNotWait() {
  expectFindings(Shy(),
    "+1: 'bus.bvalid' follows 'bus.bready' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals",
    "+1: 'bus.rvalid' follows 'bus.rready' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals")
}

/// The same where a module sends to an instance: neither its own logic nor another instance may wait for the receiver.
private struct Feeding: Module, HasBase {
  enum Path { case none, direct, instance, otherReceiver }
  static let base = #line
  let path: Path
  let input = Target(Stream<Unsigned>(8))
  let outputs = [Initiator(Stream<Unsigned>(8)), Initiator(Stream<Unsigned>(8))]

  func body() {
    let fork = instance("fork", StreamFork(Stream<Unsigned>(8), outputs: 2, path == .otherReceiver ? .lazy : .eager))
    let queue = instance("queue", FIFO(Stream<Unsigned>(8), depth: 2)), gate = instance("gate", Gate())
    connect(input, to: fork.input)
    connect(fork.outputs[1], to: outputs[1])
    connect(queue.output, to: outputs[0])
    ignore(queue.$level)
    let offer = fork.outputs[0]
    gate.$a = queue.input.ready
    offer.ready = queue.input.ready
    queue.input.payload = offer.payload
    queue.input.valid = switch path {
    case .none, .otherReceiver: offer.valid
    case .direct: offer.valid & queue.input.ready
    case .instance: offer.valid & !gate.$y
    }
  }
}
@Test func instancesAreNotWaitedFor() {
  expectFindings(Feeding(path: .none))
  expectFindings(Feeding(path: .otherReceiver))
  let finding =
    "+7: 'queue.input.valid' follows 'queue.input.ready' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals"
  expectFindings(Feeding(path: .direct), finding)
  expectFindings(Feeding(path: .instance), finding)
}

/// Receivers whose readiness follows the offers at once: that is their own right.
private struct Merging: Module, HasBase {
  static let base = #line
  let input = Target(Stream<Unsigned>(8))
  let output = Initiator(Stream<Unsigned>(8))

  func body() {
    let fork = instance("fork", StreamFork(Stream<Unsigned>(8), outputs: 4, .eager))
    let join = instance("join", StreamJoin(Stream<Unsigned>(8), Stream<Unsigned>(8)))
    let arbiter = instance("arbiter", StreamArbiter(Stream<Unsigned>(8), inputs: 3, .priority))
    connect(input, to: fork.input)
    connect(fork.outputs[0], to: join.first)
    connect(fork.outputs[1], to: join.second)
    connect(fork.outputs[2], to: arbiter.inputs[0])
    connect(fork.outputs[3], to: arbiter.inputs[1])
    arbiter.inputs[2].payload = join.output.payload.first ^ join.output.payload.second
    arbiter.inputs[2].valid = join.output.valid
    join.output.ready = arbiter.inputs[2].ready
    ignore(arbiter.$source)
    output.payload = arbiter.output.payload
    output.valid = arbiter.output.valid
    arbiter.output.ready = output.ready & arbiter.output.valid
  }
}
@Test func receiversMayFollowOffers() { expectFindings(Merging()) }
