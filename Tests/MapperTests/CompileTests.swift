import Foundation
import Machine
import Model
import Testing
import Verify

@testable import Mapper

@Suite struct CompileTests {
  private func tensor(_ shape: [Int], _ scale: Float, _ zero: Int, constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: "t", shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero), constant: constant)
  }

  /// A verification of a network that computes nothing would agree on nothing at all.
  @Test func aNetworkThatComputesNothingIsRefused() throws {
    let graph = Graph(
      name: "reshape", tensors: [tensor([1, 6], 0.5, 0), tensor([6, 1], 0.5, 0), tensor([2, 3], 0.5, 0)],
      nodes: [
        Node(index: 0, operation: Reshape(), inputs: [0], outputs: [1]), Node(index: 1, operation: Reshape(), inputs: [1], outputs: [2]),
      ], inputs: [0], outputs: [1, 2])
    #expect(throws: MappingError(
      source: "reshape", message: "nothing to compute: every output is an input reshaped; give a network with a layer that computes")
    ) { try Mapper.map(graph, for: .edge16) }
  }

  /// One-dimensional networks as converters write them: means along their only dimension, and batches that are computed.
  @Test(arguments: ["conv1d_gap", "mean_axis1_rank3", "dynamic_batch", "float_io"]) func smallNetworksOfConverters(_ name: String) throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/ModelTests/Fixtures/way_out/"
    let graph = try loadTFLite(contentsOf: fixtures + name + ".tflite")
    for configuration in [Configuration.edge16, .edge64] {
      #expect(try mistakes(in: Mapper.map(graph, for: configuration), inputs: RandomNetwork(seed: 1).inputBytes(graph)) == [], "\(configuration.name)")
    }
  }

  /// What is read as a part lives as long as any of its parts is read.
  @Test func buffersLiveAsLongAsTheirViews() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3))), part = b.slice(y, [0, 2, 0, 0], [1, 2, 4, 8])
    var last = y
    for _ in 0..<3 { last = try required(b.convolution(last, channels: 8, kernel: (3, 3))) }
    let z = try required(b.convolution(part, channels: 3, kernel: (1, 1)))
    let mapping = try expectExact(b.graph(outputs: [last, z]), .edge64, inputs: b.samples())
    let live = Dictionary(uniqueKeysWithValues: mapping.placements.map { ($0.tensor, $0.live) })
    #expect(mapping.steps.count == 5 && live[x] == -1...0 && live[y] == 0...4 && live[part] == nil && live[last] == 3...5 && live[z] == 4...5)
  }

  @Test func tensorsBeyondAddressesAreRefused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 9_000_000])
    let y = b.add(UnaryFunction("TANH"), [x], b.tensor([1, 9_000_000], Quantization(scale: 1 / 128, zeroPoint: 0)))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(source: "made", message: "tensor 0 't0' has 9000000 bytes, feature memory at most 8388608; use a smaller input")
    ) { try Mapper.map(graph, for: .edge64) }
  }

  @Test func badConfigurationsAreRefused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4])
    let graph = b.graph(outputs: [b.add(UnaryFunction("RELU"), [x], b.tensor([1, 4]))])
    var configuration = Configuration.edge64
    configuration.dotProduct = 3
    #expect(throws: ConfigurationError.self) { try Mapper.map(graph, for: configuration) }
    configuration = .edge64
    configuration.programWords = .fixed(4)
    #expect(throws: ConfigurationError.self) { try Mapper.map(graph, for: configuration) }
  }
}
