// Random testing: random layers and networks on random hardware, golden kernels against the RTL, predicted cycles against
// measured ones.
//
// A few configurations are drawn and built once each; networks are then loaded at run time, many to a process, with a
// reset between them. A failing one is made smaller while it still fails, and saved as a file that repeats it.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// What to test and for how long.
public struct RandomTesting<Drawn: RandomCase>: Sendable {
  public var seed: UInt64
  /// How many layers or networks.
  public var count: Int
  public var configurations: Int
  /// Seconds after which no further work is begun.
  public var budget: Double
  public var simulator: SimulatorKind

  public init(seed: UInt64, count: Int, configurations: Int, budget: Double = .infinity, simulator: SimulatorKind = .verilator) {
    (self.seed, self.count, self.configurations) = (seed, count, configurations)
    (self.budget, self.simulator) = (budget, simulator)
  }

  /// What failed.
  public struct Failure: Sendable, Codable {
    public var drawn: Drawn
    public var configuration: Configuration
    public var simulator: String
    public var what: String

    public init(_ drawn: Drawn, configuration: Configuration, simulator: String, what: String) {
      (self.drawn, self.configuration, self.simulator, self.what) = (drawn, configuration, simulator, what)
    }

    /// The file that repeats it.
    public var json: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }
  }

  /// What became of all.
  public struct Report: Sendable {
    public var tested = 0
    public var elements = 0
    public var byKind: [String: Int] = [:]
    /// Those that model or mapper refused, by reason without its numbers.
    public var refused: [String: Int] = [:]
    public var configurations: [Configuration] = []
    public var failure: Failure?
    public var ranOutOfTime = false
  }

  /// How many one process runs.
  private static var batch: Int { 20 }

  /// Runs the tests; stops at the first failure.
  public func run(progress: (String) -> Void = { _ in }) throws -> Report {
    let start = Date()
    var report = Report()
    func isOver() -> Bool { Date().timeIntervalSince(start) > budget }
    let perConfiguration = (count + configurations - 1) / max(1, configurations)
    for number in 0..<configurations {
      guard report.tested < count else { break }
      if isOver() { report.ranOutOfTime = true; return report }
      let configuration = Configuration.random(seed: seed &+ UInt64(number))
      report.configurations.append(configuration)
      progress("configuration \(number + 1) of \(configurations): building")
      let bench = try NetworkBench<Drawn>(configuration, simulator)
      var next: UInt64 = 0, attempts = 0
      var wanted = min(perConfiguration, count - report.tested)
      while wanted > 0 {
        if isOver() { report.ranOutOfTime = true; return report }
        var batch: [NetworkBench<Drawn>.Case] = []
        while batch.count < min(Self.batch, wanted), attempts < 100 * perConfiguration {
          attempts += 1
          let drawn = Drawn(seed: (seed &+ UInt64(number)) &* 1_000_003 &+ next)
          next += 1
          switch bench.prepare(drawn) {
          case .success(let ready): batch.append(ready)
          case .failure(let refusal): report.refused[refusal.reason, default: 0] += 1
          }
        }
        if batch.isEmpty { break }
        progress("configuration \(number + 1) of \(configurations), \(report.tested) of \(count) done")
        let outcomes = try bench.run(batch)
        for (ready, outcome) in zip(batch, outcomes) {
          report.tested += 1
          report.elements += outcome.elements
          for kind in ready.drawn.kinds { report.byKind[kind, default: 0] += 1 }
          guard let what = outcome.failure else { continue }
          progress("one failed; making it smaller")
          let (small, smallWhat) = try shrink(ready.drawn, bench, what, until: isOver)
          report.failure = Failure(small, configuration: configuration, simulator: simulator.rawValue, what: smallWhat)
          return report
        }
        wanted -= batch.count
      }
    }
    return report
  }

  /// Runs a saved failure again.
  /// - Returns: what is still wrong, nil when nothing is.
  public static func replay(_ failure: Failure) throws -> String? {
    guard let simulator = SimulatorKind(rawValue: failure.simulator) else {
      let known = SimulatorKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw SimulationFailure(what: "the saved failure", detail: "there is no simulator \"\(failure.simulator)\"; there are \(known)")
    }
    let bench = try NetworkBench<Drawn>(failure.configuration, simulator)
    switch bench.prepare(failure.drawn) {
    case .success(let ready): return try bench.run([ready]).first?.failure
    case .failure(let refusal): throw SimulationFailure(what: "random network", detail: refusal.reason)
    }
  }

  /// Makes numbers smaller as long as the case still fails.
  private func shrink(_ drawn: Drawn, _ bench: NetworkBench<Drawn>, _ what: String, until isOver: () -> Bool) throws -> (Drawn, String) {
    var what = what, trials = 0
    let small = try drawn.shrunk { candidate in
      trials += 1
      guard trials <= 300, !isOver(), case .success(let ready) = bench.prepare(candidate), let failure = try bench.run([ready]).first?.failure
      else { return false }
      what = failure
      return true
    }
    return (small, what)
  }
}

extension Configuration {
  /// A configuration whose memories are large enough for whatever is drawn.
  public static func random(seed: UInt64) -> Configuration {
    var random = SplitMix64(seed: seed ^ 0xC0FF_EE00)
    func power(_ range: ClosedRange<Int>) -> Int { 1 << Int.random(in: range, using: &random) }
    let pixels = power(0...2), channels = power(0...3)
    let elements = pixels * channels
    // A weight word has at least the 32 bits of a bus write.
    let dotProduct = max(power(1...4), 4 / min(4, elements))
    let least = max(4, elements, dotProduct)
    let memoryLanes = min(64, least << Int.random(in: 0...2, using: &random))
    // From a drain of one cycle to one that is much slower than the array.
    let postLanes = max(1, elements >> Int.random(in: 0...5, using: &random))
    var configuration = Configuration(
      name: "random-\(seed)", pixels: pixels, channels: channels, dotProduct: dotProduct, memoryLanes: memoryLanes,
      postLanes: postLanes, patchDepth: power(2...6))
    let merged = min(4, elements / postLanes, memoryLanes / dotProduct)
    configuration.mergedElements = min(merged, power(0...2))
    configuration.accumulatorBits = .fixed([24, 28, 32, 32][Int.random(in: 0..<4, using: &random)])
    (configuration.featureMemoryBytes, configuration.weightMemoryBytes) = (.fixed(1 << 18), .fixed(1 << 20))
    (configuration.parameterChannels, configuration.programWords) = (.fixed(1 << 12), .fixed(1 << 14))
    configuration.units.residual = Int.random(in: 0..<3, using: &random) > 0
    configuration.finishedTiles = power(0...5)
    return configuration
  }
}
