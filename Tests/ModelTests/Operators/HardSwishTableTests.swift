import Model
import Testing

@Suite struct HardSwishTableTests {
  @Test func followsTheFunction() {
    for (scale, zero, output) in [(Float(1) / 16, 0, Float(1) / 16), (0.05, -30, 0.03), (0.01, 127, 0.01)] {
      let layer = graph(
        UnaryFunction("HARD_SWISH"), [activation([1], scale: scale, zeroPoint: zero)], output: activation([1], scale: output, zeroPoint: -100))
      let table = UnaryFunction("HARD_SWISH").table(layer.nodes[0], in: layer)
      for value in -128...127 {
        let x = Double(scale) * Double(value - zero)
        let real = x * min(max(x + 3, 0), 6) / 6 / Double(output) - 100
        #expect(abs(Double(table[value + 128]) - min(max(real, -128), 127)) <= 1.5)
      }
    }
  }

  @Test func scalesAreChecked() {
    let steep = graph(UnaryFunction("HARD_SWISH"), [activation([1], scale: 1)], output: activation([1], scale: 1 / 256))
    #expect(validationError(steep).message.contains("input scale/output scale is 256.0, HARD_SWISH can do less than 128"))
  }
}
