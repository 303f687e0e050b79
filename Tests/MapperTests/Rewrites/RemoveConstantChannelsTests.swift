import Machine
import Model
import TestTools
import Testing
import Verify

@testable import Mapper

/// That networks without their constant channels compute the same, and less.
@Suite struct RemoveConstantChannelsTests {
  /// Channels that go are put back with their values; in all, as many of each tensor as expected.
  private func expectRemoved(
    _ b: inout GraphBuilder, outputs: [Int], _ expected: [Int: Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let graph = b.graph(outputs: outputs)
    for configuration in [Configuration.up5k, .edge16, .edge64, .odd] {
      let inputs = b.samples()
      let mapping = try expectExact(graph, configuration, inputs: inputs, sourceLocation: sourceLocation)
      #expect(mapping.channels.mapValues(\.removed).filter { expected.keys.contains($0.key) } == expected, sourceLocation: sourceLocation)
      let kept = try Mapper.map(graph, for: configuration, keepsConstantChannels: true)
      #expect(kept.channels.isEmpty && kept.computedMACs == kept.macs && mapping.macs == kept.macs, sourceLocation: sourceLocation)
      #expect(mapping.predictedCycles <= kept.predictedCycles && mapping.computedMACs < kept.macs, sourceLocation: sourceLocation)
      for mistake in try mistakes(in: kept, inputs: inputs) { Issue.record("kept: \(mistake)", sourceLocation: sourceLocation) }
    }
  }

  /// A first layer with channels that are constant: one the zero point, others not.
  private func first(_ b: inout GraphBuilder, _ shape: [Int] = [1, 5, 6, 3]) throws -> Int {
    let y = try required(b.convolution(b.input(shape), channels: 9, kernel: (1, 1)))
    b.tensors[y].quantization.zeroPoints = [-33]
    b.fix([0], of: y, near: -33)
    b.fix([3, 8], of: y, near: 71)
    b.fix([4], of: y, near: -400)
    return y
  }

  @Test(arguments: 1...4) func chains(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), depthwise = try required(b.depthwise(x, kernel: (3, 3), stride: (2, 2), padding: .valid))
    let y = try required(b.convolution(depthwise, channels: 7, kernel: (1, 2), padding: .valid))
    b.fix([6], of: y, near: 127)
    try expectRemoved(&b, outputs: [b.fullyConnected(b.reshape(y, [1, 14]), channels: 4)], [x: 4, depthwise: 4, y: 1])
  }

  /// What is constant and not what stands outside is computed where windows look outside.
  @Test(arguments: 1...4) func borders(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), y = try required(b.convolution(x, channels: 5, kernel: (3, 3)))
    try expectRemoved(&b, outputs: [y], [x: 1])
    var c = GraphBuilder(seed: seed)
    let z = try first(&c), depthwise = try required(c.depthwise(z, kernel: (3, 3)))
    try expectRemoved(&c, outputs: [try required(c.convolution(depthwise, channels: 5, kernel: (1, 1)))], [z: 1, depthwise: 1])
  }

  @Test(arguments: 1...3) func severalOutputsAChannel(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), depthwise = try required(b.depthwise(x, multiplier: 3, kernel: (2, 2), padding: .valid))
    try expectRemoved(&b, outputs: [try required(b.convolution(depthwise, channels: 5, kernel: (1, 1)))], [x: 4, depthwise: 12])
  }

  @Test(arguments: 1...3) func pools(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), average = try required(b.averagePool(x, kernel: (3, 3), stride: (1, 1), padding: .same))
    let maximum = try required(b.maximumPool(average, kernel: (2, 2), stride: (2, 2), padding: .same)), mean = b.mean(maximum)
    try expectRemoved(&b, outputs: [b.fullyConnected(mean, channels: 4)], [x: 4, average: 4, maximum: 4, mean: 4])
  }

  /// Fused and alone: both operands without the channels that are constant in both. The tensor before the sum is seen, too.
  @Test(arguments: 1...3) func additions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), other = try required(b.convolution(b.inputs[0], channels: 9, kernel: (1, 1)))
    b.fix([0, 1, 3], of: other, near: 7)
    let sum = b.sum(x, other)
    // A second reader of `x`, so that it is there.
    let outputs = [try required(b.convolution(sum, channels: 3, kernel: (1, 1))), try required(b.convolution(x, channels: 3, kernel: (1, 1)))]
    try expectRemoved(&b, outputs: outputs, [x: 2, other: 2, sum: 2])
  }

  /// A layer that adds to its results what it reads, as residual blocks do.
  @Test(arguments: [1, 3]) func aTensorAndWhatIsMadeOfIt(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), y = try required(b.convolution(x, channels: 9, kernel: (1, 1)))
    b.fix([0, 2, 3], of: y, near: 30)
    let sum = b.sum(y, x)
    try expectRemoved(&b, outputs: [try required(b.convolution(sum, channels: 3, kernel: (1, 1)))], [x: 2, sum: 2])
  }

  @Test(arguments: 1...3) func tables(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = try first(&b), y = b.add(UnaryFunction("LOGISTIC"), [x], b.tensor(b.tensors[x].shape, Quantization(scale: 1 / 256, zeroPoint: -128)))
    try expectRemoved(&b, outputs: [try required(b.convolution(y, channels: 3, kernel: (2, 2), padding: .valid))], [x: 4, y: 4])
  }

  @Test func transposedConvolutions() throws {
    var b = GraphBuilder()
    let x = try first(&b), y = b.transposeConvolution(x, channels: 4, kernel: (2, 2), stride: (2, 2))
    b.fix([2], of: y, near: 9)
    try expectRemoved(&b, outputs: [try required(b.convolution(y, channels: 3, kernel: (1, 1)))], [x: 4, y: 1])
  }

  /// A constant that is not the golden one is a difference.
  @Test func wrongConstantsAreFound() throws {
    var b = GraphBuilder()
    let x = try first(&b), graph = b.graph(outputs: [try required(b.convolution(x, channels: 3, kernel: (1, 1)))]), inputs = b.samples()
    var mapping = try Mapper.map(graph, for: .edge16)
    #expect(try mistakes(in: mapping, inputs: inputs).isEmpty)
    var constants = try #require(mapping.channels[x]).constants
    constants[3] = 70
    mapping.channels[x] = StoredChannels(constants: constants)
    #expect(try !mistakes(in: mapping, inputs: inputs).isEmpty)
  }

  private static let kinds: [RandomNetwork.Kind] = [
    .convolution, .convolution, .depthwise, .averagePool, .maximumPool, .fullyConnected, .add, .mean, .unary, .reshape, .grouped,
  ]

  @Test func randomNetworks() { expectExactNetworks("constant channels", Self.kinds) }

  /// What is drawn at random has channels that go.
  @Test func randomNetworksHaveSome() {
    var random = SplitMix("constant channels"), found = 0
    for _ in 0..<40 {
      let network = RandomNetwork(seed: random.next(), count: 8, kinds: Self.kinds)
      guard let graph = try? network.graph(), let mapping = try? Mapper.map(graph, for: .edge64) else { continue }
      found += mapping.channels.isEmpty ? 0 : 1
    }
    #expect(found >= 5)
  }
}
