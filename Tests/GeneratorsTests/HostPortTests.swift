import HDL
import Machine
import Testing

@testable import Generators

/// The host port as a processor sees it, through AXI4-Lite: every channel begins and ends when it likes.
@Suite struct HostPortTests {
  private static let hardware = Hardware(
    configuration: Configuration(name: "bench", pixels: 2, channels: 4, dotProduct: 16, memoryLanes: 32, postLanes: 8),
    accumulatorBits: 24, featureRows: 64, weightWords: 32, parameterEntries: 16, programWords: 128, scalarTables: 1, byteTables: 1)
  /// Without tables, and with memories whose sizes are no powers of two.
  private static let bare = Hardware(
    configuration: Configuration(name: "bare", pixels: 1, channels: 4, dotProduct: 2, memoryLanes: 4, postLanes: 1),
    accumulatorBits: 24, featureRows: 16, weightWords: 37, parameterEntries: 19, programWords: 100, scalarTables: 0, byteTables: 0)
  private static let compiled = [hardware, bare].map { hardware in Result { try CompiledDesign(HostPort(hardware)) } }
  private static let okay = AXI4Lite.Response.okay.rawValue, failure = AXI4Lite.Response.subordinateError.rawValue

  private struct WindowWrite: Equatable, CustomStringConvertible {
    var region: Int, address: Int, data: Int, strobe: Int
    var description: String { "write of \(data), strobe \(strobe), at \(address) of region \(region)" }
  }

  private final class Bench {
    let simulation: Simulation<HostPort>
    var random: SplitMix
    let seed: UInt64
    /// What the port did to its surroundings.
    var writes: [WindowWrite] = [], reads: [Int] = [], starts: [Int] = [], aborts: [Int] = []
    /// The cycle in which the last write's address and data had been taken.
    var taken = 0
    private var arriving: [Int?] = [nil, nil]

    init(_ hardware: Hardware = HostPortTests.hardware) throws {
      seed = SplitMix.freshSeed()
      random = SplitMix(state: seed)
      simulation = try HostPortTests.compiled[hardware == HostPortTests.bare ? 1 : 0].get().simulation(.random(seed: seed))
      simulation.reset()
    }

    /// What the feature memory holds at an address.
    static func feature(_ address: Int) -> Int { (address + 1) &* 0x9E37_79B1 & 0xFFFF_FFFF }

    func step() {
      let window = simulation.load
      if window.write {
        writes.append(WindowWrite(region: window.region, address: window.address, data: window.data, strobe: window.strobe))
      }
      if simulation.program.start { starts.append(simulation.cycle) }
      if simulation.program.abort { aborts.append(simulation.cycle) }
      // A word comes two cycles after it was asked for; at all other times there is noise.
      simulation.read.data = arriving[1] ?? random.patterns(1, width: 32)[0]
      arriving = [simulation.read.enable ? Self.feature(simulation.read.address) : nil, arriving[0]]
      if simulation.read.enable { reads.append(simulation.read.address) }
      simulation.step()
    }
    func idle(_ cycles: Int) { for _ in 0..<cycles { step() } }

    func write(_ address: Int, _ data: Int, strobe: Int = 15) throws -> Int {
      let bus = simulation.sAxi
      (bus.awaddr, bus.wdata, bus.wstrb) = (address, data, strobe)
      var waits = (0..<3).map { _ in random.pick([0, 0, 1, 4]) }, tookAddress = false, tookData = false
      for _ in 0..<60 {
        (bus.awvalid, bus.wvalid) = (waits[0] <= 0 && !tookAddress, waits[1] <= 0 && !tookData)
        bus.bready = waits[2] <= 0
        waits = waits.map { $0 - 1 }
        if bus.bvalid { try require(tookAddress && tookData, true, "seed \(seed): answered before it was asked") }
        let response = bus.bvalid && bus.bready ? bus.bresp : nil
        let (address, data) = (bus.awvalid && bus.awready, bus.wvalid && bus.wready)
        if address || data { taken = simulation.cycle }
        step()
        (tookAddress, tookData) = (tookAddress || address, tookData || data)
        if let response {
          bus.bready = false
          return response
        }
      }
      throw NoAnswer(address: address)
    }

    func read(_ address: Int) throws -> (response: Int, data: Int) {
      let bus = simulation.sAxi
      bus.araddr = address
      var waits = (0..<2).map { _ in random.pick([0, 0, 1, 4]) }, wasTaken = false
      for _ in 0..<60 {
        (bus.arvalid, bus.rready) = (waits[0] <= 0 && !wasTaken, waits[1] <= 0)
        waits = waits.map { $0 - 1 }
        let answer = bus.rvalid && bus.rready ? (bus.rresp, bus.rdata) : nil
        let isTaken = bus.arvalid && bus.arready
        step()
        wasTaken = wasTaken || isTaken
        if let answer {
          bus.rready = false
          return answer
        }
      }
      throw NoAnswer(address: address)
    }
    struct NoAnswer: Error { var address: Int }

