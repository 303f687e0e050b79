import HDL
import Machine
import Testing

@testable import Generators

/// Lists of clients on one port.
@Suite struct PriorityTests {
  private struct Readers: Module {
    var plain: FeatureRead { FeatureRead(bytes: 2, lanes: 4) }
    var wide: FeatureRead { FeatureRead(bytes: 4, lanes: 4) }
    var placed: PlacedRead { PlacedRead(lanes: 4) }
    let first = Target(\Self.plain)
    let second = Target(\Self.wide)
    let feeder = Target(\Self.placed)
    let memory = Initiator(\Self.placed)
    func body() { readPriority([first, second], else: feeder, to: memory) }
  }

  /// The first that asks reads, with all that belongs to its request; everybody sees the bytes.
  @Test func theFirstReads() throws {
    let simulation = try Simulation(Readers())
    let (first, second, feeder, memory) = (simulation.first, simulation.second, simulation.feeder, simulation.memory)
    (first.address, first.count, second.address, second.count) = (100, 1, 200, 4)
    (feeder.address, feeder.destination, feeder.low, feeder.high) = (300, 3, 1, 2)
    memory.data = 0x4433_2211
    for asks in 0..<8 {
      (first.enable, second.enable, feeder.enable) = (asks & 1 != 0, asks & 2 != 0, asks & 4 != 0)
      let expected = asks & 1 != 0 ? [100, 0, 0, 1] : asks & 2 != 0 ? [200, 0, 0, 4] : [300, 3, 1, 2]
      #expect(memory.enable == (asks != 0))
      #expect([memory.address, memory.destination, memory.low, memory.high] == expected, "who asks: \(asks)")
    }
    #expect([first.data, second.data, feeder.data] == [0x2211, 0x4433_2211, 0x4433_2211])
  }

  private struct Writers: Module {
    var one: ResultWrite { ResultWrite(bytes: 1) }
    var two: ResultWrite { ResultWrite(bytes: 2) }
    let first = Target(\Self.one)
    let second = Target(\Self.two)
    let results = Initiator(\Self.two)
    func body() { writePriority([first, second], to: results) }
  }

  @Test func theFirstWrites() throws {
    let simulation = try Simulation(Writers())
    let (first, second, results) = (simulation.first, simulation.second, simulation.results)
    (first.address, first.count, first.data, first.before) = (100, 1, 11, 12)
    (second.address, second.count, second.data, second.before) = (200, 2, 2122, 2324)
    for writes in 0..<4 {
      (first.enable, second.enable) = (writes & 1 != 0, writes & 2 != 0)
      #expect(results.enable == (writes != 0))
      #expect([results.address, results.count, results.data, results.before] == (writes & 1 != 0 ? [100, 1, 11, 12] : [200, 2, 2122, 2324]))
    }
  }

  private struct Units: Module {
    var three: Three { Three() }
    struct Three: PortBundle { let list = [Fault(), Fault(), Fault()] }
    let faults = Target(\Self.three)
    let all = Initiator(Fault())
    let control = Target(LayerControl())
    let engines = Initiator(\Self.two)
    var two: Two { Two() }
    struct Two: PortBundle { let list = [LayerControl(), LayerControl()] }
    func body() {
      report(faults.list, to: all)
      share(control, among: engines.list)
    }
  }

  @Test func theFirstFaultIsTold() throws {
    let simulation = try Simulation(Units()), faults = simulation.faults.list, all = simulation.all
    for (index, fault) in faults.enumerated() { (fault.code, fault.place) = (10 + index, 1000 * index) }
    for happens in 0..<8 {
      for (index, fault) in faults.enumerated() { fault.happens = happens >> index & 1 == 1 }
      #expect(all.happens == (happens != 0))
      let first = happens.trailingZeroBitCount
      #expect([all.code, all.place] == (happens == 0 ? [0, 0] : [10 + first, 1000 * first]), "those that happen: \(happens)")
    }
  }

  @Test func enginesOfALayerActTogether() throws {
    let simulation = try Simulation(Units()), engines = simulation.engines.list, control = simulation.control
    for value in [true, false] {
      (control.begin, control.abort) = (value, !value)
      #expect(engines.map(\.begin) == [value, value] && engines.map(\.abort) == [!value, !value])
    }
    for says in 0..<4 {
      for (index, engine) in engines.enumerated() { (engine.invalid, engine.finished, engine.moves) = (says == index + 1, says == 2 - index, says >> index & 1 == 1) }
      #expect([control.invalid, control.finished, control.moves] == [says == 1 || says == 2, says == 1 || says == 2, says != 0])
    }
  }
}
