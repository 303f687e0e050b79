// weft fuzz: random layers against the hardware, damaged models against the reader; damaged programs and random bus accesses
// have files of their own.

import ArgumentParser
import Emit
import Foundation
import Machine
import Model
import Verify

struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Tests with random layers, damaged models, damaged programs or random bus accesses.",
    subcommands: [Layers.self, Models.self, Program.self, Bus.self], defaultSubcommand: Layers.self)

  struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "layers", abstract: "Random layers on random configurations, golden kernels against the hardware.",
      discussion: """
        The first layer that fails is made as small as it still fails and saved as a file, which --replay runs again.

        Example:
          weft fuzz layers --layers 1000 --configurations 6 --seed 7 --budget 600
        """)

    @Option(help: "How many layers.") var layers = 200
    @Option(help: "How many configurations; each is built once.") var configurations = 2
    @Option(help: "Seed of everything random.") var seed: UInt64 = 1
    @Option(help: "Seconds after which no more is begun.") var budget: Double = 600
    @Option(help: "verilator, icarus, in-process (needs no tool), or interpreter (of the program, without the hardware).")
    var simulator = "verilator"
    @Option(help: "A saved failure to run again.") var replay: String?
    @Option(
      name: [.short, .customLong("output")], help: "Where a failure is saved; by default rtl-out/failing-layer.json, or -2, -3 … when there is one.")
    var output: String?

    func validate() throws {
      _ = try simulatorKind(simulator)
      guard layers > 0, configurations > 0, budget > 0 else { throw ValidationError("--layers, --configurations and --budget must be positive") }
    }

    func run() throws {
      if let replay {
        guard let failure = try? JSONDecoder().decode(RandomTesting.Failure.self, from: Data(try readFile(replay, limit: 1 << 20)))
        else { throw UsageError("\(replay): is not a saved failure; `weft fuzz layers` makes one") }
        print(failure.layer.summary)
        if let what = try RandomTesting.replay(failure) { throw CheckFailed(message: "\(replay): still fails: \(what)") }
        print("passes now")
        return
      }
      let output = output ?? OutputFile.freeName("rtl-out/failing-layer.json")
      let file = try OutputFile(output, makingDirectories: true)
      let progress = Progress()
      let testing = RandomTesting(
        seed: seed, layers: layers, configurations: configurations, budget: budget, simulator: try simulatorKind(simulator))
      let report = try testing.run { progress.say($0) }
      progress.clear()
      let kinds = RandomLayer.Kind.allCases.compactMap { kind in report.byKind[kind].map { "\($0) \(kind.rawValue)" } }
      print("seed \(seed): \(report.tested) layers on \(report.configurations.count) configurations, \(report.elements.grouped) elements in \(progress.elapsed)\(report.ranOutOfTime ? " (out of time)" : "")")
      print("  " + kinds.joined(separator: ", "))
      for configuration in report.configurations {
        print("  \(configuration.name): P \(configuration.pixels), K \(configuration.channels), C \(configuration.dotProduct), V \(configuration.memoryLanes), Q \(configuration.postLanes), D \(configuration.patchDepth)")
      }
      for (reason, count) in report.refused.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) { print("  refused \(count): \(reason)") }
      guard let failure = report.failure else { return }
      do throws(FileError) {
        try file.write(Array(failure.json.utf8))
      } catch {
        // That a layer failed must be said whatever becomes of the file.
        throw CheckFailed(message: "\(failure.layer.summary): \(failure.what) (not saved: \(error))")
      }
      throw CheckFailed(message: "\(output): \(failure.layer.summary): \(failure.what)")
    }
  }

  struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "models", abstract: "Damages model files and checks that each is refused in one line or runs.",
      discussion: "Example:\n  weft fuzz models Examples/digits_resnet/model.tflite --seed 7 --budget 600")

    @Argument(help: "Models to damage.") var models: [String]
    @Option(help: "Seed of everything random.") var seed: UInt64 = 1
    @Option(help: "Seconds to go on.") var budget: Double = 60
    @Option(help: "A file that always names the case being tried, to find it after a crash.") var journal: String?

    func run() throws {
      let progress = Progress()
      let files = try models.map { (name: $0, bytes: try readModelFile(modelPath($0))) }
      let record = try journal.map { name throws(FileError) in try OutputFile(name, inputs: models.map(modelPath)).journal() }
      var failure: FileError?
      let fuzzer = ModelFuzzer(seed: seed, files: files)
      let write = { (text: String) in
        do throws(FileError) { try record?.replace(text) } catch { failure = error }
        return failure == nil
      }
      let report = fuzzer.run(seconds: budget, journal: write) { progress.say("\($0.cases) cases") }
      progress.clear()
      print("seed \(seed): \(report.summary)")
      if let failure { throw failure }
      if let first = report.violations.first { throw CheckFailed(message: first) }
    }
  }
}
