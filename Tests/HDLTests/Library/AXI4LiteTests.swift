import HDL
import Testing

/// The AXI4-Lite subordinate against random managers: every legal order of the five channels.

/// Drives a peripheral cycle by cycle: each channel begins when it likes and holds what it offers.
private final class Manager<Top: Module> {
  struct Write { let address: Int, data: Int, strobe: Int }
  private let simulation: Simulation<Top>
  private let port: SimulatedInitiator<AXI4Lite>
  private var random: SplitMix
  /// How reluctant each channel is, 0 being never.
  private let reluctance: [Int]
  private var held: (b: Int, r: Int, data: Int)? = nil

  private(set) var writeResponses: [Int] = []
  private(set) var readResponses: [(response: Int, data: Int)] = []
  private(set) var complaints: [String] = []

  init(_ simulation: Simulation<Top>, _ port: SimulatedInitiator<AXI4Lite>, seed: UInt64) {
    self.simulation = simulation
    self.port = port
    random = SplitMix(state: seed)
    reluctance = (0..<5).map { _ in [0, 0, 1, 3, 8][Int(seed % 5)] }
  }
  private func agrees(_ channel: Int) -> Bool { random.int(0...reluctance[channel]) == 0 }

  /// Does all accesses; writes and reads run side by side.
  func run(writes: [Write], reads: [Int]) {
    var addresses = 0, datas = 0, readAddresses = 0
    let writeGoal = writeResponses.count + writes.count, readGoal = readResponses.count + reads.count
    var waitingB: Int?, waitingR: (Int, Int)?
    for _ in 0..<(40 + 40 * (writes.count + reads.count) * (1 + (reluctance.max() ?? 0))) {
      if !port.awvalid && addresses < writes.count && agrees(0) {
        port.awvalid = true
        port.awaddr = writes[addresses].address
      }
      if !port.wvalid && datas < writes.count && agrees(1) {
        port.wvalid = true
        port.wdata = writes[datas].data
        port.wstrb = writes[datas].strobe
      }
      if !port.arvalid && readAddresses < reads.count && agrees(2) {
        port.arvalid = true
        port.araddr = reads[readAddresses]
      }
      port.bready = agrees(3)
      port.rready = agrees(4)
      // Rule 3 of a stream, for the channels that come back.
      if let expected = waitingB, !port.bvalid || port.bresp != expected { complaints.append("b changed while it waited, in cycle \(simulation.cycle)") }
      if let expected = waitingR, !port.rvalid || (port.rresp, port.rdata) != expected { complaints.append("r changed while it waited, in cycle \(simulation.cycle)") }
      waitingB = port.bvalid && !port.bready ? port.bresp : nil
      waitingR = port.rvalid && !port.rready ? (port.rresp, port.rdata) : nil
      if port.bvalid && port.bready { writeResponses.append(port.bresp) }
      if port.rvalid && port.rready { readResponses.append((port.rresp, port.rdata)) }
      let (tookAddress, tookData, tookRead) = (port.awvalid && port.awready, port.wvalid && port.wready, port.arvalid && port.arready)
      simulation.step()
      if tookAddress { port.awvalid = false; addresses += 1 }
      if tookData { port.wvalid = false; datas += 1 }
      if tookRead { port.arvalid = false; readAddresses += 1 }
      if writeResponses.count > min(addresses, datas) + writeGoal - writes.count { complaints.append("b came before its write, in cycle \(simulation.cycle)") }
      if writeResponses.count == writeGoal && readResponses.count == readGoal { return }
    }
    complaints.append("no end: \(writeResponses.count) of \(writeGoal) writes, \(readResponses.count) of \(readGoal) reads")
  }
  func write(_ address: Int, _ data: Int, strobe: Int = 15) -> Int? {
    run(writes: [Write(address: address, data: data, strobe: strobe)], reads: [])
    return writeResponses.last
  }
  func read(_ address: Int) -> (response: Int, data: Int)? {
    run(writes: [], reads: [address])
    return readResponses.last
  }
}

@Suite struct AXI4LiteTests {
  private static let compiled = Result { try CompiledDesign(TimerPeripheral()) }

