// A random layer: a small network that exercises one layer of the hardware, described by a few numbers.
//
// The description is what is drawn at random, shrunk when it fails, and saved as a file; the network, with its
// weights and inputs, follows from it and its seed.

import Emit
import Foundation
import Model

/// A network of one layer, or of a few that the compiler makes into one.
public struct RandomLayer: Sendable, Equatable, Codable {
  /// What the layer is.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case convolution, depthwise, fullyConnected, add, addConstant
    /// A convolution whose result a second input is added to: one fused layer.
    case convolutionAdd
    case averagePool, maxPool, mean, softmax, relu, relu6, logistic, tanh, hardSwish
    /// A convolution and a function of a byte: one fused layer.
    case convolutionTable
    /// PAD, then a convolution.
    case paddedConvolution
  }
  /// How weights and inputs are drawn.
  public enum Values: String, Sendable, Codable, CaseIterable {
    case uniform
    /// −128 and 127 only: sums as large as they get.
    case rails
    /// Mostly zero, whole channels of zeros among them.
    case sparse
    /// All the greatest value.
    case constant
  }
  /// How scales are drawn.
  public enum Scales: String, Sendable, Codable, CaseIterable {
    /// Any, so that outputs use their range.
    case fitting
    /// Powers of two: rounding ties everywhere.
    case ties
    /// Outputs far beyond their range.
    case saturating
    /// Factors above one.
    case magnifying
  }

  public var kind: Kind
  public var seed: UInt64
  public var height: Int, width: Int, channels: Int, outputs: Int
  public var kernelHeight: Int, kernelWidth: Int, strideHeight: Int, strideWidth: Int
  public var dilationHeight: Int, dilationWidth: Int
  /// SAME padding, else VALID.
  public var same: Bool
  /// 0: none, 1: RELU, 2: RELU6, 3: RELU_N1_TO_1.
  public var activation: Int
  public var inputZero: Int, outputZero: Int
  public var perChannel: Bool, bias: Bool
  public var weights: Values, inputs: Values, scales: Scales

  /// Draws a layer.
  public init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func channelCount() -> Int {
      chance(50) ? Int.random(in: 1...20, using: &random) : Int.random(in: 1...130, using: &random)
    }
    func zeroPoint() -> Int { pick([-128, 127, 0, Int.random(in: -128...127, using: &random)]) }
    self.seed = seed
    kind = pick([.convolution, .convolution, .convolution, .depthwise, .depthwise, .convolutionAdd] + Kind.allCases)
    height = Int.random(in: 1...16, using: &random)
    width = Int.random(in: 1...16, using: &random)
    channels = channelCount()
    outputs = channelCount()
    let kernel = pick([(1, 1), (3, 3), (3, 3), (5, 5), (7, 7), (10, 4), (1, 7), (7, 1), (0, 0), (0, 0)])
    kernelHeight = kernel.0 > 0 ? kernel.0 : Int.random(in: 1...7, using: &random)
    kernelWidth = kernel.1 > 0 ? kernel.1 : Int.random(in: 1...7, using: &random)
    strideHeight = Int.random(in: 1...3, using: &random)
    strideWidth = chance(70) ? strideHeight : Int.random(in: 1...3, using: &random)
    // Windows far apart: the columns between them are fed and passed over.
    if chance(12) {
      (kernelWidth, strideWidth) = (Int.random(in: 1...2, using: &random), Int.random(in: 4...12, using: &random))
      width = Int.random(in: 32...64, using: &random)
    }
    dilationHeight = chance(75) ? 1 : Int.random(in: 1...3, using: &random)
    dilationWidth = chance(75) ? 1 : Int.random(in: 1...3, using: &random)
    same = chance(60)
    activation = chance(50) ? 0 : Int.random(in: 1...3, using: &random)
    inputZero = zeroPoint()
    outputZero = zeroPoint()
    perChannel = chance(70)
    bias = chance(85)
    weights = pick([.uniform, .uniform, .uniform] + Values.allCases)
    inputs = pick([.uniform, .uniform, .uniform] + Values.allCases)
    scales = pick([.fitting, .fitting, .fitting] + Scales.allCases)
    makeFit()
  }

  /// The most multiply-accumulates of a layer: golden kernels and simulation stay fast.
  static let largestWork = 600_000

  /// Adjusts what would give no valid network or too large a one.
  mutating func makeFit() {
    if kind == .depthwise {
      // `outputs` is the multiplier here; channels times it stays within reason.
      outputs = 1 + outputs % 3
      if channels * outputs > 130 { outputs = 1 }
    }
    if kind == .averagePool || kind == .maxPool { (dilationHeight, dilationWidth) = (1, 1) }
    if !same || kind == .paddedConvolution {
      height = max(height, (kernelHeight - 1) * dilationHeight + 1)
      width = max(width, (kernelWidth - 1) * dilationWidth + 1)
    }
    while work > Self.largestWork {
      if outputs > 8, kind != .depthwise { outputs /= 2 } else if channels > 8 { channels /= 2 } else if height > kernelHeight * dilationHeight {
        height -= 1
      } else if width > kernelWidth * dilationWidth { width -= 1 } else { channels = max(1, channels / 2) }
      if channels == 1, outputs <= 8, height <= kernelHeight * dilationHeight, width <= kernelWidth * dilationWidth { break }
    }
  }

  private var work: Int {
    let positions = height * width
    return switch kind {
    case .convolution, .convolutionAdd, .convolutionTable, .paddedConvolution:
      positions * kernelHeight * kernelWidth * channels * outputs / (strideHeight * strideWidth)
    case .depthwise, .averagePool, .maxPool: positions * kernelHeight * kernelWidth * channels
    case .fullyConnected: positions * channels * outputs
    default: positions * channels
    }
  }

  private var activationValue: Activation { [.none, .relu, .relu6, .reluN1To1][activation & 3] }
  private var padding: Padding { same ? .same : .valid }

  /// One line for people.
  public var summary: String {
    "\(kind.rawValue) \(height)×\(width)×\(channels)→\(outputs), kernel \(kernelHeight)×\(kernelWidth), "
      + "stride \(strideHeight)×\(strideWidth), dilation \(dilationHeight)×\(dilationWidth), \(same ? "SAME" : "VALID"), "
      + "activation \(activationValue), zero points \(inputZero) and \(outputZero), \(scales.rawValue) scales, "
      + "\(weights.rawValue) weights, \(inputs.rawValue) inputs, seed \(seed)"
  }

  /// The inputs of one inference.
  public func inputBytes(_ graph: Graph) -> [[UInt8]] {
    var random = SplitMix64(seed: seed ^ 0xA5A5_5A5A)
    return graph.inputs.map { tensor in
      bytes(graph.tensors[tensor].byteCount, inputs, &random).map { UInt8(bitPattern: $0) }
    }
  }

  private func bytes(_ count: Int, _ values: Values, _ random: inout SplitMix64) -> [Int8] {
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
    var builder = Builder(self)
    let graph = builder.build()
    try graph.validate()
    return graph
  }

  /// Builds the network tensor by tensor.
  private struct Builder {
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
    mutating func addFunction(_ kind: Kind, of x: Int) -> Int {
      let shape = tensors[x].shape, operation: any Model.Operation
      let y: Int
      switch kind {
      case .logistic: (operation, y) = (Logistic(), tensor("output", shape, 1 / 256, -128))
      case .tanh: (operation, y) = (HyperbolicTangent(), tensor("output", shape, 1 / 128, 0))
      default: (operation, y) = (HardSwish(), tensor("output", shape, scale(Double(tensors[x].scale)), layer.outputZero))
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
        node(l.kind == .relu ? Relu() : Relu6() as any Model.Operation, [source], output)
      }
      return Graph(name: l.kind.rawValue, tensors: tensors, nodes: nodes, inputs: inputs, outputs: [output])
    }
  }
}
