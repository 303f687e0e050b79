import HDL
import Machine
import Testing

@testable import Generators

/// What reaches the feature memory, at every edge of it and around a stop.
@Suite struct WriteFenceTests {
  private static func hardware(_ postLanes: Int) -> Hardware {
    Hardware(
      configuration: Configuration(name: "bench", pixels: 2, channels: 8, dotProduct: 4, memoryLanes: 16, postLanes: postLanes),
      accumulatorBits: 24, featureRows: 6, weightWords: 16, parameterEntries: 16, programWords: 64, scalarTables: 1, byteTables: 0)
  }

  /// The memory has 96 bytes.
  @Test(arguments: [1, 2, 8]) func writesEndAtTheMemory(_ lanes: Int) throws {
    let hardware = Self.hardware(lanes), simulation = try Simulation(WriteFence(hardware)), size = hardware.featureBytes
    let (results, memory, trace) = (simulation.results, simulation.memory, simulation.trace)
    results.enable = true
    for address in [0, 1, size - lanes, size - 2, size - 1, size, 1 << 24 - 1] {
      for count in 1...lanes {
        (results.address, results.count, results.data, results.before) = (address, count, 0xAB, 0xCD)
        // The address is that of a byte: it does not wrap.
        let isInside = address + count <= size
        #expect([memory.enable, trace.write] == [isInside, isInside], "\(count) bytes at \(address) of \(size)")
        #expect(memory.mask == 1 << count - 1 && memory.address == address && memory.data == 0xAB)
        #expect([trace.address, trace.count, trace.data, trace.before] == [address, count, 0xAB, 0xCD])
        let fault = simulation.reported(\.fault)
        #expect((fault == nil) == isInside)
        if let fault { #expect(fault == (.writeOutOfRange, address)) }
      }
    }
    results.enable = false
    #expect(!memory.enable && !trace.write && simulation.reported(\.fault) == nil)
  }

  /// Addresses from 2^23 on are bytes of the weight memory, where weights are computed; they are not traced.
  @Test func computedWeightsHaveAMemoryOfTheirOwn() throws {
    var hardware = Self.hardware(4)
    hardware.extensions = .computedWeights
    let simulation = try Simulation(WriteFence(hardware)), size = hardware.weightWindowBytes, first = Configuration.firstWeightAddress
    let results = simulation.results, weights = simulation.weights.ports[0]
    results.enable = true
    for address in [0, 92, 96, 1 << 23 - 1, first, first + size - 2, first + size - 1, first + size, 1 << 24 - 2] {
      for count in 1...4 {
        (results.address, results.count, results.data) = (address, count, 0x1234_5678)
        let isFeature = address + count <= hardware.featureBytes
        let isWeight = address >= first && address + count <= first + size
        let (memory, trace) = (simulation.memory.enable, simulation.trace.write)
        #expect([memory, trace, weights.enable] == [isFeature, isFeature, isWeight], "\(count) at \(address)")
        #expect((simulation.reported(\.fault) == nil) == (isFeature || isWeight))
        if isWeight { #expect(weights.address == address - first && weights.count == count && weights.data == 0x1234_5678) }
      }
    }
  }

  /// Writes of the host to the features go through, and are not traced.
  @Test func theHostWrites() throws {
    let simulation = try Simulation(WriteFence(Self.hardware(2))), load = simulation.load, memory = simulation.memory
    (load.address, load.data, load.strobe, load.write) = (12, 0x7856_3412, 0b1010, true)
    for region in RegisterMap.Region.allCases {
      load.region = region.rawValue
      #expect(memory.enable == (region == .features) && !simulation.trace.write)
    }
    load.region = RegisterMap.Region.features.rawValue
    #expect([memory.address, memory.mask, memory.data] == [12, 0b1010, 0x7856_3412])
  }

  /// From the cycle after a stop 31 cycles long nothing is written, and in the stop and eight cycles after it no tile is taken.
  @Test func aStopHoldsBackWhatIsOnItsWay() throws {
    let simulation = try Simulation(WriteFence(Self.hardware(2)))
    simulation.reset()
    (simulation.results.enable, simulation.results.count) = (true, 1)
    #expect(simulation.memory.enable && !simulation.discardsTiles)
    simulation.abort = true
    #expect(simulation.memory.enable && simulation.discardsTiles)
    simulation.step()
    simulation.abort = false
    var held = 0, discarded = 0
    while !simulation.memory.enable, held < 100 {
      held += 1
      discarded += simulation.discardsTiles ? 1 : 0
      simulation.step()
    }
    #expect(held == 31 && discarded == 8)
  }
}
