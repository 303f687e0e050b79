// The scalar unit with tables and feature memory played by the test.

import HDL
import Machine
import Model

@testable import Generators

struct ScalarUnitBench {
  let simulation: Simulation<ScalarUnit>
  var memory = [UInt8](repeating: 0, count: 4096)
  let tables: [UInt32]
  /// V.
  let lanes: Int
  /// Where the bytes that were asked for end.
  var end = 0
  private var noise = SplitMix(state: 5)

  init(_ tables: [[UInt32]], extensions: Extensions = [], lanes: Int = 4) throws {
    self.tables = tables.flatMap { $0 + [UInt32](repeating: 0, count: 256 - $0.count) }
    self.lanes = lanes
    simulation = try Simulation(ScalarUnit(tables: tables.count, memoryLanes: lanes, extensions: extensions), .random(seed: 3))
    simulation.reset()
  }

  /// Runs a layer; returns its cycles.
  mutating func run(_ command: Command) -> Int {
    simulation.settings.launch = true
    simulation.step()
    simulation.settings.launch = false
    (simulation.control.layer.begin, simulation.control.isAddition) = (true, command == .add)
    for port in simulation.control.int16 { port.isAsked = command == .int16 }
    // Bytes come two cycles after their request, as they were then, and a table's word in the next cycle. What was not asked
    // for is noise.
    end = 0
    var cycles = 0, requests = [[UInt8]](repeating: [], count: 2), words: [UInt32] = [0, 0]
    while cycles < 5000 {
      let bytes = requests[0] + (requests[0].count..<Timing.softmaxComparedBytes(lanes: lanes)).map { _ in UInt8(noise.int(0...255)) }
      simulation.operand.poke(\.data, words: packed(bytes.map(Int.init), width: 8))
      (simulation.table.data, simulation.pairTable.data) = (Int(words[0]), Int(words[1]))
      let address = simulation.operand.address, count = simulation.operand.enable ? simulation.operand.count : 0
      requests = [requests[1], Array(memory[address..<address + count])]
      if count > 0 { end = max(end, address + count) }
      words = [simulation.table.address, simulation.pairTable.address].map { tables[$0 % tables.count] }
      if simulation.results.enable { memory[simulation.results.address] = UInt8(simulation.results.data) }
      let isLast = simulation.control.layer.finished
      simulation.step()
      cycles += 1
      simulation.control.layer.begin = false
      if isLast { return cycles }
    }
    return cycles
  }
}
