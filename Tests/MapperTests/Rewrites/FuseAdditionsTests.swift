import Machine
import Model
import Testing

@testable import Mapper

@Suite struct FuseAdditionsTests {
  @Test func foldsPaddingRectifierAndAddition() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 6, 8])
    let padded = b.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    let y = try required(b.convolution(padded, channels: 8, kernel: (3, 3), padding: .valid))
    let z = b.sum(y, x)
    let w = b.add(UnaryFunction("RELU"), [z], b.like(z, [1, 6, 6, 8]))
    try expectLayers(&b, [w], ["PAD + CONV_2D + ADD + RELU"])
    try expectLayers(&b, [w, y, padded], ["PAD", "CONV_2D", "ADD + RELU"])
  }

  /// The later operand's layer does the sum; an earlier layer waits if it must.
  @Test func additionMovesWhereBothOperandsAre() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    let y1 = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let y2 = try required(b.convolution(x, channels: 8, kernel: (1, 1)))
    let more = b.add(UnaryFunction("RELU6"), [y2], b.tensor([1, 4, 4, 8]))
    let z = b.sum(y1, y2)
    try expectLayers(&b, [z, more], ["CONV_2D", "RELU6", "CONV_2D + ADD"])
    var c = GraphBuilder()
    let u = c.input([1, 4, 4, 8])
    let v1 = try required(c.convolution(u, channels: 8, kernel: (3, 3))), v2 = try required(c.convolution(u, channels: 8, kernel: (1, 1)))
    var one = c
    try expectLayers(&one, [one.sum(v2, v1)], ["CONV_2D", "CONV_2D + ADD"])
    try expectLayers(&c, [c.sum(v1, v2), c.sum(v2, v1)], ["CONV_2D", "CONV_2D", "ADD", "ADD"])
  }

  /// A sum of sums ends two layers; no layer has two ends.
  @Test func oneEndALayer() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    var y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = b.sum(b.sum(y, x), x)
    try expectLayers(&b, [z], ["CONV_2D + ADD", "ADD"])
    b = GraphBuilder()
    b.inputs = [b.tensor([1, 4, 4, 8])]
    y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let tanh = b.add(UnaryFunction("TANH"), [y], b.tensor([1, 4, 4, 8], Quantization(scale: 1 / 128, zeroPoint: 0)))
    try expectLayers(&b, [b.sum(tanh, x)], ["CONV_2D + TANH", "ADD"])
  }

  @Test func aTensorAndItself() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let z = b.sum(y, y)
    try expectLayers(&b, [z], ["CONV_2D", "ADD"])
    let flat = b.reshape(y, [16, 8])
    try expectLayers(&b, [b.sum(flat, b.reshape(y, [16, 8])), z], ["CONV_2D", "ADD", "ADD"])
  }

  /// A constant per channel is an operand in the parameters; one that differs from pixel to pixel is not.
  @Test func constants() throws {
    for (shape, fuses) in [([1], true), ([8], true), ([4, 8], false), ([4, 4, 8], false)] {
      for isFirst in [false, true] {
        var b = GraphBuilder()
        let x = b.input([1, 4, 4, 8])
        let y = try required(b.convolution(x, channels: 8, kernel: (3, 3), groups: 2))
        let c = b.constant(shape, b.tensors[y].quantization)
        let z = isFirst ? b.sum(c, y) : b.sum(y, c)
        try expectLayers(&b, [z], (fuses ? ["CONV_2D + ADD"] : ["CONV_2D", "ADD"]), "\(shape)")
      }
    }
    // Layers without weights of their own have one word for all channels.
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8])
    let pool = try required(b.averagePool(x, kernel: (2, 2), stride: (1, 1), padding: .same))
    try expectLayers(&b, [b.sum(pool, b.constant([8], b.tensors[x].quantization))], ["AVERAGE_POOL_2D", "ADD"])
  }

  @Test func otherLayersThatAdd() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8]), y = b.input([1, 8, 8, 8])
    let pool = try required(b.averagePool(y, kernel: (2, 2), stride: (2, 2), padding: .valid))
    let padded = b.pad(b.slice(x, [0, 0, 0, 0], [1, 4, 4, 6]), [(0, 0), (0, 0), (0, 0), (1, 1)])
    let whole = b.concatenation([b.slice(x, [0, 0, 0, 4], [1, 4, 4, 4]), b.slice(x, [0, 0, 0, 0], [1, 4, 4, 4])], axis: 3)
    let turned = b.transpose(x, [0, 2, 1, 3]), transposed = b.transposeConvolution(x, channels: 8, kernel: (3, 3), stride: (2, 2))
    let sums = [b.sum(pool, x), b.sum(x, padded), b.sum(whole, x), b.sum(turned, x), b.sum(y, transposed)]
    let layers = try exactLayers(&b, sums)
    for name in ["AVERAGE_POOL_2D", "PAD", "CONCATENATION", "TRANSPOSE", "TRANSPOSE_CONV"] { #expect(layers.contains("\(name) + ADD"), "\(layers)") }
  }

  @Test func differences() throws {
    for swaps in [false, true] {
      var b = GraphBuilder()
      let x = b.input([1, 4, 4, 8])
      let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
      let z = b.add(Addition(isSubtraction: true), swaps ? [x, y] : [y, x], b.tensor([1, 4, 4, 8], Quantization(scale: 0.3, zeroPoint: 3)))
      try expectLayers(&b, [z], ["CONV_2D + SUB"])
    }
  }

  @Test func randomNetworks() {
    expectExactNetworks(
      "additions", [.add, .add, .add, .subtract, .addConstant, .convolution, .depthwise, .averagePool, .unary, .pad])
  }
}
