import Machine
import Model
import Testing

@testable import Mapper

@Suite struct ResizeBilinearTests {
  private func resized(_ b: inout GraphBuilder, _ x: Int, _ sizes: (Int, Int), _ operation: ResizeBilinear) -> Int {
    let shape = b.tensors[x].shape
    return b.add(operation, [x, b.indices([sizes.0, sizes.1], [2])], b.like(x, [shape[0], sizes.0, sizes.1, shape[3]]))
  }

  @Test func wholeFactors() throws {
    for (seed, factor) in [(1, 2), (2, 4), (3, 1), (4, 2)] {
      var b = GraphBuilder(seed: seed)
      let x = b.input([seed == 4 ? 2 : 1, 3, 5, [1, 7, 18, 3][seed - 1]])
      let outputs = [
        resized(&b, x, (3 * factor, 5 * factor), ResizeBilinear(halfPixelCenters: true)),
        resized(&b, x, (3 * factor, 5), ResizeBilinear()),
        resized(&b, x, (2 * factor + 1, 4 * factor + 1), ResizeBilinear(alignsCorners: true)),
      ]
      try expectExact(&b, outputs: outputs, "times \(factor)")
    }
  }

  /// Smaller images, and pixels that several outputs show.
  @Test func otherSizes() throws {
    var b = GraphBuilder(seed: 8)
    let x = b.input([1, 8, 4, 5])
    let outputs = [
      resized(&b, x, (4, 2), ResizeBilinear(halfPixelCenters: true)), resized(&b, x, (1, 1), ResizeBilinear(alignsCorners: true)),
      resized(&b, x, (2, 16), ResizeBilinear()),
    ]
    try expectExact(&b, outputs: outputs)
  }

  /// In the middle two phases, and a border on each side.
  @Test func outputsThatLieAlikeAreARun() {
    let runs = ResizeBilinear(halfPixelCenters: true).runs(4, 8)
    #expect(runs.map(\.weights) == [[1024], [256, 768], [768, 256], [1024]])
    #expect(runs.map(\.count) == [1, 3, 3, 1] && runs[1].to == 2 && runs[1].toStep == 2 && runs[1].from == 0 && runs[1].fromStep == 1)
    let aligned = ResizeBilinear(alignsCorners: true).runs(4, 7)
    #expect(aligned.map(\.weights) == [[1024], [512, 512]] && aligned.map(\.count) == [4, 3])
  }

  /// A border of zero points becomes padding, and what it can be counts: the product behind it is not constant.
  @Test func paddingBeforeIt() throws {
    var b = GraphBuilder(seed: 5)
    let x = b.input([1, 3, 3, 2])
    let least = b.constant([1], b.tensors[x].quantization)
    b.tensors[least].constant = [127]
    b.tensors[x].quantization.zeroPoints = [-50]
    b.tensors[least].quantization = b.tensors[x].quantization
    let high = b.add(Maximum(), [x, least], b.like(x, [1, 3, 3, 2]))
    let y = resized(&b, b.pad(high, [(0, 0), (1, 1), (1, 1), (0, 0)]), (10, 10), ResizeBilinear(halfPixelCenters: true))
    let one = b.constant([2, 1, 1, 2], Quantization(scales: [1, 1], zeroPoints: [0, 0], dimension: 0))
    let z = b.add(Convolution2D(), [y, one, b.bias(2, 10)], b.tensor([1, 10, 10, 2], Quantization(scale: b.tensors[x].scale * 100, zeroPoint: 0)))
    try expectExact(&b, outputs: [z])
  }

  @Test func weightsBeyondInt8AreRefused() throws {
    var b = GraphBuilder()
    let y = resized(&b, b.input([1, 1, 5, 1]), (1, 9), ResizeBilinear(halfPixelCenters: true))
    let error = try #require(throws: MappingError.self) { try Mapper.map(b.graph(outputs: [y]), for: .edge64) }
    #expect(
      error.message == "operator 0 RESIZE_BILINEAR, tensor 2 't2': resizing 1x5 to 1x9 needs the weights 683/1024, 341/1024, which int8 does not hold; "
        + "resize by 2 or 4, or keep the corners aligned from n to 2·n − 1 or 4·n − 3")
  }
}
