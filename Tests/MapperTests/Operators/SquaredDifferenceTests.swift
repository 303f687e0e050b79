import Machine
import Model
import Testing

@testable import Mapper

@Suite struct SquaredDifferenceTests {
  private func squares(_ x1: Int, _ x2: Int, _ b: inout GraphBuilder, _ shape: [Int], _ factor: Float = 60) -> Int {
    let scale = max(b.tensors[x1].scale, b.tensors[x2].scale)
    return b.add(SquaredDifference(), [x1, x2], b.tensor(shape, Quantization(scale: scale * scale * factor, zeroPoint: -128)))
  }

  @Test func twoTensors() throws {
    for count in [1, 7, 4096, 4097] {
      var b = GraphBuilder(seed: count)
      let x = b.input([1, count]), y = b.input([1, count])
      try expectExact(&b, outputs: [squares(x, y, &b, [1, count]), squares(y, x, &b, [1, count], 0.3), squares(x, x, &b, [1, count])])
    }
  }

  /// A copy of what repeats, then the squares in its place.
  @Test(arguments: [[1, 6, 1], [1, 1, 10], [10], [1], [1, 6, 10]]) func whatRepeats(_ shape: [Int]) throws {
    var b = GraphBuilder(seed: shape.count)
    let x = b.input([1, 6, 10]), s = b.input(shape), c = b.constant(shape, b.tensors[x].quantization)
    var all = b
    try expectExact(
      &all, outputs: [
        squares(x, s, &all, [1, 6, 10]), squares(s, x, &all, [1, 6, 10]), squares(x, c, &all, [1, 6, 10]), squares(c, x, &all, [1, 6, 10]),
      ])
    var full = b
    let constant = full.constant([1, 6, 10], full.tensors[x].quantization)
    try expectExact(&full, outputs: [squares(s, constant, &full, [1, 6, 10]), squares(constant, s, &full, [1, 6, 10])])
    let y = squares(x, s, &b, [1, 6, 10]), repeats = shape != [1, 6, 10]
    let mapping = try Mapper.map(b.graph(outputs: [y]), for: .edge64)
    #expect(mapping.layers.count == (repeats ? 2 : 1) && mapping.hardware.extensions.contains(.products))
    // Layers around it: nothing moves into it, and nothing that reads it takes the copy for it.
    let z = b.add(UnaryFunction("RELU"), [y], b.like(y, [1, 6, 10])), f = b.fullyConnected(b.reshape(z, [6, 10]), channels: 4)
    try expectExact(&b, outputs: [f])
    try expectExact(&b, outputs: [f, b.concatenation([y, z], axis: 1)])
  }

  @Test func whatIsRefused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40]), y = b.input([1, 40])
    var small = b
    let z = squares(x, y, &b, [1, 40])
    var configuration = Configuration.edge64
    configuration.units.scalar = false
    let graph = b.graph(outputs: [z])
    #expect(
      throws: ConfigurationError(source: "edge64", message: "\"units.scalar\" is false, the network has SQUARED_DIFFERENCE; set it to true")
    ) { try Mapper.map(graph, for: configuration) }
    // Without lanes that add the scalar unit squares all the same.
    (configuration.units.scalar, configuration.units.residual) = (true, false)
    try expectExact(&b, outputs: [z], configurations: [configuration])
    let other = squares(x, y, &small, [1, 40], 1e-5), refused = small.graph(outputs: [other])
    let error = #expect(throws: MappingError.self) { try Mapper.map(refused, for: .edge64) }
    #expect(error?.message.contains("a difference of one step saturates") == true)
  }
}
