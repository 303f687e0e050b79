import Machine
import Model
import Testing

@testable import Mapper

@Suite struct ParametricRectifierTests {
  /// Two layers where no factor is negative, else three; one with a single factor.
  @Test(arguments: [-128, 0]) func productsLimitsAndASum(_ factorZero: Int) throws {
    for shape in [[6], [1, 1, 6], [1]] {
      var b = GraphBuilder(seed: factorZero + 9)
      let x = b.input([1, 3, 5, 6])
      let factors = b.constant(shape, Quantization(scale: 0.005, zeroPoint: factorZero))
      b.tensors[factors].constant?[0] = 0x90
      let y = b.add(ParametricRectifier(), [x, factors], b.tensor([1, 3, 5, 6], Quantization(scale: b.tensors[x].scale * 0.7, zeroPoint: b.zero())))
      // With one factor for all channels it is a function of a byte.
      let layers = switch (shape, factorZero) {
      case ([1], -128): ["MUL + MAXIMUM + MUL + MINIMUM + ADD"]
      case ([1], _): ["MUL + MAXIMUM + MINIMUM + MUL + ADD"]
      case (_, -128): ["MUL + MAXIMUM", "MUL + MINIMUM + ADD"]
      default: ["MUL + MAXIMUM", "MINIMUM", "MUL + ADD"]
      }
      try expectLayers(&b, [y], layers, "\(shape)")
      try expectExact(&b, outputs: [y], "\(shape)")
    }
  }

  /// Without the post unit's additions the scalar unit adds, behind the layers that make both sides.
  @Test func withoutResidualAdditions() throws {
    var configuration = Configuration.edge16
    configuration.units.residual = false
    var b = GraphBuilder(seed: 3)
    let x = b.input([1, 3, 5, 6])
    let factors = b.constant([6], Quantization(scale: 0.005, zeroPoint: 0))
    let y = b.add(ParametricRectifier(), [x, factors], b.tensor([1, 3, 5, 6]))
    let z = b.add(Maximum(), [y, b.constant([6], b.tensors[y].quantization)], b.like(y, [1, 3, 5, 6]))
    let mapping = try expectExact(b.graph(outputs: [z]), configuration, inputs: b.samples())
    #expect(mapping.layers.map(\.operatorName) == ["MUL + MAXIMUM", "MINIMUM", "MUL", "ADD", "SUB", "ADD"])
  }
}
