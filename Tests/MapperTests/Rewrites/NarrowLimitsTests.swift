import Machine
import Model
import Testing

@testable import Mapper

@Suite struct NarrowLimitsTests {
  private func rectified(_ x: Int, _ b: inout GraphBuilder, _ name: String = "RELU") -> Int {
    b.add(UnaryFunction(name), [x], b.like(x, b.tensors[x].shape))
  }

  @Test func aRectifierBecomesLimits() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let once = rectified(y, &b), twice = rectified(once, &b, "RELU6")
    try expectLayers(&b, [twice], ["CONV_2D + RELU + RELU6"])
    let pool = rectified(try required(b.averagePool(x, kernel: (2, 2), stride: (2, 2), padding: .same)), &b)
    let padded = rectified(b.pad(x, [(0, 0), (1, 0), (0, 1), (1, 1)]), &b), whole = rectified(b.concatenation([x, x], axis: 2), &b)
    try expectLayers(
      &b, [twice, pool, padded, whole], ["CONV_2D + RELU + RELU6", "AVERAGE_POOL_2D + RELU", "PAD + RELU", "CONCATENATION + RELU"])
  }

  @Test func ofASum() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let sum = rectified(b.sum(y, x), &b), alone = rectified(b.sum(x, sum), &b)
    try expectLayers(&b, [alone, sum], ["CONV_2D + ADD + RELU", "ADD + RELU"])
  }

  @Test func whatOthersSeeStays() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = rectified(y, &b)
    try expectLayers(&b, [z, y], ["CONV_2D", "RELU"])
    let w = try required(b.maximumPool(y, kernel: (2, 2), stride: (1, 1), padding: .valid)), input = rectified(x, &b)
    try expectLayers(&b, [z, w, input], ["CONV_2D", "RELU", "MAX_POOL_2D", "RELU"])
  }

  /// Another scale is no limit, nor is the scalar unit's end one, nor a table's.
  @Test func whatIsNoLimit() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40])
    let y = b.fullyConnected(x, channels: 24)
    let rescaled = b.add(UnaryFunction("RELU"), [y], b.tensor([1, 24]))
    try expectLayers(&b, [rescaled], ["FULLY_CONNECTED", "RELU"])
    var c = GraphBuilder()
    let u = c.input([1, 40])
    let soft = c.add(Softmax(), [u], c.tensor([1, 40], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let table = c.add(UnaryFunction("TANH"), [u], c.tensor([1, 40], Quantization(scale: 1 / 128, zeroPoint: 0)))
    let outputs = [rectified(soft, &c), rectified(table, &c)]
    try expectLayers(&c, outputs, ["SOFTMAX", "TANH", "RELU", "RELU"])
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

  @Test func randomNetworks() { expectExactNetworks("limits", [.unary, .unary, .unary, .convolution, .add, .pad, .averagePool, .concatenation]) }
}
