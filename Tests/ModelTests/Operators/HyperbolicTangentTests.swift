import Model
import Testing

@Suite struct HyperbolicTangentTests {
  @Test func followsTheFunctionAndIsOdd() {
    for scale in [Float(1) / 16, 0.1, 0.003] {
      let layer = graph(HyperbolicTangent(), [activation([1], scale: scale)], output: activation([1], scale: 1 / 128))
      let table = HyperbolicTangent().table(layer.nodes[0], in: layer)
      for value in -128...127 {
        let e = exponential(-2 * Double(scale) * Double(value))
        #expect(abs(Double(table[value + 128]) - min(128 * (1 - e) / (1 + e), 127)) <= 1)
        if (1...127).contains(value) { #expect(max(Int(table[128 - value]), -127) == -Int(table[128 + value])) }
      }
    }
  }

  @Test func theOutputIsFixed() {
    let wrong = validationError(graph(HyperbolicTangent(), [activation([1])], output: activation([1], scale: 1 / 256, zeroPoint: -128)))
    #expect(wrong.message.contains("int8 TANH output must have scale 1/128 and zero point 0, has 0.00390625 and -128"))
  }
}
