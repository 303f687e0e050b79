import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MaximumTests {
  /// Every byte, alone: a layer of its own.
  @Test(arguments: [-128, -1, 0, 5, 127]) func everyByte(_ least: Int) throws {
    var b = GraphBuilder(seed: least + 200)
    let x = b.input([1, 256])
    let c = b.constant([1], b.tensors[x].quantization)
    b.tensors[c].constant = [UInt8(truncatingIfNeeded: least)]
    let y = b.add(Maximum(), least < 0 ? [c, x] : [x, c], b.like(x, [1, 256]))
    let mapping = try expectExact(b.graph(outputs: [y]), .edge64, inputs: [(0..<256).map { UInt8($0) }])
    #expect(mapping.byteTables.isEmpty)
  }

  /// Behind a layer it is that layer's lower limit.
  @Test func behindAConvolutionItCostsNothing() throws {
    var b = GraphBuilder(seed: 3)
    let x = b.input([1, 4, 4, 3])
    let v = try required(b.convolution(x, channels: 5, kernel: (3, 3)))
    let y = b.add(Maximum(), [v, b.constant([], b.tensors[v].quantization)], b.like(v, b.tensors[v].shape))
    try expectLayers(&b, [y], ["CONV_2D + MAXIMUM"])
    try expectExact(&b, outputs: [y])
  }

  @Test(arguments: [-128, -1, 0, 5, 127]) func everyByteBelow(_ most: Int) throws {
    var b = GraphBuilder(seed: most + 300)
    let x = b.input([1, 256])
    let c = b.constant([1], b.tensors[x].quantization)
    b.tensors[c].constant = [UInt8(truncatingIfNeeded: most)]
    let y = b.add(Maximum(isMinimum: true), [x, c], b.like(x, [1, 256]))
    try expectExact(b.graph(outputs: [y]), .edge64, inputs: [(0..<256).map { UInt8($0) }])
  }

  /// Two tensors, and constants that repeat: the first addition is the end of the layer that makes the first operand.
  @Test func tensorsAndConstants() throws {
    for isMinimum in [false, true] {
      var b = GraphBuilder(seed: 4)
      let x = b.input([1, 4, 4, 3])
      let a = try required(b.convolution(x, channels: 5, kernel: (3, 3))), c = try required(b.convolution(x, channels: 5, kernel: (1, 1)))
      b.tensors[c].quantization = b.tensors[a].quantization
      let extreme = b.add(Maximum(isMinimum: isMinimum), [a, c], b.like(a, b.tensors[a].shape))
      try expectLayers(&b, [extreme], isMinimum ? ["CONV_2D", "CONV_2D + SUB", "SUB"] : ["CONV_2D", "CONV_2D + SUB", "ADD"])
      for shape in [[5], [4, 1], [1, 4, 1, 1], [1, 4, 4, 5]] {
        var alone = b
        let limit = alone.constant(shape, alone.tensors[a].quantization)
        let limited = alone.add(Maximum(isMinimum: isMinimum), [extreme, limit], alone.like(a, alone.tensors[a].shape))
        try expectExact(&alone, outputs: [limited], "\(shape)")
      }
    }
  }
}
