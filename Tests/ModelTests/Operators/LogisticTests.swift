import Model
import Testing

@Suite struct LogisticTests {
  private func layer(scale: Float, zeroPoint: Int = 0, output: Tensor = activation([1], scale: 1 / 256, zeroPoint: -128)) -> Graph {
    graph(Logistic(), [activation([1], scale: scale, zeroPoint: zeroPoint)], output: output)
  }

  /// Within one step of the real function, and half exactly at the zero point.
  @Test func followsTheFunction() {
    for (scale, zero) in [(Float(1) / 16, 0), (0.1, 20), (0.003, -128)] {
      let layer = layer(scale: scale, zeroPoint: zero)
      let table = Logistic().table(layer.nodes[0], in: layer)
      #expect(table[zero + 128] == 0)
      for value in -128...127 {
        let real = 256 / (1 + exponential(-Double(scale) * Double(value - zero))) - 128
        #expect(abs(Double(table[value + 128]) - min(real, 127)) <= 1)
      }
    }
  }

  @Test func theEndsSaturate() {
    let layer = layer(scale: 1)
    let table = Logistic().table(layer.nodes[0], in: layer)
    #expect(table[128 - 15] == -128 && table[128 + 15] == 127 && table[0] == -128 && table[255] == 127)
  }

  @Test func theOutputIsFixed() {
    let wrong = validationError(layer(scale: 1, output: activation([1], scale: 1 / 128, zeroPoint: 0)))
    #expect(wrong.category == .invalidQuantization)
    #expect(wrong.message.contains("int8 LOGISTIC output must have scale 1/256 and zero point -128, has 0.0078125 and 0"))
    #expect(validationError(layer(scale: 1e20)).category == .invalidQuantization)
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
