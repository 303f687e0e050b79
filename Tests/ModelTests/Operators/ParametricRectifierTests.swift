import Model
import Testing

@Suite struct ParametricRectifierTests {
  private func layer(_ input: Tensor, _ factors: Tensor, _ output: Tensor) -> Graph { graph(ParametricRectifier(), [input, factors], output: output) }

  /// A factor of 1/4, of −1/2 and of 0, each for a channel.
  @Test func everyChannelHasAFactor() throws {
    let rectifier = layer(activation([2, 3], zeroPoint: 10), weights([3], [3, 0, 2], scale: 0.25, zeroPoint: 2), activation([2, 3], scale: 0.5, zeroPoint: -20))
    #expect(try run(rectifier, [2, 2, 2, 11, 10, 127]) == [-24, -12, -20, -18, -20, 127])
  }

  /// Products, limits and a sum are as good as the rectifier, for every byte and factors of both signs or of one.
  @Test(arguments: [-128, -5, 127], [-128, 3, 127]) func aSumOfProductsComputesIt(_ zero: Int, _ outputZero: Int) throws {
    for factorZero in [-128, 0] {
      let factors = weights([5], [-128, -1, 0, 64, 127], scale: 0.01, zeroPoint: factorZero)
      for scale in [Float(0.031), 0.05, 0.1] {
        let layer = layer(
          activation([256, 5], scale: 0.05, zeroPoint: zero), factors, activation([256, 5], scale: scale, zeroPoint: outputZero))
        let parts = layer.decomposed
        try parts.validate()
        #expect(
          parts.nodes.map(\.operation.name)
            == (factorZero == 0 ? ["MUL", "MAXIMUM", "MINIMUM", "MUL", "ADD"] : ["MUL", "MAXIMUM", "MUL", "MINIMUM", "ADD"]))
        let values = (-128...127).flatMap { [Int8](repeating: Int8($0), count: 5) }
        #expect(try run(parts, values) == run(layer, values))
      }
    }
  }

  @Test func whatIsNotSupportedIsRefused() {
    let x = activation([2, 3])
    func refused(_ factors: Tensor, _ output: Tensor? = nil) -> String { validationError(layer(x, factors, output ?? x)).message }
    #expect(refused(activation([3])) == "factors that are computed are not supported (operator 0 PRELU, tensor 1 't')")
    #expect(refused(weights([2], [1, 1])) == "factors of shape 2 do not broadcast to the input 2x3 (operator 0 PRELU, tensor 1 'w')")
    #expect(refused(weights([1], [1]), activation([3, 2])).hasPrefix("output shape is 3x2, but 2x3 is computed"))
    #expect(refused(weights([1], [1], scale: 1e30), activation([2, 3], scale: 1e-5)).hasPrefix("multiplier input scale·factor scale/output scale = "))
    #expect(refused(weights([1], [1]), activation([2, 3], scale: 1e-30)).hasPrefix("multiplier input scale/output scale = "))
    let constant = layer(weights([2, 3], [1, 2, 3, 4, 5, 6]), weights([1], [1]), x)
    let error = #expect(throws: ModelError.self) { try ParametricRectifier().validate(constant.nodes[0], in: constant) }
    #expect(error?.message.hasPrefix("a constant input is not supported") == true)
  }
}
