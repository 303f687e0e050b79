import HDL
import Testing

/// The simulator as a test sees it: pokes, peeks, steps, waits, and what it says when they make no sense.
@Suite struct SimulationTests {
  @Test func countsWhileEnabled() throws {
    let simulation = try Simulation(Counter(width: 8))
    simulation.reset()
    simulation.enable = true
    simulation.step(3)
    #expect(simulation.value == 3)
    #expect(simulation.count == 3)
    simulation.enable = false
    simulation.step(5)
    #expect(simulation.value == 3 && simulation.cycle == 9)
    simulation.enable = true
    simulation.step(254)
    #expect(simulation.value == 1)
    simulation.reset()
    #expect(simulation.value == 0)
  }

  @Test func systolicArrayMultiplies() throws {
    let simulation = try Simulation(MultiplyAccumulate())
    simulation.reset()
    var sum = 0
    for (a, b) in [(3, 4), (-128, -128), (127, -128), (-1, 1)] {
      simulation.a = a
      simulation.b = b
      simulation.step()
      sum += a * b
      #expect(simulation.accumulator == sum)
      #expect(simulation.aNext == a)
    }
    simulation.clear = true
    simulation.step()
    #expect(simulation.accumulator == -1)
  }
}
