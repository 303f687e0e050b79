import HDL
import Machine
import Testing

@testable import Generators

@Suite struct ColumnBufferTests {
  /// Columns of random bytes, the last of them kept in a dictionary, and reads of C neighbours at any of those: C banks of D
  /// entries hold C·⌊D / entries of a column⌋ columns.
  @Test(arguments: [(2, 8, 2), (4, 8, 4), (4, 32, 1), (8, 16, 8)])
  func readsNeighboursAnywhere(_ banks: Int, _ depth: Int, _ elements: Int) throws {
    let configuration = Configuration(
      name: "bench", pixels: 1, channels: elements, dotProduct: banks, memoryLanes: 8, postLanes: 1, patchDepth: depth)
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(ColumnBuffer(configuration), .random(seed: seed))
    simulation.reset()
    for height in [1, 3, depth / 2, depth / 2 + 1, depth] {
      simulation.stage([\.array.passSteps: height])
      simulation.launch()
      simulation.begin = true
      simulation.step()
      simulation.begin = false
      let capacity = banks * (depth / height)
      var columns: [Int: [[Int]]] = [:], arriving: [[Int]] = [], current = 0, checked = 0
      for cycle in 0..<600 {
        let place = "seed \(seed), columns of \(height), cycle \(cycle)"
        let isWritten = random.chance(cycle / 50 % 2 == 0 ? 90 : 40), vector = random.patterns(elements, width: 8)
        simulation.write.enable = isWritten
        simulation.write.poke(\.data, words: packed(vector, width: 8))
        let isLast = isWritten && arriving.count == height - 1
        try require(simulation.read.completed, isLast, "\(place), a column completed")
        // A column that begins takes the place of the oldest.
        if isWritten { columns[current - capacity] = nil }
        var expected: [(tap: Int, vector: [Int])] = []
        if let first = columns.keys.randomElement(using: &random), random.chance(80) {
          let entry = random.int(0...height - 1)
          (simulation.read.enable, simulation.read.bank) = (true, first % banks)
          simulation.read.entry = (first / banks * height + entry) % depth
          expected = (0..<banks).compactMap { tap in columns[first + tap].map { (tap, $0[entry]) } }
        } else {
          (simulation.read.enable, simulation.read.bank) = (false, random.int(0...banks - 1))
          simulation.read.entry = random.int(0...depth - 1)
        }
        simulation.step()
        if isWritten { arriving.append(vector) }
        if isLast {
          columns[current] = arriving
          (current, arriving) = (current + 1, [])
        }
        let taps = simulation.peek(\.taps).unpacked(width: 8)
        for (tap, vector) in expected {
          try require(Array(taps[tap * elements..<(tap + 1) * elements]), vector, "\(place), tap \(tap)")
          checked += 1
        }
      }
      simulation.write.enable = false
      #expect(checked > 200 && current > 2 * capacity, "seed \(seed): \(checked) taps of \(current) columns say too little")
    }
  }
}
