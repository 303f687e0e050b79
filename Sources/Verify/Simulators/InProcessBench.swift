// The host of the accelerator in this process: the same bench as testbenches/harness.cpp, on the language's own simulator.
//
// It carries out a job command by command through the AXI4-Lite port, watches the trace port, counts clock edges
// itself, and leaves the same records. Registers without reset and memories begin as noise, and a memory word that is read
// while it is written reads as noise: results that depend on what no hardware promises come out wrong.

import Emit
import Generators
import HDL
import Machine

/// One accelerator and its host.
final class InProcessBench {
  private let simulation: Simulation<Accelerator>
  private var results = SimulationResults()
  /// Cycles of the run between which a waveform is recorded.
  private let recorded: ClosedRange<Int>?
  private var recording: Waveform?
  private(set) var waveform: String?

  private var cycle = 0
  private var isRunning = false
  /// Addresses of writes whose response is due.
  private var pending: [UInt32] = []
  private var readData: UInt32?
  private var readAddress: UInt32 = 0
  private var random: UInt32 = 1
  private var waitProbability: UInt32 = 0

  private let addressValid, addressReady, address, dataValid, dataReady, data, strobe: SimulatedSignal
  private let responseValid, responseReady, response: SimulatedSignal
  private let readAddressValid, readAddressReady, readAddressPort, readValid, readReady, readPort, readResponse: SimulatedSignal
  private let interrupt, started, done, written, step, place, count, after, before: SimulatedSignal

  /// Cycles after which the bus counts as dead.
  private static let patience = 20_000

  private struct NoAnswer: Error { var address: UInt32 }

  init(_ design: CompiledDesign<Accelerator>, recording recorded: ClosedRange<Int>? = nil) {
    let simulation = design.simulation(.random(seed: 1))
    self.simulation = simulation
    self.recorded = recorded
    let bus = simulation.sAxi
    (addressValid, addressReady, address) = (bus.signal(\.awvalid), bus.signal(\.awready), bus.signal(\.awaddr))
    (dataValid, dataReady, data, strobe) = (bus.signal(\.wvalid), bus.signal(\.wready), bus.signal(\.wdata), bus.signal(\.wstrb))
    (responseValid, responseReady, response) = (bus.signal(\.bvalid), bus.signal(\.bready), bus.signal(\.bresp))
    (readAddressValid, readAddressReady, readAddressPort) = (bus.signal(\.arvalid), bus.signal(\.arready), bus.signal(\.araddr))
    (readValid, readReady, readPort, readResponse) = (bus.signal(\.rvalid), bus.signal(\.rready), bus.signal(\.rdata), bus.signal(\.rresp))
    interrupt = simulation.signal(\.irq)
    (started, done, written) = (simulation.trace.signal(\.start), simulation.trace.signal(\.done), simulation.trace.signal(\.write))
    (step, place, count) = (simulation.trace.signal(\.step), simulation.trace.signal(\.address), simulation.trace.signal(\.count))
    (after, before) = (simulation.trace.signal(\.data), simulation.trace.signal(\.before))
    responseReady.bit = true
    readReady.bit = true
  }

  /// Carries out a job from the reset on.
  func run(_ job: Job) -> SimulationResults {
    do throws(NoAnswer) {
      try reset(cycles: 4)
      for command in job.commands { try carryOut(command) }
      try settle()
    } catch {
      results.add(.noAnswer(address: Int(error.address)))
    }
    endRecording()
    return results
  }

  private func carryOut(_ command: BenchCommand) throws(NoAnswer) {
    switch command {
    case .end: break
    case .writeBlock(let address, let run, let step, let words):
      for (index, word) in words.enumerated() {
        try post(UInt32(truncatingIfNeeded: address + index / run * step + 4 * (index % run)), word, strobe: 15)
      }
      try settle()
    case .write(let address, let strobe, let data):
      try post(UInt32(truncatingIfNeeded: address), data, strobe: UInt32(truncatingIfNeeded: strobe))
      try settle()
    case .readBlock(let address, let count):
      var words: [UInt32] = []
      for index in 0..<count { words.append(try read(UInt32(truncatingIfNeeded: address + 4 * index))) }
      results.add(.read(address: address, words: words))
    case .check(let address, let mask, let expected):
      let got = try read(UInt32(truncatingIfNeeded: address))
      if (got ^ expected) & mask != 0 { results.add(.checkFailed(address: address, got: got, expected: expected, mask: mask)) }
    case .start(let address, let data):
      try settle()
      try post(UInt32(truncatingIfNeeded: address), data, strobe: 15)
      (cycle, isRunning) = (1, true)
      try settle()
    case .wait(let waiting, let limit, let address, let mask):
      try wait(waiting, limit: limit, address: UInt32(truncatingIfNeeded: address), mask: mask)
    case .reset(let cycles): try reset(cycles: cycles)
    case .idle(let cycles): idle(cycles)
    case .sample(let number): results.add(.sample(number))
    case .waitStates(let seed, let probability):
      random = seed &* 2_654_435_761 &+ 1
      waitProbability = UInt32(truncatingIfNeeded: probability)
      // A host that waits no more is ready again.
      (responseReady.bit, readReady.bit) = (true, true)
    }
  }

