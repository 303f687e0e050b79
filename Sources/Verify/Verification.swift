// The verification of a network: golden kernels, hardware in a simulator and vectors, on every tensor.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// One sample to verify.
public struct VerificationSample: Sendable {
  /// In the order of the network's inputs, and of their types.
  public var inputs: [[UInt8]]
  /// What the vectors say, by tensor; empty without vectors.
  public var expected: [Int: [UInt8]]
  public init(inputs: [[UInt8]], expected: [Int: [UInt8]] = [:]) { (self.inputs, self.expected) = (inputs, expected) }
}

/// What to verify.
public struct VerificationRequest: Sendable {
  public var mapping: Mapping
  /// What is loaded into the hardware.
  public var images: MemoryImages
  /// The hardware for simulators that read Verilog, its top last; nil: what the generators make.
  public var verilog: [VerilogFile]?
  public var samples: [VerificationSample]
  /// Whether the samples are consecutive inferences: state is kept from one to the next; else each begins with the first values.
  public var keepsState = true
  public var simulator: SimulatorKind
  public var host: HostBehaviour
  /// Where the waveform around a first wrong write goes; nil: none.
  public var waveform: String?

  /// - Parameter images: by default those of the mapping.
  public init(
    _ mapping: Mapping, images: MemoryImages? = nil, verilog: [VerilogFile]? = nil, samples: [VerificationSample],
    simulator: SimulatorKind = .verilator, host: HostBehaviour = HostBehaviour(), waveform: String? = nil
  ) {
    (self.mapping, self.images) = (mapping, images ?? MemoryImages(mapping))
    (self.verilog, self.samples, self.simulator) = (verilog, samples, simulator)
    (self.host, self.waveform) = (host, waveform)
  }
}

/// What a verification found.
public struct VerificationReport: Sendable {
  public var network: NetworkReport
  public var simulator: SimulatorKind
  public var samples = 0
  public var tensors = 0
  public var elements = 0
  /// Of the elements, those of which the vectors say something.
  public var vectorElements = 0
  public var mismatches = 0
  public var goldenMismatches = 0
  /// Where the network meets a difference between interpreters.
  public var exceptions: [MetException] = []
  /// The interpreter that was followed there.
  public var reference = ReferenceInterpreter.tflm
  /// Whose results the network's are.
  public var followed = FollowedInterpreter(name: "", title: "")
  /// Of every sample, by the accelerator's own counter.
  public var cycles: [Int] = []
  /// The first few wrong values and problems.
  public var first: [Mismatch] = []
  public var problems: [String] = []
  /// Activations that the hardware never has, because they are folded into their consumers.
  public var folded: [Int] = []
  /// The waveform that was written.
  public var waveform: String?
  /// Results of every sample as read over the bus and finished by the host, in the order of the network's `results`.
  public var outputs: [[[UInt8]]] = []

  /// Of the golden kernels over all labelled samples of the vectors, simulated or not.
  public var accuracy: (right: Int, samples: Int)?

  /// Whether something was compared and nothing differs.
  public var passed: Bool { mismatches == 0 && goldenMismatches == 0 && samples > 0 && elements > 0 }

  /// Whether every cycle was predicted; false for layers or a total that take another number, true when nothing measures time.
  public var isPredicted: Bool { network.mispredicted.isEmpty && cycles.allSatisfy { $0 == network.predictedCycles } }

  /// The object that `weft verify --json` prints.
  public var json: String { OrderedJSON.text(VerificationInfo(self)) }
}

