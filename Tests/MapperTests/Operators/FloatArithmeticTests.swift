import Machine
import Model
import Testing

@testable import Mapper

/// Sums, differences and products of ONNX files. Their golden kernels are tested in `ModelTests`.
@Suite struct FloatArithmeticTests {
  private typealias Scales = (first: Float, second: Float, output: Float)

  /// y = a ∘ b, with a constant in the place of an operand where one is given.
  private func graph(
    _ rule: FloatJoin.Rule, _ shapes: [[Int]], _ scales: Scales, constants: [[UInt8]?] = [nil, nil], rounding: Rounding = .nearest
  ) throws -> Graph {
    var b = GraphBuilder()
    let quantizations = [Quantization(scale: scales.first, zeroPoint: -5), Quantization(scale: scales.second, zeroPoint: 9)]
    let operands = (0..<2).map { operand in
      if let bytes = constants[operand] {
        let tensor = b.constant(shapes[operand], quantizations[operand])
        b.tensors[tensor].constant = bytes
        return tensor
      }
      b.inputs.append(b.tensor(shapes[operand], quantizations[operand]))
      return b.inputs[b.inputs.count - 1]
    }
    let y = b.tensor(shapes[2], Quantization(scale: scales.output, zeroPoint: 3))
    b.add(FloatArithmetic(rule, isFused: rule != .difference), operands, y)
    var graph = b.graph(outputs: [y])
    graph.rounding = rounding
    try graph.validate()
    return graph
  }

  private let edge64: Configuration = {
    var configuration = Configuration.edge64
    configuration.limits.memoryBytes = nil
    return configuration
  }()

  /// Every pair of bytes, each rule with scales that are far apart.
  @Test(arguments: FloatJoin.Rule.allCases) func allPairs(_ rule: FloatJoin.Rule) throws {
    let scales: Scales = rule == .product ? (0.037, 0.11, 0.41) : (0.037, 0.11, 0.14), shape = [1, 256, 256]
    let pairs = [(0..<65_536).map { UInt8($0 >> 8) }, (0..<65_536).map { UInt8($0 & 255) }]
    let mapping = try expectExact(graph(rule, [shape, shape, shape], scales), edge64, inputs: pairs)
    #expect(mapping.layers.map(\.operatorName) == [rule.rawValue])
  }

  /// A constant is the second operand of the lanes, wherever it stood: a difference from it is not the difference to it.
  @Test(arguments: FloatJoin.Rule.allCases, [0, 1]) func constantsOnEitherSide(_ rule: FloatJoin.Rule, _ side: Int) throws {
    var constants: [[UInt8]?] = [nil, nil], shapes = [[1, 256, 3], [1, 256, 3], [1, 256, 3]]
    (constants[side], shapes[side]) = ([7, 200, 131], [3])
    let bytes = (0..<768).map { UInt8($0 / 3) }
    let graph = try graph(rule, shapes, (0.037, 0.11, rule == .product ? 0.41 : 0.14), constants: constants)
    try expectExact(graph, edge64, inputs: [bytes])
    let network = try Network(graph), plan = try #require(network.plans[0]), added = try #require(plan.ending.addition)
    guard case .constant(let values) = added.other else { Issue.record("\(added.other)"); return }
    #expect(values == [7, -56, -125] && plan.input == graph.inputs[0] && added.join?.isSwapped == (side == 0))
  }

  /// The lines of a sum are quotients of scales, that of what is taken off falls; a product's are 1.
  @Test func slopesAreQuotientsOfScales() throws {
    func sides(_ rule: FloatJoin.Rule) throws -> [Added.Side] {
      let network = try Network(graph(rule, [[1, 8], [1, 8], [1, 8]], (0.25, 0.5, 2)))
      let added = try #require(network.plans[0]?.ending.addition)
      #expect(added.zero == 3 && added.limits == -128...127 && added.otherTensor == network.graph.inputs[1])
      return [added.first, added.second]
    }
    #expect(try sides(.sum) == [Added.Side(terms: [], slope: 0.125, zero: -5), Added.Side(terms: [], slope: 0.25, zero: 9)])
    #expect(try sides(.difference).map(\.slope) == [0.125, -0.25] && sides(.product).map(\.slope) == [1, 1])
  }

  /// An operand that repeats is the one that the array reads, and the join's operands change places with it.
  @Test(arguments: [[[1, 4, 6], [6], [1, 4, 6]], [[6], [1, 4, 6], [1, 4, 6]]]) func operandsThatRepeat(_ shapes: [[Int]]) throws {
    let graph = try graph(.difference, shapes, (0.037, 0.11, 0.14)), repeating = shapes[0] == [6] ? 0 : 1
    let inputs = graph.inputs.map { input in (0..<graph.tensors[input].byteCount).map { UInt8(truncatingIfNeeded: $0 * 53 + 90) } }
    try expectExact(graph, edge64, inputs: inputs)
    let plan = try #require(try Network(graph).plans[0])
    #expect(plan.input == graph.inputs[repeating] && plan.ending.addition?.join?.isSwapped == (repeating == 1))
  }

  /// Ties that go to even have no equal in the lanes: to the nearest they are counted, exactly they are refused with what to do.
  @Test func tiesAreCountedOrRefused() throws {
    let shapes = [[1, 8], [1, 8], [1, 8]], mapping = try Mapper.map(graph(.sum, shapes, (1, 1, 2)), for: .edge64)
    #expect(!mapping.roundings.isNone && mapping.roundings.layers.map(\.joinsPairs) == [true])
    #expect {
      try Mapper.map(graph(.sum, shapes, (1, 1, 2), rounding: .exact), for: .edge64)
    } throws: {
      let message = ($0 as? MappingError)?.message ?? ""
      return message.hasPrefix("the post unit cannot round as ONNX Runtime does at every sum (operator 0 ADD, ")
        && message.hasSuffix(" of 65536 pairs of bytes); compile with --rounding nearest, or choose other scales")
    }
  }
}
