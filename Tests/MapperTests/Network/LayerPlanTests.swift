import Machine
import Model
import Testing

@testable import Mapper

@Suite struct LayerPlanTests {
  private func plans(_ b: inout GraphBuilder, _ outputs: [Int]) throws -> [LayerPlan] { try Network(b.graph(outputs: outputs)).plans.compactMap { $0 } }

  @Test func whatALayerReads() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4]), y = b.input([1, 4])
    let sum = b.sum(x, y), like = b.like(x, [1, 4])
    b.tensors[y].quantization = b.tensors[x].quantization
    let whole = b.concatenation([x, y], axis: 1), same = b.concatenation([x, x], axis: 1)
    b.add(UnaryFunction("RELU"), [x], like)
    let plans = try plans(&b, [sum, whole, same, like])
    #expect(plans.map(\.input) == [x, nil, x, x])
    #expect(plans.map(\.reads) == [[x, y], [x, y], [x], [x]])
    #expect(plans.map(\.isOpen) == [false, true, true, true])
    #expect(plans.map(\.onlyMoves) == [false, true, true, false])
    #expect(plans.map(\.result) == [x, whole, same, like])
  }

  /// Moves are still moves when their parameters are settled, and nothing else becomes one.
  @Test func settledMovesAreMoves() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let whole = b.concatenation([x, x], axis: 1), pool = try required(b.averagePool(x, kernel: (2, 2), stride: (1, 1), padding: .valid))
    let clamped = b.add(UnaryFunction("RELU"), [x], b.like(x, [1, 4, 4, 2])), padded = b.pad(x, [(0, 0), (1, 1), (0, 0), (0, 0)])
    var network = try Network(b.graph(outputs: [whole, pool, clamped, padded]))
    try network.settleArithmetic(.edge64)
    #expect(network.plans.map { $0?.onlyMoves } == [true, false, false, false])
    var part = try #require(network.plans[0]?.parts[0])
    part.rescaling = .words([.identity], zero: 1)
    #expect(!part.isCopy)
    part.rescaling = .words([.identity, .identity], zero: 0)
    #expect(!part.isCopy && part.period == 2)
  }

  @Test func namesAndErrors() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4])
    let y = b.add(UnaryFunction("RELU"), [x], b.tensor([1, 4]))
    b.tensors[y].name = "a\nname " + String(repeating: "x", count: 100)
    let graph = b.graph(outputs: [y])
    var plan = try #require(Network(graph).plans[0])
    #expect(plan.name(in: graph) == "aname " + String(repeating: "x", count: 74))
    b.tensors[y].name = ""
    #expect(plan.name(in: b.graph(outputs: [y])) == "RELU_0")
    plan.nodes.append(Node(index: 1, operation: Addition(), inputs: [], outputs: []))
    #expect(plan.operatorName == "RELU + ADD")
    #expect(plan.error("is bad", in: b.graph(outputs: [y]), advice: "mend it").message == "operator 0 RELU, tensor 1 '': is bad; mend it")
  }
}
