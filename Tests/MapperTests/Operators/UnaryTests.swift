import Machine
import Model
import Testing

@testable import Mapper

@Suite struct UnaryTests {
  @Test(arguments: 0..<30 / thinning)
  func rectifiersAndProducts(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 5000)
    let x = b.image()
    let shape = b.tensors[x].shape
    let alone = b.add(UnaryFunction("RELU6"), [x], b.tensor(shape))
    let convolution = b.convolution(x, channels: 6, kernel: (3, 3))
    // The same quantization: becomes a clamp. Another: a layer.
    let fused = convolution.map { b.add(UnaryFunction("RELU"), [$0], b.like($0, b.tensors[$0].shape)) }
    let rescaled = fused.map { b.add(UnaryFunction("RELU6"), [$0], b.tensor(b.tensors[$0].shape)) }
    let factor = b.constant(b.pick([[1], [shape[3]], [shape[2], shape[3]]]), Quantization(scale: 0.01, zeroPoint: b.zero()))
    let product = b.add(
      Multiplication(), Bool.random(using: &b.random) ? [x, factor] : [factor, x],
      b.tensor(shape, Quantization(scale: b.tensors[x].scale, zeroPoint: 3)))
    try expectExact(&b, outputs: [alone, rescaled, product], "seed \(seed)")
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

  /// Every byte through every function, alone and behind a layer.
  @Test(arguments: ["RELU", "RELU6", "LOGISTIC", "TANH", "HARD_SWISH", "LEAKY_RELU", "ABS", "QUANTIZE", "ELU", "EXP", "GELU", "SQRT", "RSQRT", "LOG"]) func everyByte(_ name: String) throws {
    var b = GraphBuilder(seed: name.count)
    let x = b.input([1, 256])
    if ["SQRT", "RSQRT", "LOG"].contains(name) { b.tensors[x].quantization = Quantization(scale: 0.06, zeroPoint: -128) }
    let quantization = switch name {
    case "LOGISTIC": Quantization(scale: 1 / 256, zeroPoint: -128)
    case "TANH": Quantization(scale: 1 / 128, zeroPoint: 0)
    default: Quantization(scale: 0.06, zeroPoint: -5)
    }
    let function: any Model.Operation = name == "QUANTIZE" ? Quantize() : UnaryFunction(name, alpha: name == "LEAKY_RELU" ? 0.1 : 0)
    let y = b.add(function, [x], b.tensor([1, 256], quantization))
    try expectExact(b.graph(outputs: [y]), .edge64, inputs: [(0..<256).map { UInt8($0) }])
  }
}
