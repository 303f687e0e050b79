import HDL
import HDLExamples
import Testing

@Test func gcdComputesDivisors() throws {
  var random = SplitMix("divisors")
  let simulation = try Simulation(GCD())
  simulation.reset()
  for _ in 0..<50 {
    let a = random.once(in: 8) ? 0 : random.bits(10), b = random.once(in: 8) ? 0 : random.bits(10)
    simulation.input.payload.a = a
    simulation.input.payload.b = b
    simulation.input.valid = true
    #expect(simulation.input.ready)
    simulation.step()
    simulation.input.valid = false
    try simulation.run(until: { $0.output.valid }, limit: 1100, "the divisor of \(a) and \(b)")
    var (x, y) = (a, b)
    while y > 0 { (x, y) = (y, x % y) }
    #expect(simulation.output.payload == x, "\(a), \(b)")
    simulation.step(random.bits(2))
    #expect(simulation.output.valid && simulation.output.payload == x)
    simulation.output.ready = true
    simulation.step()
    simulation.output.ready = false
  }
}

@Test(arguments: [1, 4, 5]) func queueKeepsOrder(depth: Int) throws {
  var random = SplitMix("a queue of \(depth)")
  let simulation = try Simulation(Queue(depth: depth, width: 8))
  var model: [Int] = [], greatest = 0
  simulation.reset()
  for cycle in 0..<1000 {
    // Times in which it fills, and times in which it empties.
    simulation.input.valid = random.once(in: cycle / 50 % 2 == 0 ? 1 : 3)
    simulation.input.payload = random.bits(8)
    simulation.output.ready = random.once(in: cycle / 50 % 2 == 0 ? 3 : 1)
    #expect(simulation.count == model.count)
    #expect(simulation.input.ready == (model.count < depth))
    #expect(simulation.output.valid == !model.isEmpty)
    if let first = model.first { #expect(simulation.output.payload == first) }
    let leaves = simulation.output.ready && !model.isEmpty, enters = simulation.input.valid && model.count < depth
    if leaves { model.removeFirst() }
    if enters { model.append(simulation.input.payload) }
    greatest = max(greatest, model.count)
    simulation.step()
  }
  #expect(greatest == depth)
}

@Test func packetsStayWholeAndInOrder() throws {
  var random = SplitMix("packets")
  let ports = 3
  let simulation = try Simulation(PacketArbiter(ports: ports, bytes: 2, depth: 16))
  simulation.reset()
  /// A beat says where it comes from, and its number there; every third is the last of its packet, at port 2 every one.
  func isLast(_ port: Int, _ number: Int) -> Bool { number % 3 == 2 || port == 2 }
  var sent = [0, 0, 0], received = [0, 0, 0], open: Int?, packets = 0
  for _ in 0..<3000 {
    for port in 0..<ports {
      let input = simulation.inputs[port]
      if !input.valid && random.once(in: 2) { input.valid = true }
      input.payload.data = port << 12 | sent[port] & 0xFFF
      input.payload.keep = 3
      input.payload.last = isLast(port, sent[port])
    }
    simulation.output.ready = !random.once(in: 4)
    if simulation.output.valid && simulation.output.ready {
      let beat = simulation.output.payload, port = beat.user
      #expect(beat.data == port << 12 | received[port] & 0xFFF)
      #expect(open == nil || open == port, "a packet was interrupted")
      #expect(beat.last == isLast(port, received[port]))
      open = beat.last ? nil : port
      if beat.last { packets += 1 }
      received[port] += 1
    }
    let taken = (0..<ports).filter { simulation.inputs[$0].valid && simulation.inputs[$0].ready }
    simulation.step()
    for port in taken {
      sent[port] += 1
      simulation.inputs[port].valid = false
    }
    #expect(simulation.packets == packets & 0xFFFF)
  }
  #expect(received.allSatisfy { $0 > 100 }, "\(received)")
}

/// A transmitter whose line goes to a receiver.
struct UARTLoop: Module {
  let divisor: Int
  let input = Target(Stream<Unsigned>(8)), output = Initiator(Stream<Unsigned>(8))
  @Output() var framingError: Bit
  init(divisor: Int) { self.divisor = divisor }
  func body() {
    let transmitter = instance("transmitter", UARTTransmitter(divisor: divisor))
    let receiver = instance("receiver", UARTReceiver(divisor: divisor))
    connect(input, to: transmitter.input)
    connect(receiver.output, to: output)
    receiver.$line = transmitter.$line
    framingError = receiver.$framingError
  }
}

@Test(arguments: [4, 5, 104]) func uartCarriesBytes(divisor: Int) throws {
  let simulation = try Simulation(UARTLoop(divisor: divisor))
  simulation.reset()
  simulation.output.ready = true
  for byte in stride(from: 0, to: 256, by: divisor > 50 ? 51 : 1) {
    simulation.input.payload = byte
    simulation.input.valid = true
    simulation.step()
    simulation.input.valid = false
    try simulation.run(until: { $0.output.valid || $0.framingError }, limit: 11 * divisor, "byte \(byte)")
    #expect(simulation.output.valid && simulation.output.payload == byte)
    try simulation.run(until: { $0.input.ready }, limit: 2 * divisor, "the end of byte \(byte)")
  }
}

@Test func uartReceiverIgnoresGlitchesAndReportsBadStopBits() throws {
  let divisor = 16
  let simulation = try Simulation(UARTReceiver(divisor: divisor))
  func hold(_ level: Bool, _ cycles: Int) -> (bytes: Int, errors: Int) {
    simulation.line = level
    var count = (0, 0)
    for _ in 0..<cycles {
      simulation.step()
      if simulation.output.valid { count.0 += 1 }
      if simulation.framingError { count.1 += 1 }
    }
    return count
  }
  simulation.line = true
  simulation.reset()
  simulation.output.ready = true
  #expect(hold(true, 5) == (0, 0))
  #expect(hold(false, divisor / 4) == (0, 0))
  #expect(hold(true, 12 * divisor) == (0, 0))
  // A byte of zeros whose stop bit is a zero, too.
  #expect(hold(false, 10 * divisor - 2) == (0, 1))
  #expect(hold(true, 12 * divisor) == (0, 0))
}
