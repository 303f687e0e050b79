// The network of a random layer: tensors, weights, scales and inputs, drawn from the layer's seed.

import Foundation
import Model

extension RandomLayer {
  /// The inputs of one inference.
  public func inputBytes(_ graph: Graph) -> [[UInt8]] {
    var random = SplitMix64(seed: seed ^ 0xA5A5_5A5A)
    return graph.inputs.map { tensor in
      bytes(graph.tensors[tensor].byteCount, inputs, &random).map { UInt8(bitPattern: $0) }
    }
  }

  fileprivate func bytes(_ count: Int, _ values: Values, _ random: inout SplitMix64) -> [Int8] {
    (0..<count).map { _ in
      let bits = random.next()
      return switch values {
      case .uniform: Int8(truncatingIfNeeded: bits >> 24)
      case .rails: bits & 4 == 0 ? -128 : 127
      case .sparse: bits & 0xF00 == 0 ? Int8(truncatingIfNeeded: bits >> 24) : 0
      case .constant: 127
      }
    }
  }

  /// The network.
  /// - Throws: `ModelError` when the numbers give none that validates.
  public func graph() throws(ModelError) -> Graph {
    var builder = NetworkBuilder(self)
    let graph = builder.build()
    try graph.validate()
    return graph
  }
}

/// Builds the network tensor by tensor.
private struct NetworkBuilder {
  let layer: RandomLayer
  var random: SplitMix64
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  var inputs: [Int] = []

  init(_ layer: RandomLayer) {
    self.layer = layer
    random = SplitMix64(seed: layer.seed ^ 0x5EED)
  }

