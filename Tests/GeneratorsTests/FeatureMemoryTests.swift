import HDL
import Machine
import Testing

@testable import Generators

@Suite struct FeatureMemoryTests {
  /// Random unaligned reads and masked writes against an array of bytes.
  @Test(arguments: [(4, 4), (8, 4), (16, 16)]) func everyByteIsItsOwn(_ lanes: Int, _ writeBytes: Int) throws {
    let rows = 16, seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(FeatureMemory(rows: rows, lanes: lanes, writeBytes: writeBytes), .random(seed: seed))
    var bytes = [UInt8](repeating: 0, count: rows * lanes)
    func word(_ part: [UInt8]) -> [UInt64] {
      stride(from: 0, to: part.count, by: 8).map { at in
        part[at..<min(at + 8, part.count)].enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
      }
    }
    func write(_ address: Int, _ data: [UInt8], _ mask: Int) {
      (simulation.write.enable, simulation.write.address, simulation.write.mask) = (true, address, mask)
      simulation.write.poke(\.data, words: word(data))
      simulation.step()
      simulation.write.enable = false
      for index in data.indices where mask >> index & 1 == 1 { bytes[address + index] = data[index] }
    }
    for address in stride(from: 0, to: bytes.count, by: writeBytes) {
      write(address, (0..<writeBytes).map { _ in .random(in: 0...255, using: &random) }, (1 << writeBytes) - 1)
    }
    for _ in 0..<400 {
      let count = Int.random(in: 0...bytes.count - writeBytes, using: &random)
      write(count, (0..<writeBytes).map { _ in .random(in: 0...255, using: &random) }, .random(in: 0..<1 << writeBytes, using: &random))
      let address = Int.random(in: 0...bytes.count - lanes, using: &random), destination = Int.random(in: 0..<lanes, using: &random)
      let low = Int.random(in: 0...lanes, using: &random), high = Int.random(in: 0...lanes, using: &random)
      (simulation.read.enable, simulation.read.address, simulation.read.destination) = (true, address, destination)
      (simulation.read.low, simulation.read.high, simulation.padByte) = (low, high, 0xA5)
      simulation.step()
      simulation.read.enable = false
      #expect(!simulation.fault.happens, "seed \(seed): \(low)..<\(high) from \(address) lies inside")
      simulation.step()
      var expected = [UInt8](repeating: 0, count: lanes)
      for index in 0..<lanes { expected[(destination + index) % lanes] = low <= index && index < high ? bytes[address + index] : 0xA5 }
      let got = simulation.read.peek(\.data).words
      #expect(got == word(expected), "seed \(seed): read of \(lanes) bytes at \(address) to lane \(destination), \(low)..<\(high)")
    }
  }

  /// Of a read those bytes count that lie between its bounds; addresses wrap at 2^24.
  @Test(arguments: [4, 16]) func readsBeyondTheMemoryAreTold(_ lanes: Int) throws {
    let rows = 16, size = rows * lanes, simulation = try Simulation(FeatureMemory(rows: rows, lanes: lanes, writeBytes: 4), .random(seed: 1))
    var told = 0
    for start in [0, size / 2, size - lanes, size - lanes + 1, size - 1, size, 2 * size - 2, 1 << 23, 1 << 24 - lanes, 1 << 24 - 1] {
      for low in 0...lanes {
        for high in 0...lanes {
          (simulation.read.enable, simulation.read.address, simulation.read.low, simulation.read.high) = (true, start, low, high)
          simulation.step()
          let bytes = (low..<max(low, high)).map { (start + $0) & 0xFF_FFFF }
          #expect(simulation.fault.happens == bytes.contains { $0 >= size }, "\(low)..<\(high) from \(start) of \(size)")
          if simulation.fault.happens { #expect(simulation.fault.place == bytes.first) }
          told += simulation.fault.happens ? 1 : 0
          simulation.read.enable = false
          simulation.step()
          #expect(!simulation.fault.happens)
        }
      }
    }
    #expect(told > 50)
  }
}
