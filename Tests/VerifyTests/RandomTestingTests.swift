import Foundation
import Machine
import Mapper
import Model
import Testing
import Verify

@Suite struct RandomTestingTests {
  @Test func theSameSeedGivesTheSameLayer() throws {
    for seed in 0..<50 {
      let layer = RandomLayer(seed: UInt64(seed))
      #expect(layer == RandomLayer(seed: UInt64(seed)))
      guard let graph = try? layer.graph() else { continue }
      #expect(layer.inputBytes(graph) == layer.inputBytes(graph))
    }
  }

  @Test func nearlyAllLayersAreNetworks() {
    let layers = (0..<400).map { RandomLayer(seed: UInt64($0)) }
    let good = layers.filter { (try? $0.graph()) != nil }
    #expect(good.count > 380, "\(layers.count - good.count) of \(layers.count) are refused")
    #expect(Set(good.map(\.kind)) == Set(RandomLayer.Kind.allCases))
    #expect(good.contains { $0.inputZero == -128 } && good.contains { $0.inputZero == 127 })
    #expect(good.contains { $0.channels == 1 } && good.contains { $0.channels > 100 })
    #expect(Set(good.map(\.scales)) == Set(RandomLayer.Scales.allCases))
  }

  @Test(arguments: [SimulatorKind.interpreter, .inProcess]) func programsAgreeWithTheGoldenKernels(_ simulator: SimulatorKind) throws {
    let report = try RandomTesting<RandomLayer>(seed: 11, count: 60, configurations: 3, simulator: simulator).run()
    #expect(report.failure == nil, "\(report.failure?.drawn.summary ?? ""): \(report.failure?.what ?? "")")
    #expect(report.tested == 60)
    #expect(report.refused.values.reduce(0, +) <= 12, "\(report.refused)")
  }

  /// No kind of layer is only drawn and refused.
  @Test func everyKindIsRun() throws {
    // On hardware that has all units.
    let seed = try #require((12...100 as ClosedRange<UInt64>).first { seed in
      let units = Configuration.random(seed: seed).units
      return units.residual && units.scalar && units.maximum && units.tables
    })
    let report = try RandomTesting<RandomLayer>(seed: seed, count: 400, configurations: 1, simulator: .interpreter).run()
    #expect(report.failure == nil, "\(report.failure?.drawn.summary ?? ""): \(report.failure?.what ?? "")")
    for kind in RandomLayer.Kind.allCases { #expect(report.byKind[kind.rawValue, default: 0] > 2, "\(kind)") }
  }

  /// Several operators, branches, parts of tensors; cycles as predicted where time is known.
  @Test(arguments: [(SimulatorKind.interpreter, 60), (.inProcess, 16)]) func networksAgreeWithTheGoldenKernels(_ simulator: SimulatorKind, _ count: Int) throws {
    let report = try RandomTesting<RandomNetwork>(seed: 3, count: count, configurations: 2, simulator: simulator).run()
    #expect(report.failure == nil, "\(report.failure?.drawn.summary ?? ""): \(report.failure?.what ?? "")")
    #expect(report.tested == count && report.byKind.count > 15)
    #expect(report.refused.values.reduce(0, +) <= count / 4, "\(report.refused)")
  }

  /// A tile then releases columns that have not been fed yet; one post lane keeps the feeder behind.
  @Test(arguments: [RandomLayer.Kind.depthwise, .maxPool], [1, 2]) func stridesMayExceedTheWindow(_ kind: RandomLayer.Kind, _ kernel: Int) throws {
    var narrow = Configuration(
      name: "narrow", pixels: 4, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 1, patchDepth: 32)
    (narrow.accumulatorBits, narrow.featureMemoryBytes) = (.fixed(24), .fixed(1 << 16))
    for stride in [3, 6, 8, 12] {
      var layer = RandomLayer(seed: 5)
      (layer.kind, layer.height, layer.width, layer.channels, layer.outputs) = (kind, 8, 60, 16, 1)
      (layer.kernelHeight, layer.kernelWidth, layer.strideHeight, layer.strideWidth) = (1, kernel, 1, stride)
      (layer.dilationHeight, layer.dilationWidth, layer.same, layer.scales) = (1, 1, false, .fitting)
      let failure = RandomTesting.Failure(layer, configuration: narrow, simulator: SimulatorKind.inProcess.rawValue, what: "")
      #expect(try RandomTesting.replay(failure) == nil, "stride \(stride)")
    }
  }

  @Test func aSavedFailureReadsBack() throws {
    let failure = RandomTesting.Failure(
      RandomLayer(seed: 5), configuration: .random(seed: 5), simulator: "interpreter", what: "nothing")
    let again = try JSONDecoder().decode(RandomTesting<RandomLayer>.Failure.self, from: Data(failure.json.utf8))
    #expect(again.drawn == failure.drawn && again.configuration == failure.configuration)
    #expect(try RandomTesting.replay(again) == nil)
  }

  /// A file may say anything.
  @Test func aFileOfNoNetworkIsRefused() {
    var network = RandomNetwork(seed: 5), layer = RandomLayer(seed: 5)
    network.inputs = [[]]
    #expect(throws: ModelError.self) { _ = try network.graph() }
    #expect(network.summary == "seed 5: nothing")
    network.inputs = [[1, 0, 1 << 40, 1]]
    #expect(throws: ModelError.self) { _ = try network.graph() }
    layer.strideWidth = 0
    #expect(throws: ModelError.self) { _ = try layer.graph() }
    (layer.strideWidth, layer.inputZero) = (1, 1 << 40)
    #expect(throws: ModelError.self) { _ = try layer.graph() }
  }

  /// A file names the simulator that found it.
  @Test func aFailureOfNoSimulatorIsRefused() throws {
    let failure = RandomTesting.Failure(RandomLayer(seed: 5), configuration: .random(seed: 5), simulator: "abacus", what: "nothing")
    let error = #expect(throws: SimulationFailure.self) { try RandomTesting.replay(failure) }
    #expect(error?.detail.contains("\"abacus\"") == true)
  }
}