  mutating func tensor(_ name: String, _ shape: [Int], _ scale: Float, _ zero: Int) -> Int {
    tensors.append(Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero)))
    return tensors.count - 1
  }

  mutating func integers(_ name: String, _ shape: [Int], _ values: [Int32], _ quantization: Quantization = .none) -> Int {
    let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    tensors.append(Tensor(name: name, shape: shape, type: .int32, quantization: quantization, constant: bytes))
    return tensors.count - 1
  }

  mutating func node(_ operation: any Model.Operation, _ inputs: [Int], _ output: Int) {
    nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: [output]))
  }

  /// A scale near `size`, or the power of two near it.
  mutating func scale(_ size: Double) -> Float {
    let random = exp2(Double.random(in: -1...1, using: &self.random))
    return layer.scales == .ties ? Float(exp2(log2(size).rounded())) : Float(size * random)
  }

  /// The output scale for sums of `terms` products.
  mutating func outputScale(_ input: Float, _ weight: Float, terms: Int) -> Float {
    let spread = Double(input) * Double(weight) * 60 * 60 * Double(terms).squareRoot() / 60
    return switch layer.scales {
    case .fitting, .ties: scale(spread)
    case .saturating: scale(spread / 256)
    case .magnifying: scale(min(spread / 64, Double(input) * Double(weight) / 3))
    }
  }

  /// Weights with their scales, and a bias.
  mutating func parameters(_ shape: [Int], channels: Int, dimension: Int, perChannel: Bool, input: Float, terms: Int) -> (weights: Int, bias: Int?, scale: Float) {
    let base = scale(0.01)
    let scales = perChannel
      ? (0..<channels).map { _ in layer.scales == .ties ? base * Float(exp2(Double(Int.random(in: -2...2, using: &random)))) : base * Float(exp2(Double.random(in: -2...2, using: &random))) }
      : [base]
    let count = shape.reduce(1, *)
    var values = layer.bytes(count, layer.weights, &random)
    if layer.weights == .sparse {
      // Channels of zeros: their outputs are constant.
      let stride = dimension == 0 ? count / channels : 1
      for channel in 0..<channels where channel % 3 == 1 {
        for index in 0..<count where (dimension == 0 ? index / stride == channel : index % channels == channel) { values[index] = 0 }
      }
    }
    tensors.append(
      Tensor(
        name: "weights", shape: shape, type: .int8,
        quantization: Quantization(scales: scales, zeroPoints: scales.map { _ in 0 }, dimension: dimension),
        constant: values.map { UInt8(bitPattern: $0) }))
    let weights = tensors.count - 1
    guard layer.bias else { return (weights, nil, base) }
    let reach = Int32(clamping: 60 * 60 * (terms + 4))
    let bias = (0..<channels).map { _ in Int32.random(in: -reach...reach, using: &random) }
    let quantization = Quantization(
      scales: scales.map { $0 * input }, zeroPoints: scales.map { _ in 0 }, dimension: 0)
    return (weights, integers("bias", [channels], bias, quantization), base)
  }

  /// Scales of the second operand and the sum: near the first operand's or, for ties, in ratios that are powers of two,
  /// which make ties, or of small integers, which often have no affine form.
  mutating func additionScales(_ first: Float) -> (second: Float, sum: Float) {
    guard layer.scales == .ties else { return (scale(Double(first)), scale(Double(first) * 1.5)) }
    func ratio() -> Float {
      if layer.seed & 4 == 0 { return Float(exp2(Double(Int.random(in: -1...2, using: &random)))) }
      return Float(Int.random(in: 1...8, using: &random)) / Float(Int.random(in: 1...4, using: &random))
    }
    return (first * ratio(), first * ratio())
  }

  /// A function of one byte.
  mutating func addFunction(_ kind: RandomLayer.Kind, of x: Int) -> Int {
    let shape = tensors[x].shape, operation: any Model.Operation
    let y: Int
    switch kind {
    case .logistic: (operation, y) = (UnaryFunction("LOGISTIC"), tensor("output", shape, 1 / 256, -128))
    case .tanh: (operation, y) = (UnaryFunction("TANH"), tensor("output", shape, 1 / 128, 0))
    default: (operation, y) = (UnaryFunction("HARD_SWISH"), tensor("output", shape, scale(Double(tensors[x].scale)), layer.outputZero))
    }
    node(operation, [x], y)
    return y
  }

  mutating func build() -> Graph {
    let l = layer
    let inputScale = scale(0.05)
    var source = tensor("input", [1, l.height, l.width, l.channels], inputScale, l.inputZero)
    inputs.append(source)
    var shape = [1, l.height, l.width, l.channels]
    func window(_ shape: [Int], _ padding: Padding) -> WindowGeometry2D {
      WindowGeometry2D(
        rows: WindowGeometry(input: shape[1], filter: l.kernelHeight, stride: l.strideHeight, dilation: l.dilationHeight, padding: padding),
        columns: WindowGeometry(input: shape[2], filter: l.kernelWidth, stride: l.strideWidth, dilation: l.dilationWidth, padding: padding))
    }
    let output: Int
    switch l.kind {
    case .convolution, .convolutionAdd, .convolutionTable, .paddedConvolution:
      var padding = l.padding
      if l.kind == .paddedConvolution {
        let amounts = (0..<4).map { _ in Int32.random(in: 0...3, using: &random) }
        let table = integers("paddings", [4, 2], [0, 0] + amounts + [0, 0])
        shape = [1, l.height + Int(amounts[0] + amounts[1]), l.width + Int(amounts[2] + amounts[3]), l.channels]
        let padded = tensor("padded", shape, inputScale, l.inputZero)
        node(Pad(), [source, table], padded)
        source = padded
        padding = .valid
      }
      let terms = l.kernelHeight * l.kernelWidth * l.channels
      let p = parameters(
        [l.outputs, l.kernelHeight, l.kernelWidth, l.channels], channels: l.outputs, dimension: 0, perChannel: l.perChannel,
        input: inputScale, terms: terms)
      let geometry = window(shape, padding)
      let outputShape = [1, geometry.rows.output, geometry.columns.output, l.outputs]
      let convolved = tensor("convolved", outputShape, outputScale(inputScale, p.scale, terms: terms), l.outputZero)
      node(
        Convolution2D(
          strideHeight: l.strideHeight, strideWidth: l.strideWidth, dilationHeight: l.dilationHeight, dilationWidth: l.dilationWidth,
          padding: padding, activation: l.kind == .convolutionAdd || l.kind == .convolutionTable ? .none : l.activationValue),
        [source, p.weights] + (p.bias.map { [$0] } ?? []), convolved)
      if l.kind == .convolutionAdd {
        let (second, sum) = additionScales(tensors[convolved].scale)
        let other = tensor("other", outputShape, second, l.inputZero)
        inputs.append(other)
        output = tensor("sum", outputShape, sum, Int.random(in: -128...127, using: &random))
        node(Addition(activation: l.activationValue), l.seed & 1 == 0 ? [convolved, other] : [other, convolved], output)
      } else if l.kind == .convolutionTable {
        output = addFunction([.logistic, .tanh, .hardSwish][Int(l.seed % 3)], of: convolved)
      } else {
        output = convolved
      }
    case .depthwise:
      let terms = l.kernelHeight * l.kernelWidth, channels = l.channels * l.outputs
      let p = parameters(
        [1, l.kernelHeight, l.kernelWidth, channels], channels: channels, dimension: 3, perChannel: l.perChannel, input: inputScale,
        terms: terms)
      let geometry = window(shape, l.padding)
      output = tensor(
        "output", [1, geometry.rows.output, geometry.columns.output, channels], outputScale(inputScale, p.scale, terms: terms), l.outputZero)
      node(
        DepthwiseConvolution2D(
          strideHeight: l.strideHeight, strideWidth: l.strideWidth, dilationHeight: l.dilationHeight, dilationWidth: l.dilationWidth,
          padding: l.padding, activation: l.activationValue, depthMultiplier: l.outputs),
        [source, p.weights] + (p.bias.map { [$0] } ?? []), output)
    case .fullyConnected:
      let terms = l.height * l.width * l.channels
      let p = parameters([l.outputs, terms], channels: l.outputs, dimension: 0, perChannel: l.perChannel, input: inputScale, terms: terms)
      output = tensor("output", [1, l.outputs], outputScale(inputScale, p.scale, terms: terms), l.outputZero)
      node(FullyConnected(activation: l.activationValue), [source, p.weights] + (p.bias.map { [$0] } ?? []), output)
    case .add:
      let (second, sum) = additionScales(inputScale)
      let other = tensor("other", shape, second, l.outputZero)
      inputs.append(other)
      output = tensor("output", shape, sum, Int.random(in: -128...127, using: &random))
      node(Addition(activation: l.activationValue), [source, other], output)
    case .addConstant:
      let (second, sum) = additionScales(inputScale)
      let values = l.bytes(l.channels, l.weights, &random)
      tensors.append(
        Tensor(
          name: "constant", shape: [l.channels], type: .int8, quantization: Quantization(scale: second, zeroPoint: l.outputZero),
          constant: values.map { UInt8(bitPattern: $0) }))
      let constant = tensors.count - 1
      output = tensor("output", shape, sum, Int.random(in: -128...127, using: &random))
      node(Addition(activation: l.activationValue), [source, constant], output)
    case .averagePool, .maxPool:
      let geometry = window(shape, l.padding)
      output = tensor("output", [1, geometry.rows.output, geometry.columns.output, l.channels], inputScale, l.inputZero)
      let operation: any Model.Operation =
        l.kind == .averagePool
        ? AveragePool2D(
          filterHeight: l.kernelHeight, filterWidth: l.kernelWidth, strideHeight: l.strideHeight, strideWidth: l.strideWidth,
          padding: l.padding, activation: l.activationValue)
        : MaxPool2D(
          filterHeight: l.kernelHeight, filterWidth: l.kernelWidth, strideHeight: l.strideHeight, strideWidth: l.strideWidth,
          padding: l.padding, activation: l.activationValue)
      node(operation, [source], output)
    case .mean:
      let axes = integers("axes", [2], [1, 2])
      output = tensor("output", [1, l.channels], scale(0.05), l.outputZero)
      node(Mean(), [source, axes], output)
    case .softmax:
      output = tensor("output", shape, 1 / 256, -128)
      node(Softmax(beta: l.seed & 2 == 0 ? 1 : 0.5), [source], output)
    case .logistic, .tanh, .hardSwish:
      output = addFunction(l.kind, of: source)
    case .relu, .relu6:
      output = tensor("output", shape, scale(0.05), l.outputZero)
      node(l.kind == .relu ? UnaryFunction("RELU") : UnaryFunction("RELU6") as any Model.Operation, [source], output)
    }
    return Graph(name: l.kind.rawValue, tensors: tensors, nodes: nodes, inputs: inputs, outputs: [output])
  }
}
