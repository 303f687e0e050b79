// weft fuzz program: faulted programs on the hardware.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

extension FuzzCommand {
  struct Program: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "program", abstract: "Damages a network's program and checks that no run ends well with a wrong result.",
      discussion: """
        Each fault is loaded over the good program and run; it must end, right or in an error. Then the good program is
        put back and must run exactly, in outputs and cycles.

        Example:
          weft fuzz program Examples/digits_resnet/model.tflite --config edge16 --faults 5000 --bits
        """)

    @Argument(help: "The model.") var model: String
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "How many random faults.") var faults = 1_000
    @Flag(help: "Flip every bit of the program, too, one at a time.") var bits = false
    @Flag(help: "Make the checksum right after each fault: what the hardware does with any program. Wrong results are then only counted.") var sealed = false
    @Option(help: "Seed of everything random; WEFT_SEED overrides it.") var seed: UInt64 = 1
    @Option(help: "A single fault to run: WORD.BIT, or the number of a random one.") var only: String?
    @Option(help: "verilator, icarus or in-process (needs no tool).") var simulator = "verilator"

    func validate() throws {
      _ = try simulatorKind(simulator, among: SimulatorKind.ofHardware)
      guard faults >= 0 else { throw ValidationError("--faults is \(faults), must be at least 0") }
      guard faults > 0 || bits || only != nil else { throw ValidationError("--faults is 0; ask for some, or for --bits") }
      if let only, only.split(separator: ".", omittingEmptySubsequences: false).contains(where: { Int($0).map { $0 < 0 } ?? true }) {
        throw ValidationError("--only is '\(only)', must be WORD.BIT or a number")
      }
    }

    func run() throws {
      let progress = Progress()
      let path = modelPath(model), seed = environmentSeed() ?? seed
      let mapping = try compileModel(try readModelFile(path), path: path, try configuration.load(), from: configuration.config)
      let campaign = ProgramFaultsCampaign(
        mapping, simulator: try simulatorKind(simulator), seed: seed, count: faults, bits: bits, sealed: sealed,
        only: only)
      let report = try campaign.run { progress.say($0) }
      progress.clear()
      guard report.tested > 0 else { throw UsageError("\(path): has no fault '\(only ?? "")'; the program has \(mapping.program.count) words") }
      print("seed \(seed): \(report.tested.grouped) \(sealed ? "sealed " : "")faults of a program of \(mapping.program.count) words (\(report.goodCycles.grouped) cycles) in \(progress.elapsed)")
      print(table(report), terminator: "")
      print("  \((report.tested - report.inexactAfterwards).grouped) of \(report.tested.grouped) runs after a fault exact in outputs and cycles")
      for failure in report.failures.prefix(10) { print("  \(failure.fault.description): \(failure.what)") }
      guard let first = report.failures.first else { return }
      let again = "weft fuzz program \(model) --config \(configuration.config) --seed \(seed)\(sealed ? " --sealed" : "") --only \(first.fault.name)"
      throw CheckFailed(message: "\(path): \(report.failures.count) failures; first: \(first.fault.description): \(first.what); repeat it with `\(again)`")
    }

    /// A line for each outcome, a column for each kind of fault.
    private func table(_ report: ProgramFaultsCampaign.Report) -> String {
      let kinds = ProgramFault.Kind.allCases.filter { report.byKind[$0] != nil }
      func line(_ name: String, _ cells: [String]) -> String {
        "  " + name.padding(toLength: max(32, name.count), withPad: " ", startingAt: 0)
          + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined() + "\n"
      }
      var text = line("outcome", kinds.map(\.rawValue) + ["all"])
      for outcome in report.outcomes {
        text += line(
          outcome.description, kinds.map { (report.byKind[$0]?[outcome] ?? 0).grouped } + [report.total(outcome).grouped])
      }
      return text
    }
  }
}

/// `WEFT_SEED`, which repeats a test that printed its seed.
func environmentSeed() -> UInt64? { ProcessInfo.processInfo.environment["WEFT_SEED"].flatMap { UInt64($0) } }
