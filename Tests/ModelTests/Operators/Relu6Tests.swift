import Model
import Testing

@Suite struct Relu6Tests {
  @Test func rescalesAndClampsAtSix() throws {
    let layer = graph(Relu6(), [activation([4])], output: activation([4], scale: 0.25, zeroPoint: -20))
    #expect(try run(layer, [-1, 0, 3, 7]) == [-20, -20, -8, 4])
    #expect(Relu6().table(layer.nodes[0], in: layer).max() == 4)
  }
}
