// weft fuzz bus: random accesses to the AXI4-Lite port against a model of registers and memories.

import ArgumentParser
import Emit
import Foundation
import Machine
import Verify

extension FuzzCommand {
  struct Bus: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "bus", abstract: "Reads and writes at random and compares every answer and every byte with a model.",
      discussion: """
        Any address, alignment, window and strobe, with wait states, while nothing runs and while a program does. The
        memories are small ones of sizes that are no powers of two. A sequence that fails is made shorter.

        Example:
          weft fuzz bus --config edge16 --accesses 20000
        """)

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "How many accesses.") var accesses = 5_000
    @Option(help: "Seed of everything random; WEFT_SEED overrides it.") var seed: UInt64 = 1
    @Option(help: "A single sequence to play, by its number.") var only: Int?
    @Option(help: "verilator, icarus or in-process (needs no tool).") var simulator = "verilator"

    func validate() throws {
      _ = try simulatorKind(simulator, among: SimulatorKind.ofHardware)
      guard accesses > 0 else { throw ValidationError("--accesses is \(accesses), must be at least 1") }
      if let only, only < 0 { throw ValidationError("--only is \(only), must be at least 0") }
    }

    func run() throws {
      let progress = Progress()
      let seed = environmentSeed() ?? seed
      let campaign = BusAccessesCampaign(
        try configuration.load(), simulator: try simulatorKind(simulator), seed: seed, accesses: accesses, only: only)
      let report = try campaign.run { progress.say($0) }
      progress.clear()
      print("seed \(seed): \(report.accesses.grouped) accesses in \(report.sequences.grouped) sequences, each played for \(report.views) views, in \(progress.elapsed)")
      print("  \(report.answers.grouped) answers and \(report.words.grouped) words compared, \(report.differences.grouped) sequences with a difference")
      guard let failure = report.failure else { return }
      for line in failure.accesses.prefix(20) { print("  \(line)") }
      if failure.accesses.count > 20 { print("  … and \(failure.accesses.count - 20) more") }
      let again = "weft fuzz bus --config \(configuration.config) --seed \(seed) --only \(failure.sequence)"
      throw CheckFailed(message: "\(configuration.config): sequence \(failure.sequence): \(failure.what); repeat it with `\(again)`")
    }
  }
}
