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

  /// Weights beyond int8 come digit by digit, in hardware that has digits only for networks with such sizes.
  @Test(arguments: [(1, 5, 1, 9, 1), (5, 7, 9, 13, 3), (4, 6, 3, 5, 5), (3, 2, 7, 5, 20)])
  func weightsBeyondInt8(_ height: Int, _ width: Int, _ toHeight: Int, _ toWidth: Int, _ channels: Int) throws {
    for operation in [ResizeBilinear(), ResizeBilinear(halfPixelCenters: true), ResizeBilinear(alignsCorners: true)] {
      var b = GraphBuilder(seed: height)
      let y = resized(&b, b.input([2, height, width, channels]), (toHeight, toWidth), operation)
      try expectExact(&b, outputs: [y], "\(operation)")
    }
    var b = GraphBuilder(seed: 1)
    let x = b.input([1, 3, 3, 2])
    let wide = resized(&b, x, (5, 7), ResizeBilinear(halfPixelCenters: true)), graph = b.graph(outputs: [wide])
    #expect(try Mapper.map(graph, for: .edge64).hardware.extensions == .digits)
    var other = GraphBuilder(seed: 1)
    let doubled = resized(&other, other.input([1, 3, 3, 2]), (6, 6), ResizeBilinear())
    let without = try Mapper.map(other.graph(outputs: [doubled]), for: .edge64).hardware
    #expect(without.extensions == [])
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "the network has weights of more than 8 bits, the hardware has no digits; make hardware for this network")
    ) { try Mapper.map(graph, on: without) }
  }
}
