// Random testing: random layers on random hardware, golden kernels against the RTL.
//
// A few configurations are drawn and built once each; layers are then loaded at run time, many to a process, with a
// reset between them. A failing layer is made smaller while it still fails, and saved as a file that repeats it.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// What to test and for how long.
public struct RandomTesting: Sendable {
  public var seed: UInt64
  public var layers: Int
  public var configurations: Int
  /// Seconds after which no further work is begun.
  public var budget: Double
  public var simulator: SimulatorKind

  public init(seed: UInt64, layers: Int, configurations: Int, budget: Double = .infinity, simulator: SimulatorKind = .verilator) {
    (self.seed, self.layers, self.configurations) = (seed, layers, configurations)
    (self.budget, self.simulator) = (budget, simulator)
  }

  /// A layer that failed.
  public struct Failure: Sendable, Codable {
    public var layer: RandomLayer
    public var configuration: Configuration
    public var simulator: String
    public var what: String

    public init(layer: RandomLayer, configuration: Configuration, simulator: String, what: String) {
      (self.layer, self.configuration, self.simulator, self.what) = (layer, configuration, simulator, what)
    }

    /// The file that repeats it.
    public var json: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
    }
  }

  /// What became of the layers.
  public struct Report: Sendable {
    public var tested = 0
    public var elements = 0
    public var byKind: [RandomLayer.Kind: Int] = [:]
    /// Layers that model or mapper refused, by reason without its numbers.
    public var refused: [String: Int] = [:]
    public var configurations: [Configuration] = []
    public var failure: Failure?
    public var ranOutOfTime = false
  }

  /// A configuration whose memories are large enough for any random layer.
  public static func configuration(seed: UInt64) -> Configuration {
    var random = SplitMix64(seed: seed ^ 0xC0FF_EE00)
    func power(_ range: ClosedRange<Int>) -> Int { 1 << Int.random(in: range, using: &random) }
    let pixels = power(0...2), channels = power(0...3)
    let elements = pixels * channels
    // A weight word has at least the 32 bits of a bus write.
    let dotProduct = max(power(1...4), 4 / min(4, elements))
    let least = max(4, elements, dotProduct)
    let memoryLanes = min(64, least << Int.random(in: 0...1, using: &random))
    // From a drain of one cycle to one that is much slower than the array.
    let postLanes = max(1, elements >> Int.random(in: 0...5, using: &random))
    var configuration = Configuration(
      name: "random-\(seed)", pixels: pixels, channels: channels, dotProduct: dotProduct, memoryLanes: memoryLanes,
      postLanes: postLanes, patchDepth: power(2...6))
    configuration.accumulatorBits = .fixed([24, 28, 32, 32][Int.random(in: 0..<4, using: &random)])
    (configuration.featureMemoryBytes, configuration.weightMemoryBytes) = (.fixed(1 << 18), .fixed(1 << 20))
    (configuration.parameterChannels, configuration.programWords) = (.fixed(1 << 12), .fixed(1 << 14))
    configuration.units.residual = Int.random(in: 0..<3, using: &random) > 0
    return configuration
  }

  /// Layers that one process runs.
  static let batch = 20

  /// Runs the tests; stops at the first failure.
  public func run(progress: (String) -> Void = { _ in }) throws -> Report {
    let start = Date()
    var report = Report()
    func isOver() -> Bool { Date().timeIntervalSince(start) > budget }
    let perConfiguration = (layers + configurations - 1) / max(1, configurations)
    for number in 0..<configurations {
      guard report.tested < layers else { break }
      if isOver() { report.ranOutOfTime = true; return report }
      let configuration = Self.configuration(seed: seed &+ UInt64(number))
      report.configurations.append(configuration)
      progress("configuration \(number + 1) of \(configurations): building")
      let bench = try LayerBench(configuration, simulator)
      var next: UInt64 = 0, attempts = 0
      var wanted = min(perConfiguration, layers - report.tested)
      while wanted > 0 {
        if isOver() { report.ranOutOfTime = true; return report }
        var batch: [LayerBench.Case] = []
        while batch.count < min(Self.batch, wanted), attempts < 100 * perConfiguration {
          attempts += 1
          let layer = RandomLayer(seed: (seed &+ UInt64(number)) &* 1_000_003 &+ next)
          next += 1
          switch bench.prepare(layer) {
          case .success(let ready): batch.append(ready)
          case .failure(let refusal): report.refused[refusal.reason, default: 0] += 1
          }
        }
        if batch.isEmpty { break }
        progress("configuration \(number + 1) of \(configurations), \(report.tested) of \(layers) layers done")
        let outcomes = try bench.run(batch)
        for (ready, outcome) in zip(batch, outcomes) {
          report.tested += 1
          report.elements += outcome.elements
          report.byKind[ready.layer.kind, default: 0] += 1
          guard let what = outcome.failure else { continue }
          progress("a layer failed; making it smaller")
          let (small, smallWhat) = try shrink(ready.layer, bench, what, until: isOver)
          report.failure = Failure(layer: small, configuration: configuration, simulator: simulator.rawValue, what: smallWhat)
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
    let bench = try LayerBench(failure.configuration, SimulatorKind(rawValue: failure.simulator) ?? .verilator)
    switch bench.prepare(failure.layer) {
    case .success(let ready): return try bench.run([ready]).first?.failure
    case .failure(let refusal): throw SimulationFailure(what: "random layer", detail: refusal.reason)
    }
  }

  /// Makes numbers smaller as long as the layer still fails.
  private func shrink(_ layer: RandomLayer, _ bench: LayerBench, _ what: String, until isOver: () -> Bool) throws -> (RandomLayer, String) {
    var best = layer, bestWhat = what
    let sizes: [WritableKeyPath<RandomLayer, Int>] = [
      \.channels, \.outputs, \.height, \.width, \.kernelHeight, \.kernelWidth, \.strideHeight, \.strideWidth, \.dilationHeight,
      \.dilationWidth,
    ]
    func candidates(_ layer: RandomLayer) -> [RandomLayer] {
      var out: [RandomLayer] = []
      for path in sizes where layer[keyPath: path] > 1 {
        for value in Set([1, layer[keyPath: path] / 2, layer[keyPath: path] - 1]).sorted() {
          var smaller = layer
          smaller[keyPath: path] = value
          out.append(smaller)
        }
      }
      if layer.activation != 0 { out.append(layer); out[out.count - 1].activation = 0 }
      if layer.perChannel { out.append(layer); out[out.count - 1].perChannel = false }
      if layer.bias { out.append(layer); out[out.count - 1].bias = false }
      if layer.inputZero != 0 { out.append(layer); out[out.count - 1].inputZero = 0 }
      if layer.outputZero != 0 { out.append(layer); out[out.count - 1].outputZero = 0 }
      return out
    }
    var improved = true, trials = 0
    while improved, trials < 300, !isOver() {
      improved = false
      for candidate in candidates(best) {
        trials += 1
        guard case .success(let ready) = bench.prepare(candidate), let failure = try bench.run([ready]).first?.failure else { continue }
        (best, bestWhat, improved) = (candidate, failure, true)
        break
      }
    }
    return (best, bestWhat)
  }
}
