import HDL
import Machine
import Testing

@testable import Generators

@Suite struct WeightLoaderTests {
  private static func hardware(_ postLanes: Int) -> Hardware {
    Hardware(
      configuration: Configuration(name: "bench", pixels: 2, channels: 8, dotProduct: 4, memoryLanes: 16, postLanes: postLanes),
      accumulatorBits: 24, featureRows: 6, weightWords: 16, parameterEntries: 16, programWords: 64, scalarTables: 0,
      extensions: .computedWeights)
  }

  /// Bytes at every place of a word of 32 bits, as many as are left of it.
  @Test(arguments: [1, 2, 4, 8]) func bytesGoWhereTheyBelong(_ lanes: Int) throws {
    let simulation = try Simulation(WeightLoader(Self.hardware(lanes)), .random(seed: 1)), memory = simulation.memory
    simulation.host.write = false
    (simulation.write.enable, simulation.write.data) = (true, 0x4433_2211 & (lanes < 4 ? 1 << (8 * lanes) - 1 : 0xFFFF_FFFF))
    for place in 0..<4 {
      for count in 1...min(lanes, 4 - place) {
        (simulation.write.address, simulation.write.count) = (0x1240 + place, count)
        #expect(memory.write && memory.region == RegisterMap.Region.weights.rawValue && memory.address == 0x1240)
        #expect(memory.strobe == (1 << count - 1) << place)
        for byte in 0..<count { #expect(memory.data >> (8 * (place + byte)) & 0xFF == 0x11 * (byte + 1)) }
      }
    }
  }

  @Test func theHostIsLetThrough() throws {
    let simulation = try Simulation(WeightLoader(Self.hardware(2)), .random(seed: 1)), host = simulation.host, memory = simulation.memory
    simulation.write.enable = false
    (host.write, host.region, host.address, host.data, host.strobe) = (true, 5, 0x1234, 0xDEAD_BEEF, 0b0110)
    #expect(memory.write && memory.region == 5 && memory.address == 0x1234 && memory.data == 0xDEAD_BEEF && memory.strobe == 0b0110)
    host.write = false
    #expect(!memory.write)
  }
}