/// Verifies a network.
/// - Parameter progress: told what is being done.
/// - Throws: `MissingTool`, `SimulationFailure`, `ModelError`.
public func verify(_ request: VerificationRequest, progress: @escaping (String) -> Void = { _ in }) throws -> VerificationReport {
  let mapping = request.mapping
  let golden = try GoldenModel(mapping.network)
  let check = TensorCheck(mapping), wanted = mapping.network.results
  var report = VerificationReport(network: NetworkReport(mapping), simulator: request.simulator)
  report.folded = check.folded
  (report.exceptions, report.reference, report.followed) = (mapping.network.exceptions, mapping.network.reference, mapping.network.followed)
  let runner = try SampleRunner(request, golden, progress: progress)
  var stepCycles: [Int]?
  var firstWrong: (sample: Int, cycle: Int)?
  var state = mapping.initialState
  try runner.run { results in
    let setup = setupProblems(results.setup, mapping, request.simulator)
    report.problems += setup
    report.mismatches += setup.count
    for run in results.samples {
      let sample = request.samples[run.sample]
      let tensors = try golden.run(inputs: sample.inputs, state: state)
      if request.keepsState { state = golden.state(after: tensors) }
      var found = check.check(run, golden: tensors, expected: sample.expected)
      let cycles = Int(run.register(.cyclesLow) ?? 0) | Int(run.register(.cyclesHigh) ?? 0) << 32
      if request.simulator.knowsTime, run.finished, request.host.waiting == .interrupt, request.host.waitStates == 0,
        abs(cycles - run.countedCycles) > counterTolerance
      {
        found.mismatches += 1
        found.problems.append("sample \(run.sample): the accelerator counts \(cycles) cycles, the test bench \(run.countedCycles)")
      }
      report.samples += 1
      report.tensors += found.tensors
      report.elements += found.elements
      report.vectorElements += found.vectorElements
      report.mismatches += found.mismatches
      report.goldenMismatches += found.goldenMismatches
      report.first += found.first.prefix(max(0, TensorCheck.described - report.first.count))
      report.problems += found.problems.prefix(max(0, TensorCheck.described - report.problems.count))
      if request.simulator.knowsTime { report.cycles.append(cycles) }
      if stepCycles == nil, request.simulator.knowsTime { stepCycles = measuredSteps(run, count: mapping.steps.count) }
      if firstWrong == nil, let wrong = found.first.first(where: { $0.cycle != nil }) { firstWrong = (run.sample, wrong.cycle ?? 0) }
      var results = tensors
      for tensor in mapping.graph.outputs {
        guard let address = mapping.address(of: tensor) else { continue }
        results[tensor] = mapping.loaded(run.features(address, count: mapping.graph.tensors[tensor].byteCount).map { $0 ?? 0 }, of: tensor)
      }
      let finished = golden.finished(results)
      report.outputs.append(wanted.map { finished[$0] ?? [] })
    }
  }
  if report.samples == 0 || report.elements == 0 {
    report.mismatches += 1
    report.problems.append("nothing was compared: \(report.samples) samples, \(report.elements) elements")
  }
  if report.samples != request.samples.count {
    report.mismatches += 1
    report.problems.append("\(report.samples) of \(request.samples.count) samples were simulated")
  }
  report.network = NetworkReport(mapping, stepCycles: stepCycles, cycles: report.cycles.first)
  if let firstWrong, let waveform = request.waveform, request.simulator.knowsTime {
    progress("writing a waveform around cycle \(firstWrong.cycle)")
    do {
      // Made only now and then, so the place is looked at again.
      let file = try OutputFile(waveform, makingDirectories: true)
      if try runner.writeWaveform(sample: firstWrong.sample, around: firstWrong.cycle, to: file) { report.waveform = waveform }
    } catch {
      // That there is a mismatch must be said whatever becomes of its picture.
      report.problems.append("there is no waveform: \(error)")
    }
  }
  return report
}

/// Clock edges by which the two counters may differ: the way of the start command and of the interrupt.
let counterTolerance = 16

/// Cycles of every step: from the previous step's end, or the start, to its own.
func measuredSteps(_ run: SampleRun, count: Int) -> [Int]? {
  var cycles: [Int] = []
  // The trace counts from the cycle in which the start command is taken.
  var previous = Timing.programStart
  for step in 0..<count {
    guard let end = run.ended[step] else { return nil }
    cycles.append(end - previous)
    previous = end
  }
  return cycles
}

/// What the identity registers say wrong.
private func setupProblems(_ setup: SampleRun, _ mapping: Mapping, _ simulator: SimulatorKind) -> [String] {
  guard simulator.knowsTime else { return [] }
  let expected: [(RegisterMap.Register, UInt32)] = [
    (.identity, RegisterMap.identity), (.version, UInt32(RegisterMap.version)), (.fingerprint, mapping.hardware.fingerprint),
  ]
  return setup.problems
    + expected.compactMap { register, value in
      setup.register(register) == value
        ? nil
        : "register \(register.name) reads 0x\(hexadecimal(setup.register(register) ?? 0)), expected 0x\(hexadecimal(value))"
    }
}

/// How many labelled samples the golden kernels classify right: the first output's largest element is the class.
/// - Returns: nil when the vectors have no labels.
public func goldenAccuracy(_ set: VectorSet, _ graph: Graph) throws -> (right: Int, samples: Int)? {
  guard let labels = set.labels, let output = graph.outputs.first else { return nil }
  let model = try GoldenModel(graph)
  var right = 0
  for (sample, label) in labels.enumerated() {
    let values = graph.tensors[output].numbers(try model.run(inputs: set.inputs(ofSample: sample, for: graph))[output] ?? [])
    if let largest = values.max(), values.firstIndex(of: largest) == label { right += 1 }
  }
  return (right, labels.count)
}
