// Faulted programs on the hardware: whatever a program has become, a run ends, says so when something was wrong, and
// leaves an accelerator on which the next run is exact.
//
// Each fault is loaded over the good program and run; then the good words and the inputs are put back and run again. All
// of it goes through the bus, and nothing is reset in between.

import Emit
import Machine
import Mapper
import Model

/// What became of a faulted run.
public enum ProgramFaultOutcome: Hashable, Sendable, Comparable {
  /// Done, with the right outputs.
  case right
  /// Stopped by an error.
  case error(Int)
  /// Done, with wrong outputs: nobody is told.
  case silent
  /// Neither done nor stopped.
  case hang
  /// Something that must not be, in words.
  case broken(String)

  public var description: String {
    switch self {
    case .right: "right"
    case .error(let code): "error \(code)" + (RegisterMap.ErrorCode(rawValue: code).map { " \($0)" } ?? "")
    case .silent: "done with wrong outputs"
    case .hang: "no end"
    case .broken(let what): what
    }
  }
}

/// Runs faulted programs of one network.
public struct ProgramFaultsCampaign: Sendable {
  public var mapping: Mapping
  public var simulator: SimulatorKind
  public var seed: UInt64
  /// Random faults.
  public var count: Int
  /// Whether every bit of the program is flipped as well.
  public var bits: Bool
  /// Whether the checksum is made right after the fault. Then a wrong result is the program's own and is only counted.
  public var sealed: Bool
  /// A single fault to run, by its name.
  public var only: String?
  /// Of the bits, every how many is flipped; from word to word, others.
  var stride = 1
  /// Most cycles of a run, in multiples of the good program's.
  public var patience = 8

  public init(
    _ mapping: Mapping, simulator: SimulatorKind = .verilator, seed: UInt64, count: Int, bits: Bool, sealed: Bool = false,
    only: String? = nil
  ) {
    (self.mapping, self.simulator, self.seed, self.count) = (mapping, simulator, seed, count)
    (self.bits, self.sealed, self.only) = (bits, sealed, only)
  }

  /// A fault with what is wrong with its outcome.
  public struct Failure: Sendable {
    public var fault: ProgramFault
    public var what: String
  }

  /// What the campaign found.
  public struct Report: Sendable {
    public var tested = 0
    /// Cycles of the good program.
    public var goodCycles = 0
    public var byKind: [ProgramFault.Kind: [ProgramFaultOutcome: Int]] = [:]
    /// Runs after a faulted one that were not exact.
    public var inexactAfterwards = 0
    public var failures: [Failure] = []

    public func total(_ outcome: ProgramFaultOutcome) -> Int { byKind.values.reduce(0) { $0 + ($1[outcome] ?? 0) } }
    public var outcomes: [ProgramFaultOutcome] { Set(byKind.values.flatMap(\.keys)).sorted() }
    public var passed: Bool { failures.isEmpty }
  }

  /// Faults that one process runs.
  static let batch = 24

  /// The faults, in order.
  var faults: [ProgramFault] {
    let source = ProgramFaults(
      mapping.program.map(\.instruction.word), memoryWords: mapping.hardware.programWords, seed: seed)
    var faults: [ProgramFault] = []
    if let only {
      faults = only.contains(".") ? source.bits.filter { $0.name == only } : [Int(only)].compactMap { $0.map(source.random) }
    } else {
      faults = (bits ? source.bits.enumerated().filter { ($0.offset + $0.offset / 32) % stride == 0 }.map(\.element) : []) + (0..<count).map(source.random)
    }
    return sealed ? faults.map(source.sealed).filter { !$0.changes.isEmpty } : faults
  }

  /// Runs all faults.
  /// - Throws: `MissingTool`, or `SimulationFailure` when the good program does not run right.
  public func run(progress: @escaping (String) -> Void = { _ in }) throws -> Report {
    let simulator = try simulator.hardwareSimulator(for: mapping.hardware, progress: progress)
    let inputs = randomInputs(mapping.graph, seed: seed)
    let golden = try GoldenModel(mapping.graph).run(inputs: inputs)
    let expected = mapping.graph.outputs.map { golden[$0] ?? [] }
    var report = Report()
    report.goodCycles = try goodCycles(simulator, inputs, expected)
    let faults = self.faults
    let batches = Swift.stride(from: 0, to: faults.count, by: Self.batch).map { Array(faults[$0..<min(faults.count, $0 + Self.batch)]) }
    for start in Swift.stride(from: 0, to: batches.count, by: simulationWorkers) {
      progress("\(report.tested) of \(faults.count) faults")
      let group = Array(batches[start..<min(batches.count, start + simulationWorkers)])
      let results = try simulator.run(group.map { job($0, inputs, limit: report.goodCycles * patience) })
      for (batch, result) in zip(group, results) { judge(batch, result, expected, &report) }
    }
    return report
  }

