import Machine
import Model
import Testing

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

  /// A multiplier of zero hides any sum: a bias that would overflow, weights of any size.
  @Test func deadChannelsAreConstant() throws {
    let bias = Tensor(
      name: "b", shape: [2], type: .int32,
      constant: [Int32.min + 1, 50].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> Int32(8 * $0)) } })
    var weights = tensor([2, 3], 0.01, 0, constant: [127, 127, 127, 1, 2, 3])
    weights.quantization = Quantization(scales: [1.3e-21, 0.01], zeroPoints: [0, 0])
    let graph = Graph(
      name: "dead", tensors: [tensor([1, 3], 0.05, -128), weights, bias, tensor([1, 2], 0.1, 7)],
      nodes: [Node(index: 0, operation: FullyConnected(), inputs: [0, 1, 2], outputs: [3])], inputs: [0], outputs: [3])
    for configuration in [Configuration.up5k, .edge16] {
      try expectExact(graph, configuration, inputs: [[127, 128, 3]])
    }
    #expect(try GoldenModel(graph).run(inputs: [[127, 127, 127]])[3]?.first == 7)
  }

  @Test func livingChannelsStillOverflow() throws {
    let bias = Tensor(name: "b", shape: [1], type: .int32, constant: [1, 0, 0, 0x80])
    let graph = Graph(
      name: "overflow", tensors: [tensor([1, 3], 0.05, 0), tensor([1, 3], 0.01, 0, constant: [127, 127, 127]), bias, tensor([1, 1], 0.1, 7)],
      nodes: [Node(index: 0, operation: FullyConnected(), inputs: [0, 1, 2], outputs: [3])], inputs: [0], outputs: [3])
    #expect(throws: MappingError.self) { try Mapper.map(graph, for: .edge16) }
  }

  /// RELU6 between layers, first and last, fused and not, for every interpreter.
  @Test(arguments: ReferenceInterpreter.allCases)
  func rectifiersFollowTheReference(_ reference: ReferenceInterpreter) throws {
    for seed in 1...12 {
      var b = GraphBuilder(seed: seed)
      let x = b.input([1, 40])
      let first = b.add(UnaryFunction("RELU6"), [x], b.tensor([1, 40]))
      let hidden = b.fullyConnected(first, channels: 24)
      let second = b.add(UnaryFunction("RELU6"), [hidden], b.tensor([1, 24]))
      let third = b.add(UnaryFunction("RELU"), [second], b.tensor([1, 24]))
      let last = b.add(UnaryFunction("RELU6"), [b.fullyConnected(third, channels: 9)], b.tensor([1, 9]))
      var graph = b.graph(outputs: [last])
      graph.reference = reference
      for configuration in [Configuration.edge16, .edge64] { try expectExact(graph, configuration, inputs: b.samples(), "seed \(seed)") }
    }
  }
}
