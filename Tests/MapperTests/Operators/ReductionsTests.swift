import Machine
import Model
import Testing

@testable import Mapper

@Suite struct ReductionsTests {
  /// A reduction of `x` along `axes`.
  private func reduction(_ b: inout GraphBuilder, _ kind: Reduction.Kind, _ x: Int, _ axes: [Int], keep: Bool = false) -> Int {
    let shape = b.tensors[x].shape, count = axes.reduce(1) { $0 * shape[$1] }
    let result = shape.enumerated().compactMap { axes.contains($0) ? keep ? 1 : nil : $1 }
    let scale = b.tensors[x].scale * (kind == .sum ? Float(count).squareRoot() : 1) * b.scale(0.3...1.5)
    let quantization = Quantization(scale: scale, zeroPoint: .random(in: -40...40, using: &b.random))
    let y = b.tensor(result, kind == .mean || kind == .sum ? quantization : b.tensors[x].quantization)
    return b.add(Reduction(kind, keepDimensions: keep), [x, b.indices(axes, [axes.count])], y)
  }

  /// Every set of dimensions of tensors of rank 1 to 5.
  @Test(arguments: [[7], [6, 5], [2, 3, 4], [2, 3, 5, 4], [1, 4, 6, 3], [2, 3, 2, 3, 5], [3, 1, 4, 1, 2]]) func everySetOfDimensions(_ shape: [Int]) throws {
    for set in 1..<1 << shape.count {
      let axes = shape.indices.filter { set >> $0 & 1 == 1 }
      var b = GraphBuilder(seed: set)
      let x = b.input(shape)
      let kinds = Reduction.Kind.allCases.map { reduction(&b, $0, x, axes, keep: set & 1 == 0) }
      try expectExact(&b, outputs: kinds, "\(shape) along \(axes)", configurations: [.edge16, .odd])
    }
  }

  @Test func windowsStandForDimensions() throws {
    func fold(_ shape: [Int], _ reduced: Set<Int>, byteChannels: Bool = false) throws -> (input: [Int], output: [Int], window: Window) {
      let fold = try required(ReductionFold(shape, reduced, byteChannels: byteChannels))
      return (fold.inputShape, fold.outputShape, fold.window)
    }
    // Height and width of an image.
    let image = try fold([1, 5, 4, 3], [1, 2])
    #expect(image.input == [1, 5, 4, 3] && image.output == [1, 1, 1, 3] && image.window.kernelHeight == 5 && image.window.kernelWidth == 4)
    // Of several images: a row each.
    let images = try fold([2, 5, 4, 3], [1, 2])
    #expect(images.input == [1, 2, 20, 3] && images.output == [1, 2, 1, 3] && images.window.kernelHeight == 1 && images.window.kernelWidth == 20)
    // All channels of every pixel; for a maximum they are columns of one byte.
    let channels = try fold([1, 5, 4, 3], [3])
    #expect(channels.input == [1, 5, 4, 3] && channels.output == [1, 5, 4, 1] && channels.window.taps == 1)
    let bytes = try fold([1, 5, 4, 3], [3], byteChannels: true)
    #expect(bytes.input == [1, 20, 3, 1] && bytes.output == [1, 20, 1, 1] && bytes.window.kernelWidth == 3)
    // Windows with gaps, windows side by side, and both.
    let gaps = try fold([2, 3, 4, 5, 6], [0, 2, 4])
    #expect(gaps.input == [1, 6, 20, 6] && gaps.output == [1, 3, 5, 1])
    #expect(gaps.window.dilationY == 3 && gaps.window.dilationX == 5 && gaps.window.kernelHeight == 2 && gaps.window.kernelWidth == 4)
    let beside = try fold([2, 3, 4, 5, 6], [1, 3])
    #expect(beside.input == [1, 6, 20, 6] && beside.output == [1, 2, 4, 6])
    #expect(beside.window.strideY == 3 && beside.window.strideX == 5 && beside.window.dilationX == 1)
    // One more that stays is images, one more that is reduced too many.
    #expect(try fold([2, 2, 2, 2, 2, 2], [1, 3, 5]).input == [2, 4, 4, 2])
    #expect(ReductionFold([2, 2, 2, 2, 2, 2], [0, 2, 4], byteChannels: false) == nil)
  }

  @Test func tooManyTurnsAreRefused() throws {
    var b = GraphBuilder()
    let y = reduction(&b, .mean, b.input([2, 2, 2, 2, 2, 2]), [0, 2, 4])
    let error = try #require(throws: MappingError.self) { try Mapper.map(b.graph(outputs: [y]), for: .edge64) }
    #expect(
      error.message == "operator 0 MEAN, tensor 1 't1': reducing dimensions [0, 2, 4] of rank 6 in turns is not supported by the hardware; "
        + "transpose before it, so that reduced dimensions are neighbours")
  }

  /// A maximum of one element is a copy, and needs no copy.
  @Test func nothingToReduce() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 3])
    let v = try required(b.convolution(x, channels: 5, kernel: (3, 3)))
    let most = reduction(&b, .maximum, v, [0])
    let y = reduction(&b, .sum, most, [0])
    try expectLayers(&b, [y], ["CONV_2D", "SUM"])
  }
}
