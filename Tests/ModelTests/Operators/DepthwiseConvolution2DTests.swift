import Model
import Testing

@Suite struct DepthwiseConvolution2DTests {
  /// A depthwise convolution is a convolution with a filter that is zero outside its own channel.
  @Test func randomLayersAreSparseConvolutions() throws {
    var random = SplitMix64(seed: 12)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(pick(-128...127)) } }
    for _ in 0..<60 {
      let multiplier = pick(1...3)
      let operation = DepthwiseConvolution2D(
        strideHeight: pick(1...3), strideWidth: pick(1...3), dilationHeight: pick(1...2), dilationWidth: pick(1...2),
        padding: pick(0...1) == 0 ? .same : .valid, activation: Activation.allCases[pick(0...3)],
        depthMultiplier: multiplier)
      let shape = [pick(1...2), pick(3...8), pick(3...8), pick(1...5)]
      let (kh, kw, channels) = (pick(1...2), pick(1...2), shape[3] * multiplier)
      let values = bytes(kh * kw * channels)
      var sparse = [Int8](repeating: 0, count: channels * kh * kw * shape[3])
      for channel in 0..<channels {
        for tap in 0..<(kh * kw) {
          sparse[(channel * kh * kw + tap) * shape[3] + channel / multiplier] = values[tap * channels + channel]
        }
      }
      let scales = Quantization(
        scales: (0..<channels).map { _ in Float(1 << pick(0...5)) / 4_096 },
        zeroPoints: [Int](repeating: 0, count: channels), dimension: 3)
      var filter = weights([1, kh, kw, channels], values)
      filter.quantization = scales
      var dense = weights([channels, kh, kw, shape[3]], sparse)
      dense.quantization = scales
      dense.quantization.dimension = 0
      let input = activation(shape, scale: 0.5, zeroPoint: pick(-128...127))
      let bias = integers([channels], (0..<channels).map { _ in Int32(pick(-2_000...2_000)) })
      var layer = graph(operation, [input, filter, bias], output: activation([], scale: 0.5, zeroPoint: 3))
      let geometry = operation.geometry(layer.nodes[0], in: layer)
      layer.tensors[3].shape = [shape[0], geometry.rows.output, geometry.columns.output, channels]
      let convolution = Convolution2D(
        strideHeight: operation.strideHeight, strideWidth: operation.strideWidth,
        dilationHeight: operation.dilationHeight, dilationWidth: operation.dilationWidth, padding: operation.padding,
        activation: operation.activation)
      let reference = graph(convolution, [input, dense, bias], output: layer.tensors[3])
      let x = bytes(shape.reduce(1, *))
      #expect(try run(layer, x) == Convolution2DTests.definition(reference, convolution, x))
    }
  }

  @Test func shapesAreChecked() {
    func error(_ operation: DepthwiseConvolution2D, filter: [Int] = [1, 3, 3, 4]) -> ModelError {
      validationError(
        graph(
          operation,
          [activation([1, 4, 4, 2]), weights(filter, [Int8](repeating: 1, count: filter.reduce(1, *)))],
          output: activation([1, 4, 4, 4])))
    }
    #expect(error(DepthwiseConvolution2D(depthMultiplier: 2)).category == .unreadable)
    #expect(
      error(DepthwiseConvolution2D(depthMultiplier: 3)).message.hasPrefix(
        "filter channels 4 are not input channels 2 times depth multiplier 3"))
    #expect(error(DepthwiseConvolution2D(depthMultiplier: 0)).category == .invalidGraph)
    #expect(error(DepthwiseConvolution2D(depthMultiplier: .max)).category == .invalidShape)
    #expect(error(DepthwiseConvolution2D(depthMultiplier: 2), filter: [2, 3, 3, 4]).category == .invalidShape)
    #expect(error(DepthwiseConvolution2D(strideHeight: -1, depthMultiplier: 2)).category == .invalidGraph)
  }

  @Test func cost() {
    let layer = graph(
      DepthwiseConvolution2D(depthMultiplier: 2),
      [activation([1, 4, 4, 2]), weights([1, 3, 3, 4], [Int8](repeating: 1, count: 36))],
      output: activation([1, 4, 4, 4]))
    #expect(layer.multiplyAccumulates == 16 * 36)
  }
}
