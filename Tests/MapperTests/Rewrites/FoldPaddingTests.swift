import Machine
import Model
import Testing

@testable import Mapper

@Suite struct FoldPaddingTests {
  private let border = [(0, 0), (1, 2), (2, 0), (0, 0)]

  @Test func windowsOverWeightsTakeTheBorder() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 4])
    for padding in [Padding.valid, .same] {
      var c = b
      let y = try required(c.convolution(c.pad(x, border), channels: 8, kernel: (3, 3), stride: (2, 1), padding: padding))
      try expectLayers(&c, [y], ["PAD + CONV_2D"])
    }
    var c = b
    let y = try required(c.depthwise(c.pad(x, border), multiplier: 2, kernel: (3, 2), padding: .valid))
    try expectLayers(&c, [y], ["PAD + DEPTHWISE_CONV_2D"])
    c = b
    let z = try required(c.convolution(c.pad(x, border), channels: 6, kernel: (3, 3), groups: 2))
    try expectLayers(&c, [z], ["PAD + CONV_2D"])
    c = b
    let w = c.transposeConvolution(c.pad(x, border), channels: 3, kernel: (3, 3), stride: (2, 3))
    try expectLayers(&c, [w], ["PAD + TRANSPOSE_CONV"])
  }

  /// Only a border of zero points is what windows see outside of the image.
  @Test func otherValuesStay() throws {
    for value in [-128, 5, 127] {
      var b = GraphBuilder(seed: value)
      let x = b.input([1, 6, 5, 4])
      b.tensors[x].quantization = Quantization(scale: 0.05, zeroPoint: 5)
      let y = try required(b.convolution(b.pad(x, border, value: value), channels: 8, kernel: (3, 3), padding: .valid))
      try expectLayers(&b, [y], (value == 5 ? ["PADV2 + CONV_2D"] : ["PADV2", "CONV_2D"]))
    }
  }

  @Test func bordersOfOtherDimensionsStay() throws {
    for border in [[(0, 0), (1, 1), (0, 0), (0, 1)], [(1, 0), (1, 1), (0, 0), (0, 0)]] {
      var b = GraphBuilder()
      let x = b.input([1, 6, 5, 4])
      let y = try required(b.convolution(b.pad(x, border), channels: 8, kernel: (3, 3)))
      try expectLayers(&b, [y], ["PAD", "CONV_2D"])
    }
  }

  @Test func otherReadersNeedTheBorder() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 4])
    let padded = b.pad(x, border)
    let y = try required(b.convolution(padded, channels: 8, kernel: (3, 3), padding: .valid))
    try expectLayers(&b, [y, padded], ["PAD", "CONV_2D"])
    let z = try required(b.convolution(padded, channels: 3, kernel: (1, 1)))
    try expectLayers(&b, [y, z], ["PAD", "CONV_2D", "CONV_2D"])
  }

  /// Pools count the border, other operators work on it.
  @Test func otherKernelsSeeTheBorder() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 4])
    let average = try required(b.averagePool(b.pad(x, border), kernel: (3, 3), stride: (1, 1), padding: .same))
    let maximum = try required(b.maximumPool(b.pad(x, border), kernel: (3, 3), stride: (1, 1), padding: .same))
    let padded = b.pad(x, border)
    let table = b.add(UnaryFunction("TANH"), [padded], b.tensor(b.tensors[padded].shape, Quantization(scale: 1 / 128, zeroPoint: 0)))
    try expectLayers(&b, [average, maximum, table], ["PAD", "AVERAGE_POOL_2D", "PAD", "MAX_POOL_2D", "PAD + TANH"])
  }

  @Test func randomNetworks() {
    expectExactNetworks("padding", [.pad, .pad, .padValue, .convolution, .depthwise, .grouped, .transposeConvolution, .unary])
  }
}