    func register(_ register: RegisterMap.Register) throws -> Int {
      let (response, data) = try read(register.address)
      try require(response, HostPortTests.okay, "seed \(seed), response of \(register)")
      return data
    }
    func expect(_ register: RegisterMap.Register, _ value: Int, at location: Testing.SourceLocation = #_sourceLocation) throws {
      try require(self.register(register), value, "seed \(seed), \(register)", at: location)
    }
    func set(_ register: RegisterMap.Register, _ value: Int) throws {
      try require(write(register.address, value), HostPortTests.okay, "seed \(seed), response of \(register)")
    }
    /// A program runs for so many cycles, in some of which the array stalls; returns these.
    func work(_ cycles: Int) -> Int {
      simulation.program.busy = true
      var stalls = 0
      for _ in 0..<cycles {
        let isStalled = random.chance(30)
        simulation.stalled = isStalled
        stalls += isStalled ? 1 : 0
        step()
      }
      (simulation.program.busy, simulation.stalled) = (false, false)
      return stalls
    }
    func pulse(done: Bool = false, failed: Bool = false) {
      (simulation.program.done, simulation.program.failed) = (done, failed)
      step()
      (simulation.program.done, simulation.program.failed) = (false, false)
    }
  }

  @Test func registersTellWhatTheHardwareIs() throws {
    let bench = try Bench(), hardware = Self.hardware
    for _ in 0..<2 {
      try bench.expect(.identity, 0x5745_4654)
      try bench.expect(.version, RegisterMap.version)
      try bench.expect(.fingerprint, Int(hardware.fingerprint))
      try bench.expect(.array, 2 | 4 << 8 | 16 << 16 | 8 << 24)
      try bench.expect(.featureBytes, 64 * 32)
      try bench.expect(.weightBytes, 32 * 2 * 4 * 16)
      try bench.expect(.parameterChannels, 16 * 8)
      try bench.expect(.programWords, 128)
      // None of them changes.
      for register in RegisterMap.Register.allCases where ![.control, .interruptEnable, .limit].contains(register) {
        #expect(try bench.write(register.address, 0xFFFF_FFFF) == Self.okay)
      }
    }
    for address in [0x44, 0xFFC, 0x10_0000, 0x700_0000, 0xF00_0000] {
      #expect(try bench.read(address).response == Self.failure, "there is nothing at \(address)")
      #expect(try bench.write(address, 1) == Self.failure, "there is nothing at \(address)")
    }
    #expect(bench.writes == [] && bench.reads == [] && bench.starts == [] && bench.aborts == [])
  }

  /// Random accesses to all windows, idle and busy, inside and beyond their memories, at any byte address: writes arrive once,
  /// only features can be read, a busy accelerator's memories are out of reach, and beyond a memory there is nothing.
  @Test(arguments: [hardware, bare]) func windowsBelongToAnIdleAccelerator(_ hardware: Hardware) throws {
    let bench = try Bench(hardware)
    var beyond = 0
    for index in 0..<1600 {
      var writes: [WindowWrite] = [], reads: [Int] = []
      (bench.writes, bench.reads) = ([], [])
      let region = bench.random.pick(RegisterMap.Region.allCases.filter { $0 != .registers }), size = hardware.windowBytes(of: region)
      // Inside, about the end, a power of two above, anywhere.
      let places = [
        bench.random.int(0...max(0, size - 1)), max(0, size + bench.random.int(-9...9)), bench.random.int(0...0xFF_FFFF),
        (size == 0 ? 1 : bench.random.int(0...size - 1)) + size * (1 << bench.random.int(0...6)),
      ]
      let address = bench.random.pick(places) & 0xFF_FFFF, isBusy = bench.random.chance(30), exists = address < size
      beyond += exists ? 0 : 1
      let place = "seed \(bench.seed), access \(index) to \(region) \(address) of \(size), \(isBusy ? "busy" : "idle")"
      bench.simulation.program.busy = isBusy
      if bench.random.chance(50) {
        let data = bench.random.patterns(1, width: 32)[0], strobe = bench.random.int(0...15)
        let response = try bench.write(region.base + address, data, strobe: strobe)
        try require(response, isBusy || !exists ? Self.failure : Self.okay, "\(place), response")
        if !isBusy, exists { writes.append(.init(region: region.rawValue, address: address & ~3, data: data, strobe: strobe)) }
      } else {
        let isRead = region == .features && !isBusy && exists, answer = try bench.read(region.base + address)
        try require(answer.response, isRead ? Self.okay : Self.failure, "\(place), response")
        if isRead {
          try require(answer.data, Bench.feature(address & ~3), "\(place), data")
          reads.append(address & ~3)
        } else {
          try require(answer.data, 0, "\(place), data of a failed read")
        }
      }
      try require(bench.writes, writes, "\(place), writes")
      try require(bench.reads, reads, "\(place), reads")
    }
    #expect(beyond > 200)
  }

