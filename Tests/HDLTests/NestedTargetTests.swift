import HDL
import Testing

/// Bits of members and of elements as targets: they are bits of the whole, and nothing else of it is assigned.

private struct Pair: Record {
  let low = Forward<Unsigned>(4)
  let high = Forward<Signed>(8)
}

private struct Nested: Module {
  @Input() var go: Bit
  @Input(2) var place: Unsigned
  @Input(4) var x: Unsigned
  @Output(12) var pair: Unsigned
  @Output(36) var all: Unsigned
  @Register(Pair()) var entry: Packed<Pair>
  @Register(count: 3, of: Pair()) var entries: Vector<Packed<Pair>>

  func body() {
    entry.low = x
    entry.high[0..<4] = x
    entries = Vector(entries.elements)
    When(go) {
      entry.low[1..<3] = 0
      entry.high[place, width: 2] = 3
      entries[1].high[4...] = x
      entries[place].low[place] = 1
    }
    pair = entry.asUnsigned
    all = entries.asUnsigned
  }
}

@Suite struct NestedTargetTests {
  @Test func onlyTheseBits() throws {
    let simulation = try Simulation(Nested())
    simulation.reset()
    simulation.x = 0b1111
    simulation.step()
    #expect(simulation.pair == 0b0000_1111_1111)
    (simulation.go, simulation.place, simulation.x) = (true, 2, 0b0110)
    simulation.step()
    // What stands before it in the same cycle stays, outside of these bits.
    #expect(simulation.pair == 0b0011_0110_0000)
    #expect(simulation.all == 0b0000_0000_0100 << 24 | 0b0110_0000_0000 << 12)
    (simulation.place, simulation.x) = (3, 0)
    simulation.step()
    #expect(simulation.all == 0b0000_0000_0100 << 24)
    #expect(simulation.pair == 0b1111_0000_0000)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Nested()))
    #expect(complaints == "")
  }

  /// A copy that is changed and assigned elsewhere is a value.
  @Test func aCopyIsAValue() throws {
    struct Copy: Module {
      @Input(4) var x: Unsigned
      @Output(12) var pair: Unsigned
      @Register(Pair()) var entry: Packed<Pair>
      func body() {
        entry.low = x
        entry.high = 5
        var copy = entry
        copy.low[0] = true
        pair = copy.asUnsigned
      }
    }
    let simulation = try Simulation(Copy())
    simulation.reset()
    simulation.x = 6
    #expect(simulation.pair == 1)
    simulation.step()
    #expect(simulation.pair == 0b0000_0101_0111)
  }
}
