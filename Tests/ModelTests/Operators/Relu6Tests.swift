import Model
import Testing

@Suite struct Relu6Tests {
  /// TensorFlow Lite Micro clamps bytes in the input's scale and rescales nothing.
  @Test func clampsTheStoredBytes() throws {
    let layer = graph(
      Relu6(), [activation([5], scale: 0.05, zeroPoint: 3)], output: activation([5], scale: 0.25, zeroPoint: -20))
    #expect(try run(layer, [-128, 3, 4, 123, 124]) == [3, 3, 4, 123, 123])
    #expect(Relu6().limits(layer.nodes[0], in: layer) == 3...123)
  }

  @Test func aTinyScaleHasNoUpperLimit() throws {
    let layer = graph(
      Relu6(), [activation([2], scale: .leastNonzeroMagnitude, zeroPoint: -5)], output: activation([2], scale: 1))
    #expect(try run(layer, [-6, 127]) == [-5, 127])
  }

  @Test func rescalesAndClampsAtSixWhereLiteRTIsTheReference() throws {
    var layer = graph(Relu6(), [activation([4])], output: activation([4], scale: 0.25, zeroPoint: -20))
    layer.reference = .litert
    #expect(try run(layer, [-1, 0, 3, 7]) == [-20, -20, -8, 4])
    #expect(Relu6().table(layer.nodes[0], in: layer).max() == 4)
  }
}