  /// A run is late once it has taken more cycles than the host allows; 0 allows any number.
  @Test(arguments: [1, 2, 50, 0]) func aRunHasALimit(_ limit: Int) throws {
    let bench = try Bench()
    try bench.expect(.limit, 0xFFFF_FFFF)
    try bench.set(.limit, limit)
    try bench.expect(.limit, limit)
    for _ in 0..<2 {
      try bench.set(.control, RegisterMap.controlStart)
      bench.simulation.program.busy = true
      var cycles = 0
      while !bench.simulation.program.limitReached, cycles < 300 {
        bench.step()
        cycles += 1
      }
      #expect(cycles == (limit == 0 ? 300 : limit + 1))
      bench.simulation.program.busy = false
      bench.idle(3)
      #expect(!bench.simulation.program.limitReached, "an idle accelerator is never late")
    }
  }

  /// An event that was raised before a reset stays until it is cleared: what has happened has happened.
  @Test func aResetKeepsEventsAndSettings() throws {
    let bench = try Bench()
    try bench.set(.interruptEnable, 3)
    try bench.set(.limit, 77)
    bench.pulse(done: true)
    try bench.set(.control, RegisterMap.controlReset)
    try bench.expect(.status, RegisterMap.statusProgramCheck)
    try bench.expect(.interruptStatus, 1)
    #expect(bench.simulation.irq)
    try bench.expect(.interruptEnable, 3)
    try bench.expect(.limit, 77)
  }

  @Test func startAndResetAreOnePulseEach() throws {
    let bench = try Bench()
    for index in 0..<200 {
      let bits = bench.random.int(0...3), isBusy = bench.random.chance(50), strobe = bench.random.pick([15, 1, 14])
      (bench.starts, bench.aborts) = ([], [])
      bench.simulation.program.busy = isBusy
      #expect(try bench.write(RegisterMap.Register.control.address, bits, strobe: strobe) == Self.okay)
      bench.idle(3)
      let place = "seed \(bench.seed), write \(index) of \(bits) with strobe \(strobe), \(isBusy ? "busy" : "idle")"
      let isWritten = strobe & 1 == 1
      // The program begins in the cycle after the start: the third after the command was taken.
      // Both in one write: the reset wins.
      let starts = bits == RegisterMap.controlStart && isWritten && !isBusy
      let resets = bits & RegisterMap.controlReset != 0 && isWritten
      try require(bench.starts, starts ? [bench.taken + 2] : [], "\(place), starts")
      try require(bench.aborts, resets ? [bench.taken + 2] : [], "\(place), resets")
      try bench.expect(.control, 0)
    }
  }

  @Test func statusErrorAndCycles() throws {
    let bench = try Bench(), check = RegisterMap.statusProgramCheck
    for cycles in [1, 17, 300, 50] {
      try bench.set(.control, RegisterMap.controlStart)
      let stalls = bench.work(cycles)
      let isFailed = cycles % 2 == 0
      (bench.simulation.program.errorCode, bench.simulation.program.errorPlace) = isFailed ? (3, 0xAB_CDEF) : (0, 0)
      bench.pulse(done: !isFailed, failed: isFailed)
      bench.idle(20)
      try bench.expect(.status, (isFailed ? RegisterMap.statusError : RegisterMap.statusDone) | check)
      try bench.expect(.error, isFailed ? 0xABCD_EF03 : 0)
      try bench.expect(.cyclesLow, cycles)
      try bench.expect(.cyclesHigh, 0)
      try bench.expect(.stalls, stalls)
      bench.simulation.program.busy = true
      #expect(try bench.register(.status) & RegisterMap.statusBusy != 0)
      bench.simulation.program.busy = false
    }
    // Both a start and a reset clear what the last program left.
    for command in [RegisterMap.controlStart, RegisterMap.controlReset] {
      bench.pulse(done: true, failed: true)
      try bench.expect(.status, RegisterMap.statusDone | RegisterMap.statusError | check)
      try bench.set(.control, command)
      try bench.expect(.status, check)
    }
  }

  @Test(arguments: 0..<4) func interruptsWaitUntilCleared(_ enabled: Int) throws {
    let bench = try Bench()
    try bench.set(.interruptEnable, enabled)
    try bench.expect(.interruptEnable, enabled)
    for happened in 1..<4 {
      #expect(!bench.simulation.irq)
      bench.pulse(done: happened & 1 != 0, failed: happened & 2 != 0)
      bench.idle(5)
      var left = happened
      for cleared in [0, happened & enabled & 1, 2, 3] {
        #expect(bench.simulation.irq == (left & enabled != 0), "enabled \(enabled), waiting \(left)")
        try bench.expect(.interruptStatus, left)
        try bench.set(.interruptStatus, cleared)
        left &= ~cleared
      }
    }
  }
}
