import HDL
import Machine
import Testing

@testable import Generators

@Suite struct LoadableMemoryTests {
  /// Random writes of chosen bytes anywhere in the window, and random reads, against an array; without `enable` the last word
  /// stays. Writes to other regions, and to places between the words, come to nothing.
  @Test(arguments: [
    (depth: 16, places: [0], group: 1), (100, [0, 1, 2, 4, 5, 6], 8), (64, [0, 1, 2, 3, 4, 5, 6, 7], 8), (1, [0, 1], 2),
  ]) func everyByteIsItsOwn(_ depth: Int, _ places: [Int], _ group: Int) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let memory = LoadableMemory(region: .weights, name: "bench", depth: depth, places: places, groupWords: group)
    let simulation = try Simulation(memory, .random(seed: seed))
    let bytes = 4 * places.count
    var words = [[Int?]](repeating: [Int?](repeating: nil, count: bytes), count: depth)
    var held = [Int?](repeating: nil, count: bytes)
    for cycle in 0..<max(900, 12 * depth * places.count) {
      let address = 4 * random.int(0...depth * group - 1), strobe = random.pick([15, 15, random.int(0...15)])
      let data = random.patterns(1, width: 32)[0], isWritten = random.chance(70)
      let region = random.chance(90) ? RegisterMap.Region.weights : random.pick(RegisterMap.Region.allCases)
      let load = simulation.load
      (load.write, load.region, load.address) = (isWritten, region.rawValue, address)
      (load.data, load.strobe) = (data, strobe)
      let word = address / 4 / group, source = random.int(0...depth - 1)
      // A word is not read while it is written.
      let isRead = random.chance(70) && !(isWritten && source == word)
      (simulation.read.enable, simulation.read.address) = (isRead, source)
      simulation.step()
      if isWritten, region == .weights, let lane = places.firstIndex(of: address / 4 % group) {
        for byte in 0..<4 where strobe >> byte & 1 == 1 { words[word][4 * lane + byte] = data >> (8 * byte) & 0xFF }
      }
      if isRead { held = words[source] }
      let got = simulation.read.peek(\.data).unpacked(width: 8)
      for (byte, (value, expected)) in zip(got, held).enumerated() where expected != nil {
        try require(value, expected, "seed \(seed), cycle \(cycle), byte \(byte) of word \(source)")
      }
    }
    let written = words.joined().count { $0 != nil }
    #expect(written > depth * bytes * 8 / 10, "seed \(seed): only \(written) bytes were written")
    #expect(simulation.undefinedReads == [])
  }
}
