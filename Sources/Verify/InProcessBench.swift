// The host of the accelerator in this process: the same bench as testbenches/harness.cpp, on the language's own simulator.
//
// It carries out a job command by command through the AXI4-Lite port, watches the trace port, counts clock edges
// itself, and leaves the records that `SimulationResults` reads. Nothing is built and no tool is needed. Registers
// without reset and memories begin as noise, and a memory word that is read while it is written reads as noise: results
// that depend on what no hardware promises come out wrong.

import Dispatch
import Emit
import Generators
import HDL
import Machine
import Synchronization

/// The hardware, elaborated and compiled once; any number of benches run it.
struct InProcessHardware: Sendable {
  let design: CompiledDesign<Accelerator>
  let postLanes: Int

  init(_ hardware: Hardware) throws {
    design = try CompiledDesign(Accelerator(hardware))
    postLanes = hardware.configuration.postLanes
  }
}

/// One accelerator and its host.
final class InProcessBench {
  private let simulation: Simulation<Accelerator>
  private var records: [UInt32] = []
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

  init(_ hardware: InProcessHardware, recording recorded: ClosedRange<Int>? = nil) {
    let simulation = hardware.design.simulation(.random(seed: 1))
    self.simulation = simulation
    self.recorded = recorded
    let bus = simulation.sAxi
    (addressValid, addressReady, address) = (bus.signal(\.awvalid), bus.signal(\.awready), bus.signal(\.awaddr))
    (dataValid, dataReady, data, strobe) = (bus.signal(\.wvalid), bus.signal(\.wready), bus.signal(\.wdata), bus.signal(\.wstrb))
    (responseValid, responseReady, response) = (bus.signal(\.bvalid), bus.signal(\.bready), bus.signal(\.bresp))
    (readAddressValid, readAddressReady, readAddressPort) = (bus.signal(\.arvalid), bus.signal(\.arready), bus.signal(\.araddr))
    (readValid, readReady, readPort, readResponse) = (bus.signal(\.rvalid), bus.signal(\.rready), bus.signal(\.rdata), bus.signal(\.rresp))
    interrupt = simulation.signal(\.irq)
    (started, done, written) = (simulation.signal(\.traceStart), simulation.signal(\.traceDone), simulation.signal(\.traceWrite))
    (step, place, count) = (simulation.signal(\.traceStep), simulation.signal(\.traceAddress), simulation.signal(\.traceCount))
    (after, before) = (simulation.signal(\.traceData), simulation.signal(\.traceBefore))
    responseReady.bit = true
    readReady.bit = true
  }

  /// Carries out a job from the reset on.
  /// - Throws: `SimulationFailure` when the job is damaged.
  func run(_ job: Job) throws(SimulationFailure) -> SimulationResults {
    var reader = job.words[...]
    do throws(NoAnswer) {
      try reset(cycles: 4)
      while let command = reader.popFirst() { try carryOut(command, &reader) }
      try settle()
    } catch {
      records += [10, error.address]
    }
    endRecording()
    return try SimulationResults(words: records + [0])
  }

  private func carryOut(_ command: UInt32, _ reader: inout ArraySlice<UInt32>) throws(NoAnswer) {
    func next() -> UInt32 { reader.popFirst() ?? 0 }
    switch command {
    case 1:
      let (address, run, step, count) = (next(), max(1, next()), next(), next())
      for index in 0..<count { try post(address + index / run * step + 4 * (index % run), next(), strobe: 15) }
      try settle()
    case 2:
      let (address, strobe, data) = (next(), next(), next())
      try post(address, data, strobe: strobe)
      try settle()
    case 3:
      let (address, count) = (next(), next())
      var words: [UInt32] = []
      for index in 0..<count { words.append(try read(address + 4 * index)) }
      records += [1, address, count] + words
    case 4:
      let (address, mask, expected) = (next(), next(), next())
      let got = try read(address)
      if (got ^ expected) & mask != 0 {
        records += [8, address, got, expected, mask]
      }
    case 5:
      try settle()
      try post(next(), next(), strobe: 15)
      (cycle, isRunning) = (1, true)
      try settle()
    case 6: try wait(mode: next(), limit: Int(next()), address: next(), mask: next())
    case 7: try reset(cycles: Int(next()))
    case 8: idle(Int(next()))
    case 9: records += [3, next()]
    case 10:
      random = next() &* 2_654_435_761 &+ 1
      waitProbability = next()
      // A host that waits no more is ready again.
      (responseReady.bit, readReady.bit) = (true, true)
    default: break
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

  private func wait(mode: UInt32, limit: Int, address: UInt32, mask: UInt32) throws(NoAnswer) {
    var finished = false
    while cycle < limit, !finished {
      if mode == 1 {
        finished = interrupt.bit
        if !finished { tick() }
      } else {
        finished = try read(address) & mask != 0
        if !finished { idle(16) }
      }
    }
    isRunning = false
    endRecording()
    records += [2, finished ? 1 : 0, UInt32(truncatingIfNeeded: cycle), UInt32(truncatingIfNeeded: cycle >> 32)]
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
      let code = UInt32(response.int)
      if pending.isEmpty || code != 0 { records += [7, pending.first ?? .max, code | 256] }
      if !pending.isEmpty { pending.removeFirst() }
    }
    if readValid.bit, readReady.bit {
      let code = UInt32(readResponse.int)
      if code != 0 { records += [7, readAddress, code] }
      readData = UInt32(readPort.int)
    }
    watch()
    simulation.step()
    cycle += 1
    if let recorded, cycle > recorded.upperBound { endRecording() }
  }

  private func watch() {
    let now = UInt32(truncatingIfNeeded: cycle)
    if started.bit { records += [4, UInt32(step.int), now] }
    if written.bit {
      let bytes = count.int
      records += [6, UInt32(step.int) | UInt32(bytes) << 16, UInt32(place.int), now]
      records += words(after.value, bytes: bytes)
      records += words(before.value, bytes: bytes)
    }
    if done.bit { records += [5, UInt32(step.int), now] }
  }

  /// The first bytes of a packed vector, four to a word.
  private func words(_ value: SignalValue, bytes: Int) -> [UInt32] {
    let halves = value.words.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)] }
    return (0..<(bytes + 3) / 4).map { index in
      let used = min(4, bytes - 4 * index)
      return used == 4 ? halves[index] : halves[index] & ((1 << UInt32(8 * used)) - 1)
    }
  }

  private func endRecording() {
    guard let ended = recording else { return }
    waveform = ended.vcd()
    recording = nil
  }
}

/// Carries out jobs beside each other, each on an accelerator of its own.
func runInProcess(_ jobs: [Job], _ hardware: InProcessHardware) throws(SimulationFailure) -> [SimulationResults] {
  let outcomes = Mutex([Result<SimulationResults, SimulationFailure>?](repeating: nil, count: jobs.count))
  DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
    let outcome = Result { () throws(SimulationFailure) in try InProcessBench(hardware).run(jobs[index]) }
    outcomes.withLock { $0[index] = outcome }
  }
  var results: [SimulationResults] = []
  for case let outcome? in outcomes.withLock({ $0 }) { results.append(try outcome.get()) }
  return results
}
