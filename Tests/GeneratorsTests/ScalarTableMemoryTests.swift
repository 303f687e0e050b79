import HDL
import Machine
import Testing

@testable import Generators

@Suite struct ScalarTableMemoryTests {
  /// Random writes of chosen bytes and pairs of reads, against an array. The second port keeps its word while the host writes, and
  /// writes to other regions come to nothing.
  @Test func twoWordsAtATime() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(ScalarTableMemory(tables: 2), .random(seed: seed))
    var words = [[Int?]](repeating: [Int?](repeating: nil, count: 4), count: 512), held = [words[0], words[0]]
    for cycle in 0..<12_000 {
      let word = random.int(0...511), strobe = random.pick([15, random.int(0...15)]), data = random.patterns(1, width: 32)[0]
      let region = random.chance(90) ? RegisterMap.Region.scalarTables : random.pick(RegisterMap.Region.allCases)
      let load = simulation.load, isOffered = random.chance(60), isWritten = isOffered && region == .scalarTables
      (load.write, load.region, load.address) = (isOffered, region.rawValue, 4 * word)
      (load.data, load.strobe) = (data, strobe)
      // A word is not read while it is written.
      let sources = [random.int(0...511), random.int(0...511)]
      let isRead = [random.chance(70) && !(isWritten && sources[0] == word), random.chance(70)]
      (simulation.first.enable, simulation.first.address) = (isRead[0], sources[0])
      (simulation.second.enable, simulation.second.address) = (isRead[1], sources[1])
      simulation.step()
      if isRead[0] { held[0] = words[sources[0]] }
      if isRead[1], !isWritten { held[1] = words[sources[1]] }
      if isWritten { for byte in 0..<4 where strobe >> byte & 1 == 1 { words[word][byte] = data >> (8 * byte) & 0xFF } }
      for (port, value) in [simulation.first.data, simulation.second.data].enumerated() {
        for (byte, expected) in held[port].enumerated() where expected != nil {
          try require(value >> (8 * byte) & 0xFF, expected, "seed \(seed), cycle \(cycle), byte \(byte) of port \(port)")
        }
      }
    }
    #expect(words.joined().count { $0 != nil } > 2000)
    #expect(simulation.undefinedReads == [])
  }
}
