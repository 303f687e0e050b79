import HDL
import Machine
import Testing

@testable import Generators

@Suite struct StreamBufferTests {
  /// Windows of random lengths go in, in chunks of up to V bytes, and come out C bytes a step, against a queue. A window begins
  /// on a multiple of C; what fills up the one before may be anything.
  @Test(arguments: [(4, 2), (4, 4), (8, 2), (8, 8), (16, 4), (32, 4)])
  func isAQueueOfBytes(_ lanes: Int, _ dotProduct: Int) throws {
    let configuration = Configuration(
      name: "bench", pixels: 1, channels: 2, dotProduct: dotProduct, memoryLanes: lanes, postLanes: 1)
    let size = configuration.streamBufferBytes, seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(StreamBuffer(configuration), .random(seed: seed))
    simulation.reset()
    var queue: [Int?] = [], position = 0, windowLeft = 0
    var writes = 50, pops = 50, wasFull = 0, wasEmpty = 0
    for cycle in 0..<2500 {
      let place = "seed \(seed), cycle \(cycle)"
      if cycle % 60 == 0 { (writes, pops) = random.pick([(95, 10), (10, 95), (100, 100), (50, 50)]) }
      let isReady = queue.count >= dotProduct
      try require(simulation.read.available, isReady, "\(place), available with \(queue.count) bytes")
      if isReady {
        for (lane, (byte, expected)) in zip(simulation.peek(\.word).unpacked(width: 8), queue).enumerated() where expected != nil {
          try require(byte, expected, "\(place), lane \(lane) of \(dotProduct)")
        }
      }
      let isCleared = random.int(0...499) == 0
      simulation.clear = isCleared
      let isPopped = isReady && random.chance(pops)
      simulation.read.pop = isPopped
      if windowLeft == 0 { windowLeft = random.int(1...3 * lanes) }
      let count = min(lanes, windowLeft)
      let fill = count == windowLeft ? (dotProduct - (position + count) % dotProduct) % dotProduct : 0
      let isWritten = queue.count + count + fill <= size && random.chance(writes)
      // Byte k of the chunk comes in the lane of its place in the ring; the other lanes carry noise.
      let bytes = random.patterns(count, width: 8)
      var data = random.patterns(lanes, width: 8)
      for (index, byte) in bytes.enumerated() { data[(position + index) % lanes] = byte }
      (simulation.write.enable, simulation.write.position) = (isWritten, position)
      (simulation.write.count, simulation.write.advance) = (count, count + fill)
      simulation.write.poke(\.data, words: packed(data, width: 8))
      simulation.step()
      if isPopped { queue.removeFirst(dotProduct) }
      if isWritten {
        queue += bytes.map { $0 } + [Int?](repeating: nil, count: fill)
        windowLeft -= count
        position = (position + count + fill) % size
      }
      if isCleared { (queue, position, windowLeft) = ([], 0, 0) }
      if queue.count == size { wasFull += 1 }
      if queue.isEmpty { wasEmpty += 1 }
    }
    #expect(wasFull > 0 && wasEmpty > 0, "seed \(seed): the ring was full \(wasFull) times and empty \(wasEmpty) times")
  }
}
