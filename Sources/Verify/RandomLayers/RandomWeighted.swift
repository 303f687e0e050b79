// Random layers with weights: convolutions of all kinds, fully connected ones, and what is fused behind them.

import Model

extension NetworkBuilder {
  /// How the layer's window slides over an image.
  func window(_ shape: [Int], _ padding: Padding) -> WindowGeometry2D {
    WindowGeometry2D(
      rows: WindowGeometry(
        input: shape[1], filter: layer.kernelHeight, stride: layer.strideHeight, dilation: layer.dilationHeight, padding: padding),
      columns: WindowGeometry(
        input: shape[2], filter: layer.kernelWidth, stride: layer.strideWidth, dilation: layer.dilationWidth, padding: padding))
  }

  mutating func addWeighted(_ source: Int) -> Int {
    let l = layer, shape = tensors[source].shape, inputScale = tensors[source].scale
    switch l.kind {
    case .depthwise:
      let channels = l.channels * l.outputs, geometry = window(shape, l.padding)
      return weighted(
        DepthwiseConvolution2D(
          strideHeight: l.strideHeight, strideWidth: l.strideWidth, dilationHeight: l.dilationHeight, dilationWidth: l.dilationWidth,
          padding: l.padding, activation: l.activationValue, depthMultiplier: l.outputs),
        source, weights: [1, l.kernelHeight, l.kernelWidth, channels], dimension: 3,
        output: [1, geometry.rows.output, geometry.columns.output, channels], terms: l.kernelHeight * l.kernelWidth)
    case .fullyConnected:
      let terms = l.height * l.width * l.channels
      return weighted(
        FullyConnected(activation: l.activationValue), source, weights: [l.outputs, terms], dimension: 0, output: [1, l.outputs], terms: terms)
    case .transposeConvolution:
      func size(_ input: Int, _ kernel: Int, _ stride: Int) -> Int { l.same ? input * stride : (input - 1) * stride + kernel }
      let output = [1, size(shape[1], l.kernelHeight, l.strideHeight), size(shape[2], l.kernelWidth, l.strideWidth), l.outputs]
      let terms = l.kernelHeight * l.kernelWidth * l.channels
      let p = parameters(
        [l.outputs, l.kernelHeight, l.kernelWidth, l.channels], channels: l.outputs, dimension: 0, perChannel: l.perChannel,
        input: inputScale, terms: terms)
      let sizes = integers("sizes", [4], output.map { Int32($0) })
      let result = tensor("output", output, outputScale(inputScale, p.scale, terms: terms), l.outputZero)
      node(
        TransposeConvolution(strideHeight: l.strideHeight, strideWidth: l.strideWidth, padding: l.padding),
        [sizes, p.weights, source] + (p.bias.map { [$0] } ?? []), result)
      return result
    default:
      return addConvolution(source, groups: l.kind == .groupedConvolution ? 2 + Int(l.seed % 3) : 1)
    }
  }

  /// A convolution with what comes before or behind it.
  private mutating func addConvolution(_ source: Int, groups: Int) -> Int {
    let l = layer
    var (source, padding) = (source, l.padding)
    if l.kind == .paddedConvolution {
      source = padded(source, (0..<4).map { _ in Int32.random(in: 0...3, using: &random) }, value: nil)
      padding = .valid
    }
    let geometry = window(tensors[source].shape, padding)
    let isLast = ![.convolutionAdd, .convolutionProduct, .convolutionTable].contains(l.kind)
    let convolved = weighted(
      Convolution2D(
        strideHeight: l.strideHeight, strideWidth: l.strideWidth, dilationHeight: l.dilationHeight, dilationWidth: l.dilationWidth,
        padding: padding, activation: isLast ? l.activationValue : .none),
      source, weights: [l.outputs, l.kernelHeight, l.kernelWidth, l.channels / groups], dimension: 0,
      output: [1, geometry.rows.output, geometry.columns.output, l.outputs], terms: l.kernelHeight * l.kernelWidth * l.channels / groups)
    switch l.kind {
    case .convolutionAdd: return addSum(convolved, swapped: l.seed & 1 != 0, subtracts: l.seed & 8 != 0, zero: l.inputZero)
    case .convolutionProduct: return addProduct(convolved, swapped: l.seed & 1 != 0, zero: l.inputZero)
    case .convolutionTable: return addFunction(of: convolved)
    default: return convolved
    }
  }

  /// A node with weights and perhaps a bias.
  private mutating func weighted(
    _ operation: any Model.Operation, _ source: Int, weights: [Int], dimension: Int, output: [Int], terms: Int
  ) -> Int {
    let inputScale = tensors[source].scale
    let p = parameters(
      weights, channels: weights[dimension], dimension: dimension, perChannel: layer.perChannel, input: inputScale, terms: terms)
    let result = tensor("output", output, outputScale(inputScale, p.scale, terms: terms), layer.outputZero)
    node(operation, [source, p.weights] + (p.bias.map { [$0] } ?? []), result)
    return result
  }
}
