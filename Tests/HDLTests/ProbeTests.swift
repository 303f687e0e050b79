import HDL
import Testing

/// Signals deep in the hierarchy that are looked up once.
@Suite struct ProbeTests {
  @Test func signalsAndWordsOfMemories() throws {
    let simulation = try Simulation(Outer())
    let count = try simulation.probe("inner.count"), word = try simulation.probe("inner.rows[2]"), wide = try simulation.probe("inner.rows[3]")
    simulation.reset()
    simulation.go = true
    for cycle in 0..<8 {
      #expect(try count.int == cycle - 4 && count.value == simulation.peek("inner.count") && count.bit == (cycle != 4))
      #expect(try word.value == simulation.peek("inner.rows[2]") && word.bit == (cycle > 2) && word.int == (cycle > 2 ? 2 : 0))
      simulation.step()
    }
    try simulation.poke("inner.rows[3]", UInt64.max)
    #expect(wide.value.hexadecimal == "ffffffffffffffff" && wide.bit)
    // What a test drives is seen at once.
    let go = try simulation.probe("inner.go")
    simulation.go = false
    #expect(!go.bit)
    simulation.go = true
    #expect(go.bit)
  }

  @Test func unknownNames() throws {
    let simulation = try Simulation(Outer())
    for (name, hint) in [("inner.cuont", "; did you mean 'inner.count'?"), ("iner.count", "; did you mean 'inner'?"), ("inner.rows[4]", "; did you mean 'inner.rows[0]'?")] {
      let error = #expect(throws: UnknownSignal.self) { _ = try simulation.probe(name) }
      #expect(error?.description == "outer: there is no signal '\(name)'\(hint)")
    }
  }

  @Test func probesOnlyRead() async {
    let signal = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(Outer()).probe("inner.count").int = 3
    }
    #expect(errors(of: signal).contains("outer: 'inner.count' (signed 4-bit) cannot be driven, because it is not an input of the top"))
    let word = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(Outer()).probe("inner.rows[1]").bit = true
    }
    #expect(errors(of: word).contains("outer: 'inner.rows[1]' cannot be driven, because it is a word of a memory; write it with poke"))
    let wide = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let simulation = try Simulation(Outer())
      try simulation.poke("inner.rows[1]", UInt64.max)
      print(try simulation.probe("inner.rows[1]").int)
    }
    #expect(errors(of: wide).contains("outer: 'inner.rows[1]' is 0xffffffffffffffff, which no Int holds; read its value"))
  }

  private func errors(of result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
}

private struct Outer: Module {
  @Input() var go: Bit
  @Output(64) var word: Unsigned
  func body() {
    let inner = instance("inner", Inner())
    inner.$go = go
    word = inner.$word
  }
}
/// Counts from -4 on, and writes each number into a memory.
private struct Inner: Module {
  @Input() var go: Bit
  @Output(64) var word: Unsigned
  @Register(4, reset: -4) var count: Signed
  func body() {
    let rows = Memory("rows", depth: 4, width: 64)
    let address = (count.asUnsigned &+ 4)[0..<2]
    When(go) { count = count &+ 1 }
    rows.write(at: address, address.extended(to: 64), when: go)
    word = rows.read(at: address)
  }
}
