// weft verify: hardware, golden kernels and vectors must agree on every tensor.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Simulates the hardware and compares every tensor, bit for bit.",
    discussion: """
      Inputs are random, from a seed, or yours, and the hardware is compared with the golden integer kernels. With vectors
      both are compared with what the vectors say.

      Example:
        weft verify model.tflite --config edge64 --samples 4
        weft verify model.tflite --input samples.npy
        weft verify --vectors Examples/digits_resnet --samples 16
      """)

  @Argument(help: "The model, or a directory that `weft compile` made; may be left out with --vectors.") var model: String?
  @Option(help: "A directory of golden vectors: docs/files.md.") var vectors: String?
  @Option(help: "Samples of your own, .npy (the first dimension counts them) or .bin; of several inputs once for each.") var input: [String] = []
  @Option(name: .long, help: "A named configuration or a configuration file; a bundle has its own.") var config: String?
  @Option(help: "How many samples; by default all vectors or inputs, or 2 random ones.") var samples: Int?
  @Option(help: "verilator, icarus, in-process (needs no tool), or interpreter (of the program, without the hardware).")
  var simulator = "verilator"
  @Option(help: "Seed of random inputs and wait states.") var seed: UInt64 = 1
  @Option(help: "Chance, of 256, that a bus signal waits a cycle (verilator and in-process only).") var waitStates = 0
  @Flag(help: "Wait for the end by polling the status, not by the interrupt.") var poll = false
  @Option(help: "Where the waveform around a first wrong write goes; by default rtl-out/NAME-CONFIGURATION.vcd.") var waveform: String?
  @OptionGroup var reference: ReferenceOption
  @OptionGroup var rounding: RoundingOption
  @OptionGroup var constants: ConstantChannelsOption
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard model != nil || vectors != nil else { throw ValidationError("name a model, a bundle or --vectors") }
    guard vectors == nil || input.isEmpty else { throw ValidationError("--vectors and --input exclude each other; vectors have inputs") }
    let kind = try simulatorKind(simulator)
    if let samples, samples < 1 { throw ValidationError("--samples is \(samples), must be at least 1") }
    if waitStates > 0, ![.verilator, .inProcess].contains(kind) {
      throw ValidationError("--wait-states needs --simulator verilator or in-process, not \(simulator)")
    }
    guard (0...250).contains(waitStates) else { throw ValidationError("--wait-states is \(waitStates), must be from 0 to 250") }
  }

  func run() throws {
    let progress = Progress()
    let simulator = try simulatorKind(simulator)
    let set = try vectors.map { try VectorSet.load($0) }
    progress.say(model.map(OutputBundle.isBundle) == true ? "reading" : "mapping")
    let design: Design
    if let model, OutputBundle.isBundle(model) {
      design = try Design(bundle: model, config: config, reference: reference, rounding: rounding, constants: constants)
    } else {
      let path = modelPath(model ?? set?.modelPath ?? "")
      let configuration = try Configuration.load(nameOrPath: config ?? "edge64")
      let mapping = try compileModel(
        try readModelFile(path), path: path, configuration, from: config ?? "edge64", reference: reference.interpreter, rounding: rounding.rule,
        constants: constants)
      design = Design(mapping)
    }
    let graph = design.mapping.network
    progress.clear()
    complain(about: graph, path: model ?? set?.modelPath ?? graph.name)
    if let waveform {
      _ = try OutputFile(waveform, inputs: ([model] + [set?.modelPath]).compactMap { $0.map(modelPath) }, makingDirectories: true)
    }
    if let set { try set.check(against: graph) }
    let requested = try samplesOf(graph, set)
    let name = "\(safeFileName(graph.name))-\(design.mapping.hardware.configuration.name)"
    var request = VerificationRequest(
      design.mapping, images: design.images, verilog: design.verilog, samples: requested, simulator: simulator,
      host: HostBehaviour(waiting: poll ? .polling : .interrupt, waitStates: waitStates, seed: seed),
      waveform: waveform ?? "rtl-out/\(name).vcd")
    request.keepsState = set?.isStateful ?? true
    var report = try verify(request) { progress.say($0) }
    report.accuracy = try set.flatMap { try goldenAccuracy($0, graph) }
    progress.clear()
    if json { print(report.json, terminator: "") } else { print(text(report, set), terminator: "") }
    if !report.passed { throw CheckFailed(message: json ? nil : summary(report)) }
  }

  private func samplesOf(_ graph: Graph, _ set: VectorSet?) throws -> [VerificationSample] {
    if let set {
      return (0..<min(samples ?? set.sampleCount, set.sampleCount)).map {
        VerificationSample(inputs: set.inputs(ofSample: $0, for: graph), expected: set.expected(ofSample: $0, for: graph))
      }
    }
    if !input.isEmpty {
      guard input.count == graph.inputs.count else {
        throw UsageError("the network has \(graph.inputs.count) inputs, \(input.count) given; name one --input for each")
      }
      let files = try zip(input, graph.inputs).map { try InputFile($0).samples(for: $1, of: graph) }, count = files.map(\.count).min() ?? 0
      if let other = zip(input, files).first(where: { $1.count != count }) {
        throw UsageError("\(other.0): holds \(other.1.count) samples, another input \(count); give as many of each")
      }
      return (0..<min(samples ?? count, count)).map { sample in VerificationSample(inputs: files.map { $0[sample] }) }
    }
    return (0..<(samples ?? 2)).map { VerificationSample(inputs: randomInputs(graph, seed: seed &+ UInt64($0))) }
  }

  private func summary(_ report: VerificationReport) -> String {
    var text = "\(report.network.model): \(report.mismatches.grouped) mismatches"
    if report.goldenMismatches > 0 { text += ", \(report.goldenMismatches.grouped) between golden kernels and vectors" }
    if let first = report.problems.first ?? report.first.first?.description { text += "; first: \(first)" }
    if let waveform = report.waveform { text += "; waveform in \(waveform)" }
    return text
  }

  /// The first few numbers.
  private func list(_ numbers: [Int]) -> String {
    numbers.prefix(8).map(String.init).joined(separator: ", ") + (numbers.count > 8 ? ", … \(numbers.count) in all" : "")
  }

  private func text(_ report: VerificationReport, _ set: VectorSet?) -> String {
    var text = report.network.table
    let voices = set == nil ? "golden kernels and \(report.simulator.rawValue)" : "golden kernels, \(report.simulator.rawValue) and vectors"
    text += "\(report.samples) \(set == nil && input.isEmpty ? "random " : "")sample\(report.samples == 1 ? "" : "s"), \(report.tensors.grouped) tensors, \(report.elements.grouped) elements compared: \(voices) "
    text += report.passed ? "agree on every one" : "disagree"
    text += set != nil && report.vectorElements < report.elements ? "; the vectors hold \(report.vectorElements.grouped) of them\n" : "\n"
    if report.followed.name != report.reference.rawValue { text += "reference: \(report.followed.title), the only one that runs such networks\n" }
    for met in report.exceptions {
      let others = ReferenceInterpreter.allCases.filter { $0 != report.reference }
      text += "exception: \(met.exception.operatorName) (operator\(met.operators.count == 1 ? "" : "s") \(list(met.operators))): \(report.reference.title), "
        + "followed here, \(met.exception.behaviour(report.reference)); "
        + others.map { "\($0.title) \(met.exception.behaviour($0)) (--reference \($0.rawValue))" }.joined(separator: "; ") + "\n"
    }
    if !report.folded.isEmpty {
      text += "\(report.folded.count) tensors never exist in the hardware: they are folded into their consumers\n"
    }
    for layer in report.network.mispredicted {
      text += "prediction off: layer \(layer.name) takes \((layer.cycles ?? 0).grouped) cycles, predicted \(layer.predictedCycles.grouped)\n"
    }
    if !report.isPredicted, report.network.mispredicted.isEmpty {
      text += "prediction off: the network takes \((report.cycles.first { $0 != report.network.predictedCycles } ?? 0).grouped) cycles, "
        + "predicted \(report.network.predictedCycles.grouped)\n"
    }
    if let accuracy = report.accuracy {
      text += "golden accuracy over \(accuracy.samples) labelled samples: \((Double(accuracy.right) / Double(max(1, accuracy.samples))).decimal(3))\n"
    }
    for line in report.problems { text += "  \(line)\n" }
    for mismatch in report.first { text += "  \(mismatch.description)\n" }
    return text
  }
}