  @Test(arguments: UInt64(1)..<21) func randomManager(seed: UInt64) throws {
    let simulation = try Self.compiled.get().simulation()
    simulation.reset()
    let manager = Manager(simulation, simulation.sAxi, seed: seed)
    var random = SplitMix(state: seed &* 77)
    // What software should read, by word address: the two writable registers and the lower half of the window.
    var control = 0x10, period = 999
    var events: [Int: Int] = [:]
    func merged(_ old: Int, _ write: Manager<TimerPeripheral>.Write) -> Int {
      (0..<4).reduce(old) { word, byte in
        write.strobe >> byte & 1 == 0 ? word : (word & ~(0xFF << (8 * byte))) | (write.data & 0xFF << (8 * byte))
      }
    }
    for _ in 0..<12 {
      var writes: [Manager<TimerPeripheral>.Write] = [], expectedResponses: [Int] = []
      for _ in 0..<random.int(0...4) {
        let address = random.pick([0x4, 0x8, 0x40, 0x44, 0x5C, 0x60, 0x14, 0x0, 0xFC])
        // The timer stays off, so that its state can be known.
        let data = address == 4 ? random.int(0...0xFFFF_FFFF) & ~1 : random.int(0...0xFFFF_FFFF)
        let write = Manager<TimerPeripheral>.Write(address: address + random.int(0...3), data: data, strobe: random.int(0...15))
        writes.append(write)
        switch address {
        case 0x4: control = merged(control, write) & 0x30
        case 0x8: period = merged(period, write) & 0xFFFFF
        case 0x40, 0x44, 0x5C: events[address] = events[address].map { merged($0, write) } ?? (write.strobe == 15 ? write.data : nil)
        default: break
        }
        expectedResponses.append([0x60, 0x14, 0xFC].contains(address) ? 2 : 0)
      }
      let before = manager.writeResponses.count
      // Reads of what does not change may run beside the writes, in any order.
      manager.run(writes: writes, reads: random.int(0...1) == 0 ? [0x0, 0x18, 0x0] : [])
      #expect(Array(manager.writeResponses[before...]) == expectedResponses, "seed \(seed)")
      #expect(manager.read(0x4).map { $0 == (0, control) } == true, "seed \(seed)")
      #expect(manager.read(0x9).map { $0 == (0, period) } == true, "seed \(seed)")
      for (address, word) in events { #expect(manager.read(address).map { $0 == (0, word) } == true, "seed \(seed)") }
      #expect(manager.read(0x0).map { $0 == (0, 0x544D_5231) } == true)
      #expect(manager.read(0x7C)?.response == 2 && manager.read(0x80).map { $0 == (2, 0) } == true)
    }
    #expect(manager.complaints == [], "seed \(seed)")
  }

  @Test func everyKindOfField() throws {
    let simulation = try Self.compiled.get().simulation()
    simulation.reset()
    let manager = Manager(simulation, simulation.sAxi, seed: 5)
    #expect(manager.write(0x8, 4 | 0x2A << 20) == 0)                  // limit 4, offset 0x2A, which cannot be read
    #expect(manager.read(0x8)?.data == 4)
    #expect(manager.write(0x4, 0x001) == 0)                           // enable, mode .once
    simulation.step(20)
    #expect(simulation.irq)
    let status = try #require(manager.read(0xC)).data
    #expect(status & 0x10001 == 0x10001)                              // expired, running
    #expect(status >> 4 & 15 == 0b1001)                               // faults keep what was ever set: mode 1 before, offset 2
    let rounds = try #require(manager.read(0x10)).data
    #expect(rounds > 3)
    #expect(manager.write(0x4, 0x100) == 0)                           // stop, restart
    #expect(manager.write(0x10, 0) == 0)
    #expect(manager.read(0x10)?.data == 0)
    #expect(manager.write(0xC, 0x1) == 0)
    #expect(!simulation.irq)
    #expect(try simulation.peek("count") == 0)
    // The counter stops at its greatest value.
    #expect(manager.write(0x8, 0) == 0)
    #expect(manager.write(0x4, 1) == 0)
    simulation.step(100)
    #expect(manager.read(0x10)?.data == 63)
    #expect(manager.complaints == [])
  }

  /// Neither direction of any channel sees the other within a cycle.
  @Test func adapterHasNoPathThrough() throws {
    let design = try elaborate(AXI4LiteAdapter(AXI4Lite(addressWidth: 8)))
    let graph = try #require(design.top).graph
    for (index, inputs) in graph.dependencies.enumerated() where graph.signals[graph.ports[index].signal].name.hasPrefix("axi.") {
      #expect(inputs.isEmpty)
    }
  }
}
