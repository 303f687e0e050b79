import Model
import Testing

@Suite struct SigmoidTableTests {
  private func layer(scale: Float, zeroPoint: Int = 0, output: Tensor = activation([1], scale: 1 / 256, zeroPoint: -128)) -> Graph {
    graph(UnaryFunction("LOGISTIC"), [activation([1], scale: scale, zeroPoint: zeroPoint)], output: output)
  }

  /// Within one step of the real function, and half exactly at the zero point.
  @Test func logisticFollowsTheFunction() {
    for (scale, zero) in [(Float(1) / 16, 0), (0.1, 20), (0.003, -128)] {
      let layer = layer(scale: scale, zeroPoint: zero)
      let table = UnaryFunction("LOGISTIC").table(layer.nodes[0], in: layer)
      #expect(table[zero + 128] == 0)
      for value in -128...127 {
        let real = 256 / (1 + exponential(-Double(scale) * Double(value - zero))) - 128
        #expect(abs(Double(table[value + 128]) - min(real, 127)) <= 1)
      }
    }
  }

  @Test func theEndsSaturate() {
    let layer = layer(scale: 1)
    let table = UnaryFunction("LOGISTIC").table(layer.nodes[0], in: layer)
    #expect(table[128 - 15] == -128 && table[128 + 15] == 127 && table[0] == -128 && table[255] == 127)
  }

  @Test func theOutputOfALogisticFunctionIsFixed() {
    let wrong = validationError(layer(scale: 1, output: activation([1], scale: 1 / 128, zeroPoint: 0)))
    #expect(wrong.category == .invalidQuantization)
    #expect(wrong.message.contains("int8 LOGISTIC output must have scale 1/256 and zero point -128, has 0.0078125 and 0"))
    #expect(validationError(layer(scale: 1e20)).category == .invalidQuantization)
  }

  @Test func hyperbolicTangentFollowsTheFunctionAndIsOdd() {
    for scale in [Float(1) / 16, 0.1, 0.003] {
      let layer = graph(UnaryFunction("TANH"), [activation([1], scale: scale)], output: activation([1], scale: 1 / 128))
      let table = UnaryFunction("TANH").table(layer.nodes[0], in: layer)
      for value in -128...127 {
        let e = exponential(-2 * Double(scale) * Double(value))
        #expect(abs(Double(table[value + 128]) - min(128 * (1 - e) / (1 + e), 127)) <= 1)
        if (1...127).contains(value) { #expect(max(Int(table[128 - value]), -127) == -Int(table[128 + value])) }
      }
    }
  }

  @Test func theOutputOfAHyperbolicTangentIsFixed() {
    let wrong = validationError(graph(UnaryFunction("TANH"), [activation([1])], output: activation([1], scale: 1 / 256, zeroPoint: -128)))
    #expect(wrong.message.contains("int8 TANH output must have scale 1/128 and zero point 0, has 0.00390625 and -128"))
  }
}

/// e^x by its series, halved until it converges fast.
func exponential(_ x: Double) -> Double {
  if abs(x) > 0.5 {
    let half = exponential(x / 2)
    return half * half
  }
  return (1...20).reversed().reduce(1) { 1 + x * $0 / Double($1) }
}
