import Machine
import Model
import Testing

@testable import Mapper

@Suite struct SettleArithmeticTests {
  private func tensor(_ shape: [Int], _ scale: Float, _ zero: Int, constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: "t", shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero), constant: constant)
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
      let mapping = try expectExact(graph, configuration, inputs: [[127, 128, 3]])
      #expect(!mapping.weights.contains(127), "the weights of a constant channel are zeros")
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

  @Test(arguments: [("maximum", "MAX_POOL_2D"), ("residual", "ADD"), ("scalar", "SOFTMAX"), ("tables", "TANH")])
  func missingUnitsAreNamed(_ unit: String, _ operation: String) throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    var configuration = Configuration.edge64, output = 0
    switch unit {
    case "maximum":
      output = try required(b.maximumPool(x, kernel: (2, 2), stride: (2, 2), padding: .valid))
      configuration.units.maximum = false
    case "residual":
      output = b.sum(x, b.input([1, 4, 4, 2]))
      (configuration.units.residual, configuration.units.scalar) = (false, false)
    case "scalar":
      output = b.add(Softmax(), [x], b.tensor([1, 4, 4, 2], Quantization(scale: 1 / 256, zeroPoint: -128)))
      configuration.units.scalar = false
    default:
      output = b.add(UnaryFunction("TANH"), [x], b.tensor([1, 4, 4, 2], Quantization(scale: 1 / 128, zeroPoint: 0)))
      configuration.units.tables = false
    }
    let graph = b.graph(outputs: [output])
    #expect(
      throws: ConfigurationError(source: "edge64", message: "\"units.\(unit)\" is false, the network has \(operation); set it to true")
    ) { try Mapper.map(graph, for: configuration) }
  }

  /// What is known of the values follows limits, channels and moves.
  @Test func rangesFollowTheLayers() throws {
    var b = GraphBuilder()
    let x = b.input([1, 2, 2, 4])
    b.tensors[x].quantization = Quantization(scale: 0.05, zeroPoint: -10)
    let clamped = b.add(UnaryFunction("RELU"), [x], b.like(x, [1, 2, 2, 4]))
    let turned = b.transpose(clamped, [0, 2, 1, 3]), whole = b.concatenation([x, turned], axis: 3), joined = b.concatenation([clamped, turned], axis: 1)
    let padded = b.pad(turned, [(0, 0), (1, 0), (0, 0), (0, 0)], value: -90)
    let outputs = [whole, joined, padded, b.slice(whole, [0, 0, 0, 3], [1, 2, 2, 3])]
    var network = try Network(b.graph(outputs: outputs))
    try network.settleArithmetic(.edge64)
    let all = -128...127
    #expect(network.range(of: clamped).hull == -10...127 && network.range(of: turned).hull == -10...127 && network.range(of: joined).hull == -10...127)
    #expect(network.range(of: whole) == ValueRanges(low: [-128, -128, -128, -128, -10, -10, -10, -10], high: [Int](repeating: 127, count: 8)))
    #expect(network.range(of: outputs[3]).low == [-128, -10, -10] && network.range(of: padded).hull == -90...127 && network.range(of: x).hull == all)
    try expectExact(&b, outputs: outputs)
  }

  /// Sums need as many bits as they have.
  @Test func accumulators() throws {
    func bits(_ depth: Int) throws -> Int {
      var b = GraphBuilder()
      let x = b.input([1, depth])
      var network = try Network(b.graph(outputs: [b.fullyConnected(x, channels: 3)]))
      try network.settleArithmetic(.edge64)
      return network.accumulatorBits
    }
    #expect(try bits(1) == 16 && (20...23).contains(bits(300)) && bits(300) < bits(3000))
  }

  /// Scales without an affine form for all bytes have one for those that rectifiers leave.
  @Test func additionsOfTheBytesThatOccur() throws {
    for rectifies in [true, false] {
      var b = GraphBuilder()
      let x = [0, 3].map { b.tensor([1, 4, 4, 2], Quantization(scale: $0 == 0 ? 0.02 : 0.03, zeroPoint: $0)) }
      b.inputs = x
      let operands = rectifies ? x.map { b.add(UnaryFunction("RELU"), [$0], b.like($0, [1, 4, 4, 2])) } : x
      let y = b.add(Addition(), operands, b.tensor([1, 4, 4, 2], Quantization(scale: 0.08, zeroPoint: 5)))
      try expectLayers(&b, [y], rectifies ? ["RELU", "RELU + ADD"] : ["ADD"])
      #expect(try Mapper.map(b.graph(outputs: [y]), for: .edge64).scalarTables.isEmpty == rectifies)
    }
  }

  @Test func randomNetworks() {
    expectExactNetworks(
      "arithmetic", [.convolution, .depthwise, .unary, .multiply, .mean, .averagePool, .add, .addConstant, .concatenation, .slice])
  }
}
