import Machine
import Model
import Testing

@testable import Mapper

@Suite struct BroadcastsTests {
  private func operators(_ a: Int, _ c: Int, _ shape: [Int], _ b: inout GraphBuilder) -> [Int] {
    let larger = max(b.tensors[a].scale, b.tensors[c].scale), product = b.tensors[a].scale * b.tensors[c].scale * 80
    let operations: [(any Operation, Float)] = [(Addition(), larger * 1.3), (Addition(isSubtraction: true), larger * 1.3), (Multiplication(), product)]
    return operations.map { operation, scale in b.add(operation, [a, c], b.tensor(shape, Quantization(scale: scale, zeroPoint: 3))) }
  }

  /// One value per channel, per row, per column, for all; operands either way round, shorter shapes, several images.
  @Test(arguments: [[1, 1, 1, 6], [6], [1, 6], [1, 4, 5, 1], [1, 1, 1, 1], [1], [1, 4, 1, 6], [1, 1, 5, 1], [1, 4, 1, 1], [5, 6], [4, 1, 6]])
  func oneRepeats(_ operand: [Int]) throws {
    for (index, images) in [1, 2].enumerated() where operand.count < 4 || images == 1 {
      var b = GraphBuilder(seed: index)
      let shape = [images, 4, 5, 6], x = b.input(shape), s = b.input(operand)
      let outputs = operators(x, s, shape, &b) + operators(s, x, shape, &b)
      try expectExact(&b, outputs: outputs, "\(operand)")
    }
  }

  /// Squeeze and excite: the factors come from the tensor that they multiply, and nothing is copied.
  @Test func factorsOfChannels() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 16])
    let y = try required(b.convolution(x, channels: 16, kernel: (3, 3)))
    let mean = b.mean(y), s = b.add(
      UnaryFunction("LOGISTIC"), [b.fullyConnected(mean, channels: 16)], b.tensor([1, 16], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let z = b.add(Multiplication(), [y, s], b.tensor([1, 6, 5, 16], b.tensors[y].quantization))
    try expectLayers(&b, [z], ["CONV_2D", "MEAN", "FULLY_CONNECTED + LOGISTIC", "MUL"])
    let mapping = try Mapper.map(b.graph(outputs: [z]), for: .edge64)
    #expect(mapping.steps.last?.before == nil, "what repeats is no tensor of the output's shape")
    #expect(mapping.layers.last?.steps.count == 1)
  }

  /// One factor per row, at the rate of the lanes.
  @Test func factorsOfRows() throws {
    var b = GraphBuilder()
    let x = b.input([1, 50, 64]), s = b.input([1, 50, 1])
    let outputs = operators(x, s, [1, 50, 64], &b)
    try expectExact(&b, outputs: outputs)
    let mapping = try Mapper.map(b.graph(outputs: outputs), for: .edge64)
    #expect(mapping.steps.count == 3 && mapping.predictedCycles < 3 * (50 * 64 / 4 + 50), "\(mapping.predictedCycles) cycles")
  }

  /// What is known of rows says nothing of channels, though there are as many of both: here every row of the sum is one value, and
  /// no column is.
  @Test func rangesOfRowsAreNotThoseOfChannels() throws {
    var b = GraphBuilder()
    func constants(_ count: Int, bias: [Int]?) -> Int {
      let y = b.fullyConnected(b.input([1, 30]), channels: count), node = b.nodes[b.nodes.count - 1]
      b.tensors[node.inputs[1]].constant = [UInt8](repeating: 0, count: 30 * count)
      if bias == nil { b.tensors[node.inputs[2]].constant = [UInt8](repeating: 0, count: 4 * count) }
      b.tensors[y].quantization = Quantization(scale: 0.02, zeroPoint: 0)
      return y
    }
    let x = b.reshape(constants(64, bias: nil), [1, 8, 8]), s = b.reshape(constants(8, bias: []), [1, 8, 1])
    for y in operators(x, s, [1, 8, 8], &b) { try expectExact(&b, outputs: [b.fullyConnected(b.reshape(y, [8, 8]), channels: 8)]) }
  }

  @Test func whatRepeatsIsNotFused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8]), y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let s = try required(b.convolution(b.input([1, 1, 1, 9]), channels: 8, kernel: (1, 1)))
    let scale = b.tensors[y].scale * b.tensors[s].scale * 80
    let z = b.add(Multiplication(), [y, s], b.tensor([1, 6, 5, 8], Quantization(scale: scale, zeroPoint: 3)))
    try expectLayers(&b, [z], ["CONV_2D", "CONV_2D", "MUL"])
  }

  @Test func bothRepeating() throws {
    var b = GraphBuilder()
    let rows = b.input([1, 5, 1]), columns = b.input([1, 1, 7])
    let y = b.add(Multiplication(), [rows, columns], b.tensor([1, 5, 7]))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 MUL, tensor 2 't2': two computed tensors that both repeat are not supported by the hardware; "
          + "give one of them the output's shape")
    ) { try Mapper.map(graph, for: .edge64) }
  }

  /// The scalar unit reads both operands alike.
  @Test func notInTheScalarUnit() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40]), s = b.input([1])
    let y = b.sum(x, s)
    var withoutLanes = Configuration.edge64
    withoutLanes.units.residual = false
    let graph = b.graph(outputs: [y])
    let error = #expect(throws: MappingError.self) { try Mapper.map(graph, for: withoutLanes) }
    #expect(error?.message.hasPrefix("operator 0 ADD, tensor 2 't2': an operand that repeats cannot be added in the scalar unit") == true)
  }
}
