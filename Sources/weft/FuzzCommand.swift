// weft fuzz: random layers and networks against the hardware, damaged models against the reader; damaged programs and random bus accesses
// have files of their own.

import ArgumentParser
import Emit
import Foundation
import Machine
import Model
import Verify

struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Tests with random layers or networks, damaged models, damaged programs or random bus accesses.",
    subcommands: [Layers.self, Networks.self, Models.self, Program.self, Bus.self], defaultSubcommand: Layers.self)

  /// What layers and networks have in common.
  struct DrawnOptions: ParsableArguments {
    @Option(help: "How many configurations; each is built once.") var configurations = 2
    @Option(help: "Seed of everything random.") var seed: UInt64 = 1
    @Option(help: "Seconds after which no more is begun.") var budget: Double = 600
    @Option(help: "verilator, icarus, in-process (needs no tool), or interpreter (of the program, without the hardware).")
    var simulator = "verilator"
    @Option(help: "A saved failure to run again.") var replay: String?
    @Option(
      name: [.short, .customLong("output")], help: "Where a failure is saved; by default a free name in rtl-out, such as failing-layer.json.")
    var output: String?

    func validate(_ option: String, _ count: Int) throws {
      _ = try simulatorKind(simulator)
      guard count > 0, configurations > 0, budget > 0 else { throw ValidationError("\(option), --configurations and --budget must be positive") }
    }

    /// Tests as many as asked for, or a saved one again.
    /// - Parameter what: one of them, as people and file names have it.
    func run<Drawn: RandomCase>(_: Drawn.Type, count: Int, _ what: String) throws {
      if let replay {
        let bytes = try readFile(replay, limit: 1 << 20)
        guard let failure = try? JSONDecoder().decode(RandomTesting<Drawn>.Failure.self, from: Data(bytes)) else {
          throw UsageError("\(replay): is not a saved failure; `weft fuzz \(what)s` makes one")
        }
        do throws(ModelError) { _ = try failure.drawn.graph() } catch { throw UsageError("\(replay): \(error)") }
        try failure.configuration.validate(source: replay)
        print(failure.drawn.summary)
        if let wrong = try RandomTesting.replay(failure) { throw CheckFailed(message: "\(replay): still fails: \(wrong)") }
        print("passes now")
        return
      }
      let output = output ?? OutputFile.freeName("rtl-out/failing-\(what).json")
      let file = try OutputFile(output, makingDirectories: true)
      let progress = Progress()
      let testing = RandomTesting<Drawn>(
        seed: seed, count: count, configurations: configurations, budget: budget, simulator: try simulatorKind(simulator))
      let report = try testing.run { progress.say($0) }
      progress.clear()
      let kinds = report.byKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      print("seed \(seed): \(report.tested) \(what)s on \(report.configurations.count) configurations, \(report.elements.grouped) elements in \(progress.elapsed)\(report.ranOutOfTime ? " (out of time)" : "")")
      print("  " + kinds.joined(separator: ", "))
      for configuration in report.configurations {
        let c = configuration
        print(
          "  \(c.name): P \(c.pixels), K \(c.channels), C \(c.dotProduct), V \(c.memoryLanes), Q \(c.postLanes), D \(c.patchDepth), "
            + "R \(c.mergedElements), F \(c.finishedTiles)")
      }
      for (reason, count) in report.refused.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) { print("  refused \(count): \(reason)") }
      guard let failure = report.failure else { return }
      do throws(FileError) {
        try file.write(Array(failure.json.utf8))
      } catch {
        // That one failed must be said whatever becomes of the file.
        throw CheckFailed(message: "\(failure.drawn.summary): \(failure.what) (not saved: \(error))")
      }
      throw CheckFailed(message: "\(output): \(failure.drawn.summary): \(failure.what)")
    }
  }

  struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "layers", abstract: "Random layers on random configurations: golden kernels and predicted cycles against the hardware.",
      discussion: """
        The first layer that fails is made as small as it still fails and saved as a file, which --replay runs again.

        Example:
          weft fuzz layers --layers 1000 --configurations 6 --seed 7 --budget 600
        """)

    @Option(help: "How many layers.") var layers = 200
    @OptionGroup var drawn: DrawnOptions

    func validate() throws { try drawn.validate("--layers", layers) }
    func run() throws { try drawn.run(RandomLayer.self, count: layers, "layer") }
  }

  struct Networks: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "networks", abstract: "Random networks of several operators, with branches, parts and joins, in the same way.",
      discussion: """
        The first network that fails loses operators and elements as long as it still fails, and is saved as a file, which
        --replay runs again.

        Example:
          weft fuzz networks --networks 100 --configurations 2 --seed 7
        """)

    @Option(help: "How many networks.") var networks = 40
    @OptionGroup var drawn: DrawnOptions

    func validate() throws { try drawn.validate("--networks", networks) }
    func run() throws { try drawn.run(RandomNetwork.self, count: networks, "network") }
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
