// weft bench: networks on configurations, a line each.

import ArgumentParser
import Emit
import Foundation
import Generators
import Machine
import Mapper
import Model
import Verify

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Compares networks on configurations: cycles, use of the array, multipliers, memories.",
    discussion: """
      Cycles are predicted; with --measure they are counted in simulation on all vectors beside each model, and every tensor is
      compared, too. A network that a configuration refuses has a line that says why.

      Example:
        weft bench Examples/digits_resnet --config edge16 --config edge64
      """)

  @Argument(help: "Models, or directories that hold one (model.tflite).") var models: [String]
  @Option(name: .long, help: "A named configuration (\(Configuration.names)) or a configuration file; may be repeated; by default edge64.")
  var config: [String] = []
  @Flag(help: "Simulate all vectors beside each model; fails if a tensor or a cycle differs.") var measure = false
  @Option(help: "With --measure: verilator (the default), icarus, or in-process (needs no tool).") var simulator: String?
  @Option(help: "Figures of other machines, a column each: JSON, {\"network\": {\"machine\": {\"cycles_total\": 1}}}.") var peers: String?
  @OptionGroup var reference: ReferenceOption
  @OptionGroup var rounding: RoundingOption
  @Flag(help: "Print one JSON object.") var json = false
  @Flag(help: "Print a Markdown table.") var markdown = false

  func validate() throws {
    guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other") }
    guard measure || simulator == nil else { throw ValidationError("--simulator is for --measure; without it nothing is simulated") }
    if let simulator { _ = try kind(simulator) }
  }

  private func kind(_ name: String) throws -> SimulatorKind {
    try simulatorKind(name, among: SimulatorKind.ofHardware)
  }

  /// A model before anything has been done with it.
  private struct Candidate {
    var path: String
    var bytes: [UInt8]
    /// nil when nothing is measured.
    var vectors: VectorSet?
  }

  func run() throws {
    let progress = Progress(), simulator = try kind(simulator ?? SimulatorKind.verilator.rawValue)
    let configurations = try (config.isEmpty ? ["edge64"] : config).map { (source: $0, value: try Configuration.load(nameOrPath: $0)) }
    let figures = try peers.map { try PeerFigures(readFile($0, limit: 1 << 24), path: $0) }
    // What is not there is said before anything takes time.
    let candidates = try models.map { model in
      let path = modelPath(model)
      let bytes = try readModelFile(path)
      return Candidate(path: path, bytes: bytes, vectors: try measure ? VectorSet.load(directory(of: path)) : nil)
    }
    var rows: [Benchmark.Row] = []
    for candidate in candidates {
      for configuration in configurations {
        progress.say("\(candidate.path) on \(configuration.value.name)")
        rows.append(try row(candidate, configuration.value, from: configuration.source, simulator) { progress.say($0) })
      }
    }
    progress.clear()
    let benchmark = Benchmark(rows, peers: figures)
    if let peers, let figures, figures.machines(of: rows.map(\.network)).isEmpty {
      StandardStreams.complain("\(peers): warning: knows none of these networks")
    }
    print(json ? benchmark.json : markdown ? benchmark.markdown : benchmark.text, terminator: "")
    try judge(rows)
  }

  /// One network on one configuration.
  /// - Throws: what is no refusal: a tool that is missing, a simulation that cannot be run.
  private func row(
    _ candidate: Candidate, _ configuration: Configuration, from source: String, _ simulator: SimulatorKind,
    progress: @escaping (String) -> Void
  ) throws -> Benchmark.Row {
    let mapping: Mapping
    var name = candidate.path
    do {
      let graph = try loadModel(candidate.bytes, name: candidate.path, reference: reference.interpreter, rounding: rounding.rule)
      name = graph.name
      mapping = try compileGraph(graph, path: candidate.path, configuration, from: source)
    } catch let error as ModelError {
      return Benchmark.Row(name, configuration.name, .refused(error.message))
    } catch let error as MappingError {
      return Benchmark.Row(name, configuration.name, .refused(error.message))
    } catch let error as ConfigurationError {
      return Benchmark.Row(name, configuration.name, .refused(error.message))
    }
    let multipliers = try Multipliers(mapping.hardware)
    guard let vectors = candidate.vectors else {
      return Benchmark.Row(name, configuration.name, .compiled(NetworkReport(mapping), multipliers, nil))
    }
    let report = try verification(of: mapping, vectors, simulator, progress: progress)
    let measurement = BenchmarkMeasurement(
      simulator: simulator.rawValue, samples: report.samples, mismatches: report.mismatches, goldenMismatches: report.goldenMismatches,
      isPredicted: report.isPredicted)
    return Benchmark.Row(name, configuration.name, .compiled(report.network, multipliers, measurement))
  }

  /// All samples of the vectors in a simulator.
  private func verification(
    of mapping: Mapping, _ vectors: VectorSet, _ simulator: SimulatorKind, progress: @escaping (String) -> Void
  ) throws -> VerificationReport {
    try vectors.check(against: mapping.network)
    let graph = mapping.network
    let samples = (0..<vectors.sampleCount).map {
      VerificationSample(inputs: vectors.inputs(ofSample: $0, for: graph), expected: vectors.expected(ofSample: $0, for: graph))
    }
    var request = VerificationRequest(mapping, samples: samples, simulator: simulator)
    request.keepsState = vectors.isStateful
    return try verify(request, progress: progress)
  }

  private func directory(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
  }

  /// Fails when nothing could be compiled, or something measured differs.
  private func judge(_ rows: [Benchmark.Row]) throws {
    guard rows.contains(where: { $0.report != nil }) else {
      throw UsageError("\(rows[0].network): \(rows[0].refusal ?? "refused"); no network could be compiled for any of the configurations")
    }
    let wrong = rows.compactMap { row in row.measurement?.difference.map { "\(row.network) on \(row.configuration): \($0)" } }
    if let first = wrong.first {
      throw CheckFailed(message: wrong.count == 1 ? first : "\(first); \(wrong.count - 1) more of \(rows.count) are wrong")
    }
  }
}
