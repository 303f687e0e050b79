import Machine
import Model
import Testing

@testable import Mapper

@Suite struct LayerPlanTests {
  private func layers(_ b: inout GraphBuilder, _ outputs: [Int]) throws -> [String] {
    try Mapper.map(b.graph(outputs: outputs), for: .edge64).layers.map(\.operatorName)
  }

  @Test func foldsPaddingRectifierAndAddition() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 6, 8])
    let padded = b.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    let y = try required(b.convolution(padded, channels: 8, kernel: (3, 3), padding: .valid))
    let z = b.sum(y, x)
    let w = b.add(UnaryFunction("RELU"), [z], b.like(z, [1, 6, 6, 8]))
    #expect(try layers(&b, [w]) == ["PAD + CONV_2D + ADD + RELU"])
    try expectExact(&b, outputs: [w])
  }

  @Test func whatOthersReadStays() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 6, 8])
    let padded = b.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    let y = try required(b.convolution(padded, channels: 8, kernel: (3, 3), padding: .valid))
    let z = b.sum(y, x)
    #expect(try layers(&b, [z, y, padded]) == ["PAD", "CONV_2D", "ADD"])
    try expectExact(&b, outputs: [z, y, padded])
  }

  /// The later operand's layer does the sum; an earlier layer waits if it must.
  @Test func additionMovesWhereBothOperandsAre() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    let y1 = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let y2 = try required(b.convolution(x, channels: 8, kernel: (1, 1)))
    let more = b.add(UnaryFunction("RELU6"), [y2], b.tensor([1, 4, 4, 8]))
    let z = b.sum(y1, y2)
    #expect(try layers(&b, [z, more]) == ["CONV_2D", "RELU6", "CONV_2D + ADD"])
    try expectExact(&b, outputs: [z, more])
  }

  /// A function of a byte joins the layer before it, unless that ends in an addition.
  @Test func tablesFollowLayers() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = b.add(UnaryFunction("LOGISTIC"), [y], b.tensor([1, 5, 5, 8], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let u = b.add(UnaryFunction("TANH"), [z], b.tensor([1, 5, 5, 8], Quantization(scale: 1 / 128, zeroPoint: 0)))
    let v = b.sum(u, x)
    let w = b.add(UnaryFunction("HARD_SWISH"), [v], b.tensor([1, 5, 5, 8]))
    #expect(try layers(&b, [w]) == ["CONV_2D + LOGISTIC", "TANH", "ADD", "HARD_SWISH"])
    let mapping = try Mapper.map(b.graph(outputs: [w]), for: .edge64)
    #expect(mapping.byteTables.count == 3 && mapping.hardware.byteTables == 4)
    try expectExact(&b, outputs: [w])
    var configuration = Configuration.edge64
    configuration.units.tables = false
    let graph = b.graph(outputs: [w])
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "\"units.tables\" is false, the network has LOGISTIC; set it to true")
    ) { try Mapper.map(graph, for: configuration) }
  }

  /// A rectifier whose rescaling overflows in the reference is a table.
  @Test func overflowingRectifiers() throws {
    var b = GraphBuilder()
    let x = b.tensor([1, 256], Quantization(scale: 1, zeroPoint: -100))
    b.inputs = [x]
    let y = b.add(UnaryFunction("RELU"), [x], b.tensor([1, 256], Quantization(scale: 1e-8, zeroPoint: 0)))
    let mapping = try Mapper.map(b.graph(outputs: [y]), for: .edge64)
    #expect(mapping.byteTables.count == 1)
    try expectExact(mapping.graph, .edge64, inputs: [(0..<256).map { UInt8($0) }])
  }

  @Test func reshapesShareBytes() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let y = b.reshape(x, [1, 32])
    let z = b.add(UnaryFunction("LOGISTIC"), [y], b.tensor([1, 32], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let mapping = try Mapper.map(b.graph(outputs: [y, z]), for: .edge64)
    #expect(mapping.views == [y: View(whole: x, [1, 32])])
    #expect(mapping.address(of: y) == mapping.address(of: x))
    #expect(mapping.steps.map(\.outputTensor) == [z])
  }

  @Test func missingUnitsAreNamed() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let y = try required(b.maximumPool(x, kernel: (2, 2), stride: (2, 2), padding: .valid))
    var configuration = Configuration.edge64
    configuration.units.maximum = false
    let graph = b.graph(outputs: [y])
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "\"units.maximum\" is false, the network has MAX_POOL_2D; set it to true")
    ) { try Mapper.map(graph, for: configuration) }
  }

  @Test func limitsAreNamed() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40, 40, 2])
    let y = try required(b.maximumPool(x, kernel: (40, 39), stride: (1, 1), padding: .valid))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 MAX_POOL_2D, tensor 1 't1': a 40x39 maximum does not fit the column buffer of 128 entries; "
          + "enlarge \"patchDepth\" (32) or make the pool smaller")
    ) { try Mapper.map(graph, for: .edge64) }
  }
}
