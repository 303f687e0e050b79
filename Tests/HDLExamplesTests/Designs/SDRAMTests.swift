import HDL
import HDLExamples
import Testing

/// A memory chip with a latency of three cycles, and what it was told.
private struct Chip {
  enum Command: Int { case mode, refresh, precharge, activate, write, read, burstStop, nop }
  var words: [Int: Int] = [:]
  var openRows: [Int: Int] = [:]
  var log: [(cycle: Int, command: Command, address: Int)] = []
  /// The words that are on their way, by cycle.
  var reads: [Int: Int] = [:]

  /// Sees the pins of one cycle, before its edge, and answers on them.
  mutating func look(_ simulation: Simulation<SDRAMController>, noise: Int) throws {
    let pins = simulation.pins, cycle = simulation.cycle
    pins.dataIn = reads.removeValue(forKey: cycle) ?? noise
    let code = (pins.rasN ? 4 : 0) + (pins.casN ? 2 : 0) + (pins.weN ? 1 : 0)
    let command = try #require(Command(rawValue: code))
    #expect(pins.cke && !pins.csN && pins.dataEnable == (command == .write))
    if command == .nop { return }
    log.append((cycle, command, pins.address))
    switch command {
    case .activate:
      #expect(openRows[pins.bank] == nil)
      openRows[pins.bank] = pins.address
    case .read, .write:
      // Bit 10 closes the row afterwards.
      #expect(pins.address & ~0x1FF == 1 << 10)
      let open = openRows.removeValue(forKey: pins.bank), row = try #require(open), place = pins.bank << 22 | row << 9 | pins.address & 0x1FF
      if command == .write { words[place] = pins.dataOut } else { reads[cycle + 3] = words[place] ?? 0 }
    case .refresh, .mode: #expect(openRows.isEmpty)
    case .precharge: openRows = [:]
    case .burstStop, .nop: Issue.record("\(command) is not expected")
    }
  }
}

@Test func sdramControllerStartsRefreshesAndRemembers() throws {
  var random = SplitMix("accesses")
  let simulation = try Simulation(SDRAMController(powerUp: 100, refresh: 60))
  var chip = Chip(), model: [Int: Int] = [:], expected: [Int] = [], answers = 0
  simulation.reset()
  for _ in 0..<6000 {
    if !simulation.request.valid && random.once(in: 3) {
      simulation.request.valid = true
      simulation.request.payload.isWrite = random.once(in: 2)
      // Few places, far apart.
      simulation.request.payload.address = random.bits(1) << 23 | random.bits(1) << 15 | random.bits(1) << 8 | random.bits(1)
      simulation.request.payload.data = random.bits(16)
    }
    simulation.response.ready = random.once(in: 4)
    try chip.look(simulation, noise: random.bits(16))
    let request = simulation.request, isTaken = request.valid && request.ready
    if isTaken {
      if request.payload.isWrite { model[request.payload.address] = request.payload.data }
      else { expected.append(model[request.payload.address] ?? 0) }
    }
    if simulation.response.valid && simulation.response.ready {
      #expect(simulation.response.payload == expected.removeFirst())
      answers += 1
    }
    simulation.step()
    if isTaken { simulation.request.valid = false }
  }
  #expect(answers > 100 && expected.count <= 1)
  // Start: precharge of all banks after the time of power-up, three cycles later the mode: latency 3, bursts of 1.
  #expect(chip.log.prefix(2).map(\.command) == [.precharge, .mode])
  #expect(chip.log.prefix(2).map(\.address) == [1 << 10, 0x30])
  #expect(chip.log[0].cycle > 100 && chip.log[1].cycle > chip.log[0].cycle + 2)
  // Refreshes keep their rate, and nothing follows within nine cycles.
  let refreshes = chip.log.indices.filter { chip.log[$0].command == .refresh }
  #expect(refreshes.count >= (6000 - 120) / 60 - 2)
  for index in refreshes.dropLast() { #expect(chip.log[index + 1].cycle >= chip.log[index].cycle + 9) }
}
