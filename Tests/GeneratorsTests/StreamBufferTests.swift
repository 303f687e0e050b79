import HDL
import Machine
import Testing

@testable import Generators

@Suite struct StreamBufferTests {
  /// Windows of random lengths go in, in chunks of up to V bytes, and come out C bytes a step for every element that shares an output,
  /// against a queue. A window begins on a multiple of what a step takes; what fills up the one before may be anything.
  @Test(arguments: [(4, 2, 1), (4, 4, 1), (8, 2, 4), (8, 8, 1), (8, 4, 2), (16, 4, 4), (32, 4, 2)])
  func isAQueueOfBytes(_ lanes: Int, _ dotProduct: Int, _ parts: Int) throws {
    let configuration = Configuration(
      name: "bench", pixels: 1, channels: 4, dotProduct: dotProduct, memoryLanes: lanes, postLanes: 1, mergedElements: parts)
    let size = configuration.streamBufferBytes, seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(StreamBuffer(configuration), .random(seed: seed))
    simulation.reset()
    var queue: [Int?] = [], position = 0, windowLeft = 0
    var writes = 50, pops = 50, wasFull = 0, wasEmpty = 0, merged = 1
    for cycle in 0..<2500 {
      let place = "seed \(seed), cycle \(cycle)"
      if cycle % 60 == 0 { (writes, pops) = random.pick([(95, 10), (10, 95), (100, 100), (50, 50)]) }
      let taken = merged * dotProduct, isReady = queue.count >= taken
      for (level, port) in simulation.read.merged.levels.enumerated() { port.isAsked = merged == 2 << level }
      try require(simulation.read.available, isReady, "\(place), available with \(queue.count) bytes")
      if isReady {
        for (lane, byte) in simulation.peek(\.words).unpacked(width: 8).enumerated() {
          // Part p of R shows slice p·r/R of what the step takes.
          let part = lane / dotProduct, at = part * merged / parts * dotProduct + lane % dotProduct
          if let expected = queue[at] { try require(byte, expected, "\(place), lane \(lane % dotProduct) of part \(part), \(merged) merged") }
        }
      }
      let isCleared = random.int(0...199) == 0
      simulation.clear = isCleared
      let isPopped = isReady && random.chance(pops)
      simulation.read.pop = isPopped
      if windowLeft == 0 { windowLeft = random.int(1...3 * lanes) }
      let count = min(lanes, windowLeft)
      let fill = count == windowLeft ? (taken - (position + count) % taken) % taken : 0
      let isWritten = queue.count + count + fill <= size && random.chance(writes)
      // Byte k of the chunk comes in the lane of its place in the ring; the other lanes carry noise.
      let bytes = random.patterns(count, width: 8)
      var data = random.patterns(lanes, width: 8)
      for (index, byte) in bytes.enumerated() { data[(position + index) % lanes] = byte }
      (simulation.write.enable, simulation.write.position) = (isWritten, position)
      (simulation.write.count, simulation.write.advance) = (count, count + fill)
      simulation.write.poke(\.data, words: packed(data, width: 8))
      simulation.step()
      if isPopped { queue.removeFirst(taken) }
      if isWritten {
        queue += bytes.map { $0 } + [Int?](repeating: nil, count: fill)
        windowLeft -= count
        position = (position + count + fill) % size
      }
      if isCleared {
        (queue, position, windowLeft) = ([], 0, 0)
        merged = random.pick([1, 2, 4].filter { $0 <= parts })
      }
      if queue.count == size { wasFull += 1 }
      if queue.isEmpty { wasEmpty += 1 }
    }
    #expect(wasFull > 0 && wasEmpty > 0, "seed \(seed): the ring was full \(wasFull) times and empty \(wasEmpty) times")
  }
}
