import HDL
import Testing

/// Functions of bits, every one against Swift's own arithmetic.

private struct Functions: Module {
  @Input(11) var x: Unsigned
  @Input(4) var n: Unsigned
  @Input(6) var s: Signed
  @Input(6) var t: Signed
  @Output(4) var count: Unsigned
  @Output(4) var lowest: Unsigned
  @Output(4) var highest: Unsigned
  @Output(11) var alone: Unsigned
  @Output(11) var decoded: Unsigned
  @Output(4) var encoded: Unsigned
  @Output(11) var reversed: Unsigned
  @Output(11) var left3: Unsigned
  @Output(11) var right14: Unsigned
  @Output(11) var left: Unsigned
  @Output(11) var right: Unsigned
  @Output(16) var extended: Unsigned
  @Output(7) var saturated: Unsigned
  @Output(4) var nearest: Signed
  @Output(6) var magnitude: Unsigned
  @Output(6) var least: Signed
  @Output(6) var greatest: Signed
  func body() {
    count = x.popCount
    lowest = x.lowestSetBit
    highest = x.highestSetBit
    alone = x.lowestBitAlone
    decoded = n.oneHot(11)
    encoded = x.lowestBitAlone.oneHotIndex
    reversed = x.reversed
    left3 = x.rotatedLeft(by: 3)
    right14 = x.rotatedRight(by: 14)
    left = x.rotatedLeft(by: n)
    right = x.rotatedRight(by: n)
    extended = x.signExtended(to: 16)
    saturated = x.saturated(to: 7)
    nearest = s.saturated(to: 4)
    magnitude = s.magnitude
    least = min(s, t)
    greatest = max(s, t)
  }
}

@Suite struct BitFunctionTests {
  @Test func allOfThemAreRight() throws {
    let simulation = try Simulation(Functions())
    func rotated(_ x: Int, _ count: Int) -> Int {
      let by = (count % 11 + 11) % 11
      return (x << by | x >> (11 - by)) & 0x7FF
    }
    for x in 0..<2048 {
      let n = x & 15, s = (x & 63) - (x & 32) * 2, t = (x >> 5 & 63) - (x >> 5 & 32) * 2
      (simulation.x, simulation.n, simulation.s, simulation.t) = (x, n, s, t)
      let lowest = x == 0 ? 0 : x.trailingZeroBitCount
      #expect(simulation.count == x.nonzeroBitCount)
      #expect(simulation.lowest == lowest)
      #expect(simulation.highest == (x == 0 ? 0 : 63 - x.leadingZeroBitCount))
      #expect(simulation.alone == x & -x)
      #expect(simulation.decoded == (n < 11 ? 1 << n : 0))
      #expect(simulation.encoded == lowest)
      #expect(simulation.reversed == (0..<11).reduce(0) { $0 | (x >> $1 & 1) << (10 - $1) })
      #expect(simulation.left3 == rotated(x, 3))
      #expect(simulation.right14 == rotated(x, -14))
      #expect(simulation.left == rotated(x, n))
      #expect(simulation.right == rotated(x, -n))
      #expect(simulation.extended == (x & 0x400 == 0 ? x : x | 0xF800))
      #expect(simulation.saturated == Swift.min(x, 127))
      #expect(simulation.nearest == Swift.max(-8, Swift.min(7, s)))
      #expect(simulation.magnitude == abs(s))
      #expect(simulation.least == Swift.min(s, t))
      #expect(simulation.greatest == Swift.max(s, t))
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Functions()))
    #expect(complaints == "")
  }
}
