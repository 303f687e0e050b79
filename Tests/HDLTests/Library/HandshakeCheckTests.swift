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
