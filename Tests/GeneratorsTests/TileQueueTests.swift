import HDL
import Machine
import Testing

@testable import Generators

/// The queue of finished tiles against a list.
@Suite struct TileQueueTests {
  /// Tiles come whenever there is room and leave in their order, each as soon as it can; a stop empties the queue, and so do the
  /// cycles after it.
  @Test(arguments: [2, 4, 16]) func tilesLeaveInOrder(_ tiles: Int) throws {
    let seed = SplitMix.freshSeed(), width = 40
    var random = SplitMix(state: seed)
    let simulation = try Simulation(TileQueue(tiles: tiles, width: width), .random(seed: seed))
    simulation.reset()
    var waiting: [(tile: Int, since: Int)] = [], left = 0, fullest = 0, stopped = 0
    for cycle in 0..<4000 {
      let pace = cycle / 200 % 3 * 40 + 10
      stopped = random.chance(1) ? random.int(1...6) : max(0, stopped - 1)
      let isReady = random.chance(100 - pace), comes = random.chance(pace) && (waiting.count < tiles || stopped > 0)
      let tile = Int(truncatingIfNeeded: random.next() & (1 << UInt64(width) - 1))
      (simulation.ready, simulation.capture, simulation.tile, simulation.discards) = (isReady, comes, tile, stopped > 0)
      let canLeave = waiting.first.map { cycle >= $0.since + Timing.tileQueue } ?? false
      // What happens in the cycle of a stop is nobody's business.
      if stopped == 0 {
        try require(simulation.leaves, isReady && canLeave, "seed \(seed), cycle \(cycle), a tile leaves")
        if canLeave { try require(simulation.head, waiting[0].tile, "seed \(seed), cycle \(cycle), its sums") }
      }
      simulation.step()
      if stopped > 0 {
        waiting = []
      } else {
        if isReady && canLeave { (waiting, left) = (Array(waiting.dropFirst()), left + 1) }
        if comes { waiting.append((tile, cycle)) }
      }
      fullest = max(fullest, waiting.count)
    }
    #expect(left > 500 && fullest == tiles, "seed \(seed)")
  }
}
