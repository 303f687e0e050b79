import Model
import Testing

@Suite struct TransposeConvolutionTests {
  private func layer(
    _ operation: TransposeConvolution, _ input: Tensor, _ filter: Tensor, _ bias: Tensor? = nil, output: Tensor
  ) -> Graph {
    graph(operation, [integers([output.shape.count], output.shape.map { Int32($0) }), filter, input, bias], output: output)
  }

  @Test func pixelsAddTheirWindows() throws {
    let valid = layer(
      TransposeConvolution(strideHeight: 1, strideWidth: 2, padding: .valid), activation([1, 1, 2, 1], zeroPoint: 1),
      weights([1, 1, 3, 1], [1, 2, 3]), integers([1], [10]), output: activation([1, 1, 5, 1], zeroPoint: 2))
    // 2 and 5 times (1, 2, 3), two apart, on 10 + 2.
    #expect(try run(valid, [3, 6]) == [14, 16, 12 + 6 + 5, 22, 27])
    let same = layer(
      TransposeConvolution(strideWidth: 2, activation: .relu), activation([1, 1, 2, 1]), weights([1, 1, 3, 1], [1, 2, 3]),
      output: activation([1, 1, 4, 1]))
    #expect(try run(same, [3, -6]) == [3, 6, 3, 0])
    let place = TransposeConvolution(strideWidth: 2).placement(same.nodes[0], in: same)
    #expect(place == (strideHeight: 1, strideWidth: 2, padTop: 0, padLeft: 0))
    #expect(same.multiplyAccumulates == 6)
  }

  /// Output pixel by output pixel, from the sentence about where an input pixel adds.
  @Test func randomLayersFollowTheDefinition() throws {
    var random = SplitMix64(seed: movementSeed)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(pick(-128...127)) } }
    for _ in 0..<40 {
      let (stride, kernel, size) = ((pick(1...3), pick(1...3)), (pick(1...4), pick(1...4)), (pick(1...4), pick(1...4)))
      let padding: Padding = pick(0...1) == 0 ? .same : .valid
      func result(_ size: Int, _ stride: Int, _ kernel: Int) -> Int {
        padding == .same ? size * stride - pick(0...(stride - 1)) : (size - 1) * stride + kernel + pick(0...(stride - 1))
      }
      let operation = TransposeConvolution(strideHeight: stride.0, strideWidth: stride.1, padding: padding, activation: .relu6)
      let (depth, channels, images) = (pick(1...4), pick(1...3), pick(1...2))
      let input = activation([images, size.0, size.1, depth], scale: 0.5, zeroPoint: pick(-128...127))
      let w = bytes(channels * kernel.0 * kernel.1 * depth), bias = (0..<channels).map { _ in Int32(pick(-2_000...2_000)) }
      var filter = weights([channels, kernel.0, kernel.1, depth], w)
      filter.quantization = Quantization(
        scales: (0..<channels).map { _ in Float(1 << pick(0...5)) / 8_192 }, zeroPoints: [Int](repeating: 0, count: channels))
      let shape = [images, result(size.0, stride.0, kernel.0), result(size.1, stride.1, kernel.1), channels]
      let output = activation(shape, scale: 0.5, zeroPoint: 3)
      let layer = layer(operation, input, filter, integers([channels], bias), output: output)
      let x = bytes(input.elementCount), y = try run(layer, x)
      let place = operation.placement(layer.nodes[0], in: layer), limits = operation.activation.limits(of: output)
      for position in y.indices {
        let at = indices(position, output.shape)
        var sum = bias[at[3]]
        for (row, column) in (0..<size.0).flatMap({ row in (0..<size.1).map { (row, $0) } }) {
          let ky = at[1] - row * place.strideHeight + place.padTop, kx = at[2] - column * place.strideWidth + place.padLeft
          guard (0..<kernel.0).contains(ky), (0..<kernel.1).contains(kx) else { continue }
          for c in 0..<depth {
            let value = Int32(x[((at[0] * size.0 + row) * size.1 + column) * depth + c]) - Int32(input.zeroPoint)
            sum += value * Int32(w[((at[3] * kernel.0 + ky) * kernel.1 + kx) * depth + c])
          }
        }
        let real = Double(filter.scale(ofChannel: at[3]))
        let scaled = multiplyByQuantizedMultiplier(sum, QuantizedMultiplier(real)) + 3
        let expected = Int8(min(max(scaled, limits.lowerBound), limits.upperBound))
        guard y[position] == expected else {
          #expect(y[position] == expected, "\(operation) of \(input.shape) to \(output.shape) at \(at), seed \(movementSeed)")
          break
        }
      }
    }
  }

  @Test func shapesAreChecked() {
    func error(
      _ operation: TransposeConvolution = TransposeConvolution(strideHeight: 2, strideWidth: 2), sizes: [Int32] = [1, 4, 4, 3],
      filter: [Int] = [3, 2, 2, 5], output: [Int] = [1, 4, 4, 3]
    ) -> String {
      validationError(
        graph(
          operation,
          [integers([4], sizes), weights(filter, [Int8](repeating: 1, count: filter.reduce(1, *))), activation([1, 2, 2, 5])],
          output: activation(output))
      ).message
    }
    #expect(error() == "the graph passed validation")
    #expect(error(sizes: [1, 4, 5, 3]).hasPrefix("the output shape is given as [1, 4, 5, 3], but the output has 1x4x4x3 "))
    #expect(error(filter: [3, 2, 2, 4]).hasPrefix("input channels 5 do not match filter channels 4 "))
    #expect(error(TransposeConvolution(strideHeight: 0)) == "stride is 0, must be at least 1 (operator 0 TRANSPOSE_CONV)")
    #expect(error(sizes: [1, 4, 6, 3], output: [1, 4, 6, 3])
      == "an output of shape 1x4x6x3 does not come from an input of shape 1x2x2x5 with SAME 2x2 windows of stride 2x2 "
      + "(operator 0 TRANSPOSE_CONV, tensor 3 't')")
    let computed = graph(
      TransposeConvolution(), [activation([4]), weights([1, 1, 1, 1], [1]), activation([1, 1, 1, 1])], output: activation([1, 1, 1, 1]))
    #expect(validationError(computed).message.hasPrefix("output sizes that are computed are not supported "))
  }
}
