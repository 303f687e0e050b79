import HDL
import Machine
import Testing

@testable import Generators

@Suite struct HostMemoryTests {
  /// Random writes of chosen 32-bit lanes and random reads, against an array; without `readEnable` the last word stays.
  @Test(arguments: [(16, 32), (100, 96), (64, 256), (1, 64)]) func everyLaneIsItsOwn(_ depth: Int, _ width: Int) throws {
    let lanes = width / 32, seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(state: seed)
    let simulation = try Simulation(HostMemory(name: "bench", depth: depth, width: width), .random(seed: seed))
    var words = [[Int?]](repeating: [Int?](repeating: nil, count: lanes), count: depth)
    var held = [Int?](repeating: nil, count: lanes)
    for cycle in 0..<max(600, 8 * depth * lanes) {
      let address = random.int(0...depth - 1)
      let mask = random.chance(60) ? 1 << random.int(0...lanes - 1) : random.int(0...(1 << lanes) - 1)
      let data = random.patterns(1, width: 32)[0], isWritten = random.chance(70)
      (simulation.writeEnable, simulation.writeAddress) = (isWritten, address)
      (simulation.writeLanes, simulation.writeData) = (mask, data)
      let source = random.int(0...depth - 1)
      // A word is not read while it is written.
      let isRead = random.chance(70) && !(isWritten && source == address)
      (simulation.readEnable, simulation.readAddress) = (isRead, source)
      simulation.step()
      if isWritten { for lane in 0..<lanes where mask >> lane & 1 == 1 { words[address][lane] = data } }
      if isRead { held = words[source] }
      let got = simulation.peek(\.readData).unpacked(width: 32)
      for (lane, (word, expected)) in zip(got, held).enumerated() where expected != nil {
        try require(word, expected, "seed \(seed), cycle \(cycle), lane \(lane) of word \(source)")
      }
    }
    let written = words.joined().count { $0 != nil }
    #expect(written > depth * lanes * 9 / 10, "seed \(seed): only \(written) words were written")
    #expect(simulation.undefinedReads == [])
  }
}
