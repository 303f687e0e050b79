// One hardware configuration, built once, on which many small networks run one after the other.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// A bench for networks that all fit one configuration of fixed sizes.
struct LayerBench {
  let configuration: Configuration
  let simulator: Simulator
  private let build: SimulatorBuild
  private let inProcess: InProcessHardware?
  private let directory: TemporaryDirectory

  /// A layer, mapped.
  struct Case {
    var layer: RandomLayer
    var mapping: Mapping
    var inputs: [[UInt8]]
  }

  /// Why a layer cannot be tested.
  struct Refusal: Error {
    var reason: String
  }

  init(_ configuration: Configuration, _ simulator: Simulator) throws {
    self.configuration = configuration
    self.simulator = simulator
    directory = try TemporaryDirectory()
    let hardware = try Hardware(standalone: configuration)
    inProcess = simulator == .swift ? try InProcessHardware(hardware) : nil
    if !simulator.readsVerilog {
      build = SimulatorBuild(simulator: simulator, path: "", wasCached: true)
    } else {
      build = try SimulatorBuild.make(simulator, try makeVerilog(for: hardware), postLanes: configuration.postLanes)
    }
  }

  func prepare(_ layer: RandomLayer) -> Result<Case, Refusal> {
    func refusal(_ text: String) -> Refusal {
      // The numbers differ from layer to layer; the reason is what counts.
      Refusal(reason: String(text.split(separator: ":").last ?? "").replacing(/[-0-9.]+(e-?[0-9]+)?/, with: "#").trimmingCharacters(in: .whitespaces))
    }
    do {
      let graph = try layer.graph()
      let mapping = try Mapper.map(graph, for: configuration)
      return .success(Case(layer: layer, mapping: mapping, inputs: layer.inputBytes(graph)))
    } catch {
      return .failure(refusal("\(error)"))
    }
  }

  /// What one layer gave.
  struct Outcome {
    var elements: Int
    var failure: String?
  }

  func run(_ cases: [Case]) throws -> [Outcome] {
    if simulator == .interpreter {
      return try cases.map { ready in
        let request = VerificationRequest(
          ready.mapping, verilog: [], samples: [VerificationSample(inputs: ready.inputs)], simulator: .interpreter)
        do {
          let report = try verify(request)
          return Outcome(elements: report.elements, failure: report.passed ? nil : report.problems.first ?? report.first.first?.description ?? "mismatch")
        } catch let error as SimulationFailure {
          return Outcome(elements: 0, failure: error.description)
        }
      }
    }
    var job = Job()
    job.write(.interruptEnable, 3)
    for (number, ready) in cases.enumerated() {
      job.reset()
      job.write(.interruptEnable, 3)
      for image in MemoryImages(ready.mapping).images { job.load(image) }
      job.addSample(number, ready.inputs, ready.mapping, .interrupt)
    }
    let results = try simulate(job)
    return try cases.enumerated().map { number, ready in
      guard let sample = results.samples.first(where: { $0.sample == number }) else {
        return Outcome(elements: 0, failure: "the simulation did not reach this layer")
      }
      let golden = try GoldenModel(ready.mapping.graph).run(inputs: ready.inputs)
      let check = TensorCheck(ready.mapping).check(sample, in: results, golden: golden, expected: [:])
      return Outcome(
        elements: check.elements,
        failure: check.mismatches == 0 ? nil : check.problems.first ?? check.first.first?.description ?? "\(check.mismatches) mismatches")
    }
  }

  private func simulate(_ job: Job) throws -> SimulationResults {
    if let inProcess { return try InProcessBench(inProcess).run(job) }
    let jobFile = directory.file("layers.job"), resultsFile = directory.file("layers.results"), log = directory.file("layers.log")
    try Data(job.bytes).write(to: jobFile)
    try? FileManager.default.removeItem(at: resultsFile)
    let program: RunningProgram
    if simulator == .icarus {
      program = try RunningProgram(
        try Tool.vvp.path(), ["-n", build.path, "+job=\(jobFile.path)", "+results=\(resultsFile.path)"], in: directory.url, log: log)
    } else {
      program = try RunningProgram(build.path, [jobFile.path, resultsFile.path], in: directory.url, log: log)
    }
    let (status, output) = program.finish()
    guard status == 0 || status == 1, let data = FileManager.default.contents(atPath: resultsFile.path) else {
      throw SimulationFailure(what: "simulation", detail: output.split(separator: "\n").last.map(String.init) ?? "ended with status \(status)")
    }
    return try SimulationResults(bytes: data)
  }
}
