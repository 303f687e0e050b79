import Machine
import Model
import Testing

@testable import Mapper

@Suite struct FuseTablesTests {
  private func tanh(_ x: Int, _ b: inout GraphBuilder) -> Int {
    b.add(UnaryFunction("TANH"), [x], b.tensor(b.tensors[x].shape, Quantization(scale: 1 / 128, zeroPoint: 0)))
  }

  /// A function of a byte joins the layer before it, unless that ends in an addition or a table.
  @Test func tablesFollowLayers() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = b.add(UnaryFunction("LOGISTIC"), [y], b.tensor([1, 5, 5, 8], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let v = b.sum(tanh(z, &b), x)
    let w = b.add(UnaryFunction("HARD_SWISH"), [v], b.tensor([1, 5, 5, 8]))
    try expectLayers(&b, [w], ["CONV_2D + LOGISTIC", "TANH", "ADD", "HARD_SWISH"])
    let mapping = try Mapper.map(b.graph(outputs: [w]), for: .edge64)
    #expect(mapping.byteTables.count == 3 && mapping.hardware.byteTables == 4)
    var configuration = Configuration.edge64
    configuration.units.tables = false
    let graph = b.graph(outputs: [w])
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "\"units.tables\" is false, the network has LOGISTIC; set it to true")
    ) { try Mapper.map(graph, for: configuration) }
  }

  @Test func anyLayerOfThePostUnit() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 8])
    let parts = [
      try required(b.maximumPool(x, kernel: (2, 2), stride: (1, 1), padding: .same)), b.pad(x, [(0, 0), (0, 0), (0, 0), (1, 2)]),
      b.concatenation([x, x], axis: 3), b.transpose(x, [0, 3, 1, 2]), b.mean(x),
    ]
    let outputs = parts.map { tanh($0, &b) }
    try expectLayers(&b, outputs, ["MAX_POOL_2D + TANH", "PAD + TANH", "CONCATENATION + TANH", "TRANSPOSE + TANH", "MEAN + TANH"])
  }

  @Test func whatOthersSeeStays() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = tanh(y, &b)
    try expectLayers(&b, [z, y], ["CONV_2D", "TANH"])
    let more = b.sum(y, x)
    try expectLayers(&b, [z, more], ["CONV_2D", "TANH", "ADD"])
  }

  @Test func theScalarUnitHasNoTables() throws {
    var b = GraphBuilder()
    let x = b.input([1, 20])
    let y = b.add(Softmax(), [x], b.tensor([1, 20], Quantization(scale: 1 / 256, zeroPoint: -128)))
    try expectLayers(&b, [tanh(y, &b)], ["SOFTMAX", "TANH"])
  }

  @Test func randomNetworks() { expectExactNetworks("tables", [.unary, .unary, .unary, .convolution, .add, .maximumPool, .concatenation, .transpose]) }
}