  /// The cycles of the good program, which must give the right outputs.
  private func goodCycles(_ simulator: any HardwareSimulator, _ inputs: [[UInt8]], _ expected: [[UInt8]]) throws -> Int {
    let results = try simulator.run(job([], inputs, limit: 0))
    guard let run = results.samples.first, outcome(run, expected) == .right, let cycles = run.register(.cyclesLow) else {
      throw SimulationFailure(what: mapping.graph.name, detail: "the program is wrong before any fault; run `weft verify`")
    }
    return Int(cycles)
  }

  /// Sample 0 is the good program; fault i is sample 2·i + 1, the run after it sample 2·i + 2.
  private func job(_ faults: [ProgramFault], _ inputs: [[UInt8]], limit: Int) -> Job {
    var job = Job()
    for image in MemoryImages(mapping).images { job.load(image) }
    let used = mapping.program.count
    let rest = [UInt32](repeating: 0, count: max(0, mapping.hardware.programWords - used))
    for (place, word) in rest.enumerated() { job.write(RegisterMap.Region.program.base + 4 * (used + place), word) }
    job.write(.interruptEnable, 3)
    job.write(.limit, limit)
    let allowed = limit == 0 ? cycleLimit(mapping) : limit + 100_000
    addRun(&job, 0, inputs, allowed)
    let good = mapping.program.map(\.instruction.word) + rest
    for (index, fault) in faults.enumerated() {
      let places = fault.changes.keys.sorted()
      // The mark stands before the words, so that an access that is refused is laid to its fault.
      job.mark(sample: 2 * index + 1)
      for place in places { job.write(RegisterMap.Region.program.base + 4 * place, fault.changes[place] ?? 0) }
      addRun(&job, nil, inputs, allowed)
      job.mark(sample: 2 * index + 2)
      for place in places { job.write(RegisterMap.Region.program.base + 4 * place, good[place]) }
      addRun(&job, nil, inputs, allowed)
    }
    return job
  }

  private func addRun(_ job: inout Job, _ number: Int?, _ inputs: [[UInt8]], _ allowed: Int) {
    if let number { job.mark(sample: number) }
    for write in mapping.writes(inputs: inputs, state: mapping.initialState) { job.writeFeatures(write.address, write.bytes) }
    job.start()
    job.wait(.interrupt, limit: allowed)
    for register in [RegisterMap.Register.status, .error, .cyclesLow, .cyclesHigh] { job.read(register) }
    job.write(.interruptStatus, 3)
    for tensor in mapping.graph.outputs {
      if let address = mapping.address(of: tensor) { job.readFeatures(address, count: mapping.graph.tensors[tensor].byteCount) }
    }
  }

  /// What a run came to.
  func outcome(_ run: SampleRun, _ expected: [[UInt8]]) -> ProgramFaultOutcome {
    guard run.finished else { return .hang }
    let status = Int(run.register(.status) ?? 0), code = Int(run.register(.error) ?? 0) & 0xFF
    let (done, failed) = (status & RegisterMap.statusDone != 0, status & RegisterMap.statusError != 0)
    if let problem = run.problems.first { return .broken(problem) }
    if let wild = run.writes.first(where: { $0.address + $0.data.count > mapping.hardware.featureBytes }) {
      return .broken("writes address \(wild.address) of \(mapping.hardware.featureBytes)")
    }
    if done == failed { return .broken(done ? "done and error are both set" : "the interrupt comes without done and without error") }
    if status & RegisterMap.statusBusy != 0 { return .broken("busy after the end") }
    if failed { return code == 0 ? .broken("an error without a code") : .error(code) }
    let outputs = zip(mapping.graph.outputs, expected).allSatisfy { tensor, bytes in
      mapping.address(of: tensor).map { run.features($0, count: bytes.count) == mapping.stored(bytes, of: tensor).map(Optional.some) } ?? true
    }
    return outputs ? .right : .silent
  }

  private func judge(_ batch: [ProgramFault], _ results: SimulationResults, _ expected: [[UInt8]], _ report: inout Report) {
    let runs = Dictionary(results.samples.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, fault) in batch.enumerated() {
      report.tested += 1
      let outcome = runs[2 * index + 1].map { self.outcome($0, expected) } ?? .broken("the simulation did not come to it")
      report.byKind[fault.kind, default: [:]][outcome, default: 0] += 1
      if isFailure(outcome) { report.failures.append(Failure(fault: fault, what: outcome.description)) }
      guard let after = runs[2 * index + 2] else { continue }
      let then = self.outcome(after, expected), cycles = Int(after.register(.cyclesLow) ?? 0)
      if then != .right || cycles != report.goodCycles {
        report.inexactAfterwards += 1
        let what = then != .right ? then.description : "\(cycles) cycles, not \(report.goodCycles)"
        report.failures.append(Failure(fault: fault, what: "the next run: \(what)"))
      }
    }
  }

  private func isFailure(_ outcome: ProgramFaultOutcome) -> Bool {
    switch outcome {
    case .right, .error: false
    case .silent: !sealed
    case .hang, .broken: true
    }
  }
}
