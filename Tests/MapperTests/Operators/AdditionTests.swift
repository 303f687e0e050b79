import Machine
import Model
import Testing

@testable import Mapper

@Suite struct AdditionTests {
  /// Scales in ratios of small integers that have no affine form.
  private static let awkward: (Float, Float, Float) = (0.02, 0.03, 0.08)

  private func program(_ b: inout GraphBuilder, _ output: Int, _ configuration: Configuration = .edge64) throws -> [Instruction] {
    try Mapper.map(b.graph(outputs: [output]), for: configuration).program.map(\.instruction)
  }

  private func isScalar(_ instruction: Instruction) -> Bool { if case .command(.add, _, _) = instruction { true } else { false } }

  @Test func twoTensors() throws {
    for count in [1, 7, 4096, 4097, 9000] {
      var b = GraphBuilder(seed: count)
      let (s1, s2, sy) = Self.awkward
      let x1 = b.tensor([1, count], Quantization(scale: s1, zeroPoint: 0)), x2 = b.tensor([1, count], Quantization(scale: s2, zeroPoint: 3))
      b.inputs = [x1, x2]
      let y = b.add(Addition(), [x1, x2], b.tensor([1, count], Quantization(scale: sy, zeroPoint: 5)))
      #expect(try program(&b, y).contains(where: isScalar))
      try expectExact(&b, outputs: [y], "\(count) elements")
    }
  }

  /// The layer that makes an operand keeps its own tensor, and the addition follows it.
  @Test func behindAConvolution() throws {
    var b = GraphBuilder(seed: 4)
    let (s1, s2, sy) = Self.awkward
    let x = b.input([1, 5, 6, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    b.tensors[y].quantization = Quantization(scale: s2, zeroPoint: 3)
    let other = b.tensor([1, 5, 6, 8], Quantization(scale: s1, zeroPoint: 0))
    b.inputs.append(other)
    for operands in [[y, other], [other, y]] {
      var c = b
      let z = c.add(Addition(), operands, c.tensor([1, 5, 6, 8], Quantization(scale: sy, zeroPoint: 5)))
      let mapping = try Mapper.map(c.graph(outputs: [z]), for: .edge64)
      #expect(mapping.layers.map(\.operatorName) == ["CONV_2D", "ADD"])
      #expect(mapping.steps.map(\.outputTensor) == [y, z])
      try expectExact(&c, outputs: [z])
    }
  }

  /// Constants are entries of the second table: one, one per channel, one per element.
  @Test(arguments: [[1], [6], [300], [2, 5, 300]]) func constants(_ shape: [Int]) throws {
    var b = GraphBuilder(seed: shape.count)
    var withoutLanes = Configuration.edge64
    withoutLanes.units.residual = false
    let full = [2, 5, shape[shape.count - 1] == 1 ? 6 : shape[shape.count - 1]]
    let x = b.input(full)
    let c = b.constant(shape, Quantization(scale: 0.03, zeroPoint: 7))
    let y = b.sum(c, x, activation: .relu6)
    #expect(try program(&b, y, withoutLanes).contains(where: isScalar))
    #expect(try !program(&b, y).contains(where: isScalar))
    try expectExact(&b, outputs: [y], configurations: [withoutLanes])
  }

  @Test func aTensorAndItself() throws {
    var b = GraphBuilder(seed: 8)
    var withoutLanes = Configuration.edge16
    withoutLanes.units.residual = false
    let x = b.input([3, 50])
    let y = b.sum(x, x)
    let mapping = try Mapper.map(b.graph(outputs: [y]), for: withoutLanes)
    #expect(mapping.scalarTables.count == 1)
    try expectExact(&b, outputs: [y], configurations: [withoutLanes])
  }

  @Test func aMissingUnitIsNamed() throws {
    var b = GraphBuilder()
    let x1 = b.tensor([1, 9], Quantization(scale: 0.02, zeroPoint: 0)), x2 = b.tensor([1, 9], Quantization(scale: 0.03, zeroPoint: 3))
    b.inputs = [x1, x2]
    let y = b.add(Addition(), [x1, x2], b.tensor([1, 9], Quantization(scale: 0.08, zeroPoint: 5)))
    let graph = b.graph(outputs: [y])
    var configuration = Configuration.edge64
    configuration.units.scalar = false
    #expect(
      throws: ConfigurationError(
        source: "edge64",
        message: "\"units.scalar\" is false, the network has ADD with scales that only the scalar unit can add; set it to true")
    ) { try Mapper.map(graph, for: configuration) }
  }

  /// A difference is a sum with a negative slope: the lanes do it as well.
  @Test func differencesNeedNoScalarUnit() throws {
    var withoutScalar = Configuration.edge64
    withoutScalar.units.scalar = false
    for seed in 1...2 {
      var b = GraphBuilder(seed: seed)
      let x1 = b.input([1, 300]), x2 = b.input([1, 300])
      let larger = max(b.tensors[x1].scale, b.tensors[x2].scale)
      let y = b.add(Addition(isSubtraction: true), [x1, x2], b.tensor([1, 300], Quantization(scale: larger * b.scale(0.8...2), zeroPoint: 3)))
      try expectExact(&b, outputs: [y], configurations: [withoutScalar])
    }
  }

  @Test(arguments: 0..<60 / thinning)
  func additions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 4000)
    let x = b.image()
    let shape = b.tensors[x].shape
    let second = b.input(shape)
    let plain = b.sum(x, second, activation: b.pick(GraphBuilder.activations))
    let twice = b.sum(x, x)
    let convolution = b.convolution(x, channels: shape[3], kernel: (3, 3), activation: b.pick(GraphBuilder.activations))
    let fused = convolution.map { b.sum($0, plain, activation: b.pick(GraphBuilder.activations)) }
    let depthwise = b.depthwise(second, kernel: (3, 3))
    let both = depthwise.map { b.sum(b.convolution(x, channels: shape[3], kernel: (1, 1)) ?? x, $0) }
    let constants = [[1], [shape[3]], [shape[2], shape[3]], shape].map { b.constant($0, b.tensors[second].quantization) }
    let biased = b.sum(x, b.pick(constants))
    let scalar = b.sum(b.pick(Array(constants[0...1])), b.convolution(x, channels: shape[3], kernel: (1, 1)) ?? x)
    try expectExact(&b, outputs: [plain, twice, fused, both, biased, scalar], "seed \(seed)")
  }
}