  // MARK: the bus

  /// Hands over a write and returns once address and data are taken; the response may come later.
  private func post(_ target: UInt32, _ word: UInt32, strobe lanes: UInt32) throws(NoAnswer) {
    var addressDue = true, dataDue = true
    (address.int, data.int, strobe.int) = (Int(target), Int(word), Int(lanes))
    pending.append(target)
    var waited = 0
    while addressDue || dataDue {
      if waited > Self.patience { throw NoAnswer(address: target) }
      waited += 1
      if addressDue, !addressValid.bit { addressValid.bit = mayRise() }
      if dataDue, !dataValid.bit { dataValid.bit = mayRise() }
      let (addressTaken, dataTaken) = (addressValid.bit && addressReady.bit, dataValid.bit && dataReady.bit)
      tick()
      if addressTaken { (addressDue, addressValid.bit) = (false, false) }
      if dataTaken { (dataDue, dataValid.bit) = (false, false) }
    }
  }

  /// Waits for all responses.
  private func settle() throws(NoAnswer) {
    var waited = 0
    while let first = pending.first {
      if waited > Self.patience { throw NoAnswer(address: first) }
      waited += 1
      tick()
    }
  }

  private func read(_ target: UInt32) throws(NoAnswer) -> UInt32 {
    try settle()
    var addressDue = true
    (readData, readAddress, readAddressPort.int) = (nil, target, Int(target))
    var waited = 0
    while true {
      if let word = readData, !addressDue { return word }
      if waited > Self.patience { throw NoAnswer(address: target) }
      waited += 1
      if addressDue, !readAddressValid.bit { readAddressValid.bit = mayRise() }
      let taken = readAddressValid.bit && readAddressReady.bit
      tick()
      if taken { (addressDue, readAddressValid.bit) = (false, false) }
    }
  }

  private func wait(_ waiting: BenchCommand.Waiting, limit: Int, address: UInt32, mask: UInt32) throws(NoAnswer) {
    var finished = false
    while cycle < limit, !finished {
      if waiting == .interrupt {
        finished = interrupt.bit
        if !finished { tick() }
      } else {
        finished = try read(address) & mask != 0
        if !finished { idle(16) }
      }
    }
    isRunning = false
    endRecording()
    results.add(.run(finished: finished, cycles: cycle))
  }

  private func reset(cycles: Int) throws(NoAnswer) {
    (addressValid.bit, dataValid.bit, readAddressValid.bit, isRunning) = (false, false, false, false)
    simulation.reset(cycles: cycles)
    pending = []
    idle(2)
  }

  private func idle(_ cycles: Int) { for _ in 0..<cycles { tick() } }

  /// Whether a valid or ready signal may rise in this cycle.
  private func mayRise() -> Bool {
    if waitProbability == 0 { return true }
    random = random &* 1_664_525 &+ 1_013_904_223
    return random >> 24 >= waitProbability
  }

  // MARK: the clock

  /// One cycle: look at what the rising edge will see, then make the edge.
  private func tick() {
    if waitProbability != 0 { (responseReady.bit, readReady.bit) = (mayRise(), mayRise()) }
    if isRunning, let recorded, recording == nil, waveform == nil, cycle >= recorded.lowerBound { recording = simulation.record() }
    if responseValid.bit, responseReady.bit {
      let code = response.int
      if pending.isEmpty || code != 0 { addBusError(pending.first ?? .max, code, isWrite: true) }
      if !pending.isEmpty { pending.removeFirst() }
    }
    if readValid.bit, readReady.bit {
      let code = readResponse.int
      if code != 0 { addBusError(readAddress, code, isWrite: false) }
      readData = UInt32(readPort.int)
    }
    watch()
    simulation.step()
    cycle += 1
    if let recorded, cycle > recorded.upperBound { endRecording() }
  }

  private func addBusError(_ address: UInt32, _ response: Int, isWrite: Bool) {
    results.add(.busError(BusError(address: Int(address), response: response, isWrite: isWrite)))
  }

  private func watch() {
    if started.bit { results.add(.stepStarted(step.int, cycle: cycle)) }
    if written.bit {
      let write = TraceWrite(
        step: step.int, address: place.int, cycle: cycle, data: bytes(after.value), before: bytes(before.value))
      results.add(.traceWrite(write))
    }
    if done.bit { results.add(.stepDone(step.int, cycle: cycle)) }
  }

  /// The bytes of a packed vector that are written.
  private func bytes(_ value: SignalValue) -> ArraySlice<UInt8> {
    let words = value.words
    return (0..<count.int).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(8 * ($0 % 8))) }[...]
  }

  private func endRecording() {
    guard let ended = recording else { return }
    waveform = ended.vcd()
    recording = nil
  }
}
