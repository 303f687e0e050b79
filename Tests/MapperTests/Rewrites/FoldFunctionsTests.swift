import Machine
import Model
import Testing

@testable import Mapper

@Suite struct FoldFunctionsTests {
  private func logistic(_ x: Int, _ b: inout GraphBuilder) -> Int {
    b.add(UnaryFunction("LOGISTIC"), [x], b.tensor(b.tensors[x].shape, Quantization(scale: 1 / 256, zeroPoint: -128)))
  }
  private func product(_ x: Int, _ y: Int, _ b: inout GraphBuilder) -> Int {
    b.add(Multiplication(), [x, y], b.tensor(b.tensors[x].shape, Quantization(scale: b.tensors[x].scale, zeroPoint: -100)))
  }

  /// What nobody reads is computed all the same: a network for each.
  private func expect(_ expected: [String], _ builder: GraphBuilder, _ make: (inout GraphBuilder) throws -> [Int]) throws {
    var b = builder
    try expectLayers(&b, make(&b), expected)
  }

  /// SiLU: one layer, and hardware that need not multiply.
  @Test(arguments: [false, true]) func aByteTimesItsFunction(_ swaps: Bool) throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3))), l = logistic(y, &b)
    let z = swaps ? product(l, y, &b) : product(y, l, &b)
    try expectLayers(&b, [z], ["CONV_2D + LOGISTIC + MUL"])
    let mapping = try Mapper.map(b.graph(outputs: [z]), for: .edge64)
    #expect(mapping.byteTables.count == 1 && !mapping.hardware.extensions.contains(.products))
    #expect(mapping.steps.allSatisfy { $0.before == y }, "the trace shows what the table reads")
    // Without tables there is nothing to fold into.
    var configuration = Configuration.edge64
    configuration.units.tables = false
    let graph = b.graph(outputs: [z])
    #expect(throws: ConfigurationError.self) { try Mapper.map(graph, for: configuration) }
  }

  /// Step by step, x·RELU6(x + 3)/6.
  @Test func chains() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let three = b.constant([1], b.tensors[y].quantization), sixth = b.constant([], Quantization(scale: 0.01, zeroPoint: 3))
    try expect(["CONV_2D + MUL"], b) { [product(y, y, &$0)] }
    let six = b.sum(y, three, activation: .relu6), scaled = b.add(Multiplication(), [six, sixth], b.tensor([1, 6, 5, 8]))
    try expect(["CONV_2D + ADD + MUL + MUL"], b) { [product(y, scaled, &$0)] }
    try expect(["CONV_2D + ADD + MUL + MUL"], b) { [product(six, scaled, &$0)] }
    // A layer of two readers belongs to the last of them.
    try expect(["CONV_2D", "MUL + MUL", "ADD + ADD"], b) { [product(y, scaled, &$0), $0.sum(y, six)] }
  }

  @Test func whatOthersSeeStays() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3))), l = logistic(y, &b)
    try expect(["CONV_2D", "LOGISTIC", "MUL"], b) { [product(y, l, &$0), l] }
    try expect(["CONV_2D", "LOGISTIC + MUL"], b) { [product(y, l, &$0), y] }
    try expect(["CONV_2D", "LOGISTIC", "MUL", "MAX_POOL_2D"], b) {
      [product(y, l, &$0), try required($0.maximumPool(l, kernel: (2, 2), stride: (1, 1), padding: .same))]
    }
  }

  /// Functions of different bytes: of different tensors, or of the same one turned around.
  @Test func whatIsNoFunction() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8]), other = b.input([1, 4, 4, 8])
    try expect(["LOGISTIC", "MUL"], b) { [product(x, logistic(other, &$0), &$0)] }
    try expect(["LOGISTIC", "TRANSPOSE + MUL"], b) { [product(x, $0.transpose(logistic(x, &$0), [0, 2, 1, 3]), &$0)] }
    // One constant per channel is one function per channel.
    try expect(["ADD", "MUL"], b) { [product(x, $0.sum(x, $0.constant([8], $0.tensors[x].quantization)), &$0)] }
    // A sum of a tensor and itself stays what it was.
    try expect(["ADD"], b) { [$0.sum(x, x)] }
  }

  @Test func randomNetworks() { expectExactNetworks("functions", [.unary, .unary, .multiplyTensors, .multiplyTensors, .add, .addConstant, .multiply, .convolution]) }
}
