import HDL
import Testing

/// Every input of every instance is connected, once, and fits.

private struct Connections: Module, HasBase {
  static let base = #line
  @Input(9) var a: Unsigned
  @Output(8) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let adder = instance("adder", Adder())
    if !wrong { adder.$b = 1 }
    adder.$a = wrong ? a : a[0..<8]
    y = adder.$sum
    if wrong {
      When(a[0]) { adder.$b = 2 }
      _ = instance("lonely", Adder())
    }
  }
}

@Test func connections() {
  expectFindings(Connections(wrong: false))
  expectFindings(
    Connections(wrong: true),
    "+6: 'a' (unsigned 9-bit) cannot be connected to 'adder.a' (unsigned 8-bit): 1 bit would be lost; drop it with .truncated(to: 8)",
    "+11: input 'adder.b' is driven inside a When or Switch; drive a Wire there and connect that",
    "+12: input 'lonely.a' (unsigned 8-bit) is not connected; drive it with lonely.$a = …",
    "+12: input 'lonely.b' (unsigned 8-bit) is not connected; drive it with lonely.$b = …")
}

/// Names tell instances apart: in the Verilog, in waveforms, in diagnostics.
private struct Twins: Module, HasBase {
  static let base = #line
  @Output(4) var y: Unsigned
  func body() {
    let a = instance("counter", Counter(width: 4)), b = instance("counter", Counter(width: 4))
    (a.$enable, b.$enable) = (true, true)
    y = a.$value ^ b.$value
  }
}
@Test func instancesHaveNamesOfTheirOwn() {
  expectFindings(Twins(), "+3: instance 'counter' exists already; give this one another name")
}

/// A bundle that nothing connects is one mistake, and what is wrong inside an instance is none of its ports'.
private struct Loose: Module, HasBase {
  static let base = #line
  @Output(8) var y: Unsigned
  let depth: Int
  init(depth: Int) { self.depth = depth }
  func body() {
    let fifo = instance("fifo", FIFO(Stream<Unsigned>(8), depth: depth))
    y = fifo.output.payload
  }
}
@Test func looseBundles() {
  expectFindings(Loose(depth: 4),
    "+5: bundle 'fifo.input' (payload, valid) is not connected; use connect, or drive fifo.input",
    "+5: input 'fifo.output.ready' (1-bit) is not connected; drive it with fifo.output.ready = …")
  // The queue points to where it was asked for, not to its own source.
  expectFindings(Loose(depth: 0), "+5: a FIFO of depth 0 holds nothing; the least is 1")
}

/// What an instance is given can be read before it is connected, like any other value.
private struct Early: Module {
  let input = Target(Stream<Unsigned>(8))
  let output = Initiator(Stream<Unsigned>(8))
  @Output(4) var sent: Unsigned
  @Register(4) var count: Unsigned
  func body() {
    let fifo = instance("fifo", FIFO(Stream<Unsigned>(8), depth: 2))
    When(fifo.output.transfers) { count = count &+ 1 }
    sent = count
    connect(input, to: fifo.input)
    connect(fifo.output, to: output)
  }
}
@Test func inputsMayBeReadBeforeTheyAreConnected() throws {
  let simulation = try Simulation(Early())
  simulation.reset()
  (simulation.input.valid, simulation.output.ready) = (true, true)
  simulation.step(5)
  #expect(simulation.sent == 4)
  let text = try VerilogPrinter.files(elaborate(Early())).last?.text ?? ""
  #expect(text.contains("  wire fifo_output_ready;\n") && text.contains("  assign fifo_output_ready = output_ready;\n"), "\(text)")
}
