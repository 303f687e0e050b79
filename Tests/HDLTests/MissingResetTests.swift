import HDL
import Testing

/// The search for missing resets finds them, names them, and is content without them.
@Suite struct MissingResetTests {
  /// Counts from wherever it was, if `isReset` is false.
  struct Tally: Module {
    let isReset: Bool
    @Input() var enable: Bit
    @Output(8) var total: Unsigned
    @Output() var fresh: Bit
    func body() {
      let count = Register<Unsigned>("count", 8, reset: isReset ? 0 : nil)
      let seen = Register<Bit>("seen")
      // Only properties look at it, so it is no suspect.
      let before = Register<Unsigned>("before", 8, reset: nil)
      before.value = count.value
      Assert(seen.value | (before.value === count.value) | enable, "nothing")
      When(enable) {
        count.value = count.value &+ 1
        seen.value = true
      }
      total = select(seen.value, count.value, 0)
      fresh = !seen.value
    }
  }
  private func stimulus(_ simulation: Simulation<Tally>) {
    simulation.reset(cycles: 2)
    simulation.step(3)
    simulation.enable = true
    simulation.step(10)
  }

  @Test func found() throws {
    let missing = try CompiledDesign(Tally(isReset: false)).missingReset(seeds: 1...2, stimulus)
    #expect(missing?.description == """
      tally: output 'total' (unsigned 8-bit) depends on what was there before reset: in cycle 6 it is 194 with seed 1 \
      and 207 with seed 2; without a reset, and different, too: 'count'; give them a reset, or write them before they matter
      """)
  }
  @Test func nothingToFind() throws {
    #expect(try CompiledDesign(Tally(isReset: true)).missingReset(stimulus) == nil)
    // A register without reset that is written before it matters is fine.
    #expect(try CompiledDesign(Sequencer()).missingReset { simulation in
      simulation.reset()
      simulation.start = true
      simulation.step(100)
    } == nil)
  }
}
