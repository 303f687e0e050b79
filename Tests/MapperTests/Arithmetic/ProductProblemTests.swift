import Model
import Testing

@testable import Mapper

@Suite struct ProductProblemTests {
  private func added(_ b: GraphBuilder, _ x1: Int, _ x2: Int, _ y: Int) throws -> (Added, Graph) {
    var graph = GraphBuilder()
    (graph.tensors, graph.inputs) = (b.tensors, [x1, x2])
    graph.add(Multiplication(), [x1, x2], y)
    let made = graph.graph(outputs: [y])
    return (try required(try Network(made).plans[0]?.ending.addition), made)
  }

  /// Solutions exist for random scales, and for those that make ties, and hold for every pair, compared with the golden operator itself.
  @Test func everyPairOfBytes() throws {
    var b = GraphBuilder(seed: 7)
    let pairs = (0..<65_536).map { (UInt8($0 & 255), UInt8($0 >> 8)) }
    for round in 0..<60 / thinning {
      let exponent = Int.random(in: -14 ... -4, using: &b.random)
      let ratio = round % 3 == 0 ? 1 : round % 3 == 1 ? b.scale(1...2) : Float(Int.random(in: 1...9, using: &b.random)) / 8
      let factor = ratio * Float(sign: .plus, exponent: exponent, significand: 1)
      let x1 = b.tensor([65_536], Quantization(scale: 1, zeroPoint: b.zero())), x2 = b.tensor([65_536], Quantization(scale: factor, zeroPoint: b.zero()))
      let y = b.tensor([65_536], Quantization(scale: 1, zeroPoint: b.zero()))
      let (added, graph) = try added(b, x1, x2, y)
      let form = try #require(ProductProblem(added).solve(), "factor \(factor)")
      let golden = try GoldenModel(graph).run(inputs: [pairs.map(\.0), pairs.map(\.1)])
      let wrong = zip(pairs, try #require(golden[y])).filter { pair, expected in
        let (one, two) = (Int(Int8(bitPattern: pair.0)), Int(Int8(bitPattern: pair.1)))
        let value = min(max(form.value(one, two) + added.zero, -128), 127)
        return value != Int(Int8(bitPattern: expected)) || added.value(one, two) != value
      }
      #expect(wrong.isEmpty, "factor \(factor): \(wrong.count) pairs")
      let reach = { (zero: Int) in max(128 + zero, 127 - zero) }
      let greatest = form.a * reach(added.first.zero) * reach(added.second.zero)
      #expect(form.a < 1 << 23 && abs(form.delta) < 1 << 23)
      #expect(greatest + max(abs(form.round), abs(form.round - form.delta)) < 1 << 39, "factor \(factor): 40 bits do not hold the sums")
    }
  }

  /// For the bytes that occur there may be a form where for all there is none: products that wrap in the reference do not occur.
  @Test func onlyWhatOccursCounts() throws {
    var b = GraphBuilder()
    let x1 = b.tensor([4], Quantization(scale: 1, zeroPoint: 0)), x2 = b.tensor([4], Quantization(scale: 1, zeroPoint: 0))
    let y = b.tensor([4], Quantization(scale: 1.0 / 65_536, zeroPoint: 0))
    var problem = ProductProblem(try added(b, x1, x2, y).0)
    #expect(problem.solve() == nil)
    (problem.firsts, problem.seconds) = (0...3, -2...2)
    #expect(problem.solve() != nil)
  }
}
