import Machine
import Model
import Reference
import TestTools
import Testing
import Verify

@testable import Mapper

/// Networks of int16 with sums, products and sigmoids.
private struct Int16Graph {
  var b: GraphBuilder

  init(seed: Int) { b = GraphBuilder(seed: seed) }

  mutating func tensor(_ shape: [Int], scale: Float) -> Int {
    b.tensors.append(Tensor(name: "t\(b.tensors.count)", shape: shape, type: .int16, quantization: Quantization(scale: scale, zeroPoint: 0)))
    return b.tensors.count - 1
  }
  mutating func input(_ shape: [Int], scale: Float) -> Int {
    b.inputs.append(tensor(shape, scale: scale))
    return b.inputs[b.inputs.count - 1]
  }
  mutating func add(_ operation: any Model.Operation, _ inputs: [Int], scale: Float) -> Int {
    let shape = b.tensors[inputs[0]].shape
    return b.add(operation, inputs, tensor(shape, scale: scale))
  }
  func graph(_ outputs: [Int]) throws -> Graph {
    let graph = Graph(name: "int16", tensors: b.tensors, nodes: b.nodes, inputs: b.inputs, outputs: outputs)
    try graph.validate()
    return graph
  }
}

@Suite struct Int16ArithmeticTests {
  private let configurations: [Configuration] = [.up5k, .edge16, .edge64, .edge256, .odd]

  private func expectExact(_ graph: Graph, _ random: inout SplitMix, _ comment: String) throws {
    for configuration in configurations {
      let inputs = graph.inputs.map { tensor in
        Elements.bytes((0..<graph.tensors[tensor].elementCount).map { _ in random.pick([-32_768, 32_767, 0, random.int(-32_768...32_767), random.int(-32_768...32_767)]) }, .int16)
      }
      _ = try MapperTests.expectExact(graph, configuration, inputs: inputs, comment)
    }
  }

  /// Sums and products of tensors with scales of any order, activations, and a bound.
  @Test func sumsAndProductsAreExact() throws {
    var random = SplitMix("sums and products of int16")
    for index in 0..<16 {
      var g = Int16Graph(seed: 900 + index)
      let shape = random.pick([[1, random.int(1...40)], [1, random.int(1...5), random.int(1...5), random.int(1...9)], [random.int(1...6), random.int(1...6)]])
      let scales = (0..<2).map { _ in random.pick([0.001, 0.00031, 0.0017 * Float(random.int(1...9))]) }
      let x = g.input(shape, scale: scales[0]), y = g.input(shape, scale: scales[1])
      var sum = Addition(activation: random.pick([.none, .relu, .relu6]))
      if random.chance(30) { sum.bound = Int16(random.int(1...32_767)) }
      let total = g.add(sum, [x, y], scale: (scales.max() ?? 0) * random.pick([0.4, 1, 2.3]))
      let product = g.add(Multiplication(activation: random.pick([.none, .relu])), [total, x], scale: scales[0] * g.b.tensors[total].scale * random.pick([300, 20_000]))
      try expectExact(g.graph([total, product]), &random, "\(index)")
    }
  }

  /// All of int16 through sigmoids of several scales, powers of two and others, steps finer and coarser than the table's.
  @Test func sigmoidsAreExactForAllNumbers() throws {
    let all = (0..<2).map { half in (0..<32_768).map { $0 * 2 + half - 32_768 } }
    for isTangent in [false, true] {
      for scale in [0x1p-12, 0x1p-11, 0x1p-10, 0x1p-15, 0.00017, 0.00002, 3.1] as [Float] {
        var g = Int16Graph(seed: 1)
        let x = g.input([1, 32_768], scale: scale), y = g.add(Int16Sigmoid(isTangent: isTangent), [x], scale: 0x1p-15)
        let graph = try g.graph([y]), mapping = try Mapper.map(graph, for: .edge64)
        for half in all {
          #expect(try mistakes(in: mapping, inputs: [Elements.bytes(half, .int16)]) == [], "\(isTangent), \(scale)")
        }
      }
    }
  }

  /// A gate as LSTM has it: sigmoids of parts of a tensor, a product that becomes int8.
  @Test func partsAndInt8AreExact() throws {
    var random = SplitMix("gates")
    for units in [1, 3, 8, 17] {
      var g = Int16Graph(seed: units)
      let x = g.input([1, 4 * units], scale: 0x1p-12)
      func part(_ first: Int, _ count: Int, of tensor: Int) -> Int {
        let shape = g.tensor([1, count], scale: g.b.tensors[tensor].scale)
        return g.b.add(Slice(), [tensor, g.b.indices([0, first], [2]), g.b.indices([1, count], [2])], shape)
      }
      let gates = g.add(Int16Sigmoid(isTangent: false), [part(0, 3 * units, of: x)], scale: 0x1p-15)
      let cell = g.add(Int16Sigmoid(isTangent: true), [part(3 * units, units, of: x)], scale: 0x1p-15)
      let product = g.add(Multiplication(), [part(units, units, of: gates), cell], scale: 0x1p-11)
      var narrow = Multiplication()
      narrow.narrows = true
      let result = g.b.tensor([1, units], Quantization(scale: 1 / 128, zeroPoint: random.int(-20...20)))
      g.b.add(narrow, [part(2 * units, units, of: gates), g.add(Int16Sigmoid(isTangent: true), [product], scale: 0x1p-15)], result)
      let graph = try g.graph([result])
      try expectExact(graph, &random, "\(units) units")
      // Nothing is copied, but what the host wrote.
      let layers = try Mapper.map(graph, for: .edge64).layers.map(\.operatorName)
      #expect(layers.filter { $0 == "SLICE" }.count <= 2, "\(layers)")
    }
  }

  /// The unit that does it can be left out.
  @Test func withoutScalarUnitItIsRefused() throws {
    var g = Int16Graph(seed: 3)
    let x = g.input([1, 5], scale: 0.001), y = g.input([1, 5], scale: 0.001), sum = g.add(Addition(), [x, y], scale: 0.001), graph = try g.graph([sum])
    var configuration = Configuration.edge16
    configuration.units.scalar = false
    #expect {
      _ = try Mapper.map(graph, for: configuration)
    } throws: { error in
      "\(error)".contains("\"units.scalar\" is false, the network has ADD of int16; set it to true")
    }
    #expect(try Mapper.map(graph, for: .edge16).hardware.extensions == [.int16, .int16Arithmetic])
  }
}
