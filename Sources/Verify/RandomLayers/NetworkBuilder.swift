// The network of a random layer: tensors, weights, scales and inputs, drawn from the layer's seed.

import Foundation
import Model

extension RandomLayer {
  public func inputBytes(_ graph: Graph) -> [[UInt8]] {
    var random = SplitMix64(seed: seed ^ 0xA5A5_5A5A)
    return graph.inputs.map { tensor in
      bytes(graph.tensors[tensor].byteCount, inputs, &random).map { UInt8(bitPattern: $0) }
    }
  }

  func bytes(_ count: Int, _ values: Values, _ random: inout SplitMix64) -> [Int8] {
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

  public func graph() throws(ModelError) -> Graph {
    let sizes = [height, width, channels, outputs, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth]
    // A file may say anything.
    guard sizes.allSatisfy((1...4096).contains), [inputZero, outputZero].allSatisfy((-128...127).contains) else {
      throw ModelError(.malformed, "sizes of a random layer are from 1 to 4096, zero points from -128 to 127")
    }
    var builder = NetworkBuilder(self)
    let graph = builder.graph { builder, source in
      switch kind {
      case .convolution, .groupedConvolution, .transposeConvolution, .depthwise, .fullyConnected, .convolutionAdd, .convolutionProduct,
        .convolutionTable, .paddedConvolution: [builder.addWeighted(source)]
      case .averagePool, .maxPool, .mean: [builder.addPool(source)]
      case .add, .subtract: [builder.addSum(source, swapped: false, subtracts: kind == .subtract, zero: outputZero)]
      case .product: [builder.addProduct(source, swapped: false, zero: outputZero)]
      case .repeatedOperand: [builder.addRepeated(source)]
      case .squaredDifference: [builder.addSquaredDifference(source)]
      case .constantOperand: [builder.addConstantOperand(source)]
      case .softmax: [builder.addSoftmax(source)]
      case .reduction: [builder.addReduction(source)]
      case .extreme: [builder.addExtreme(source)]
      case .parametricRectifier: [builder.addParametricRectifier(source)]
      case .resizeBilinear: [builder.addResizeBilinear(source)]
      case .unary: [builder.addFunction(of: source)]
      case .movement: builder.addMovement(source)
      }
    }
    try graph.validate()
    return graph
  }
}

/// Builds the network tensor by tensor.
struct NetworkBuilder {
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

  mutating func node(_ operation: any Model.Operation, _ inputs: [Int], _ outputs: Int...) { node(operation, inputs, outputs: outputs) }

  mutating func node(_ operation: any Model.Operation, _ inputs: [Int], outputs: [Int]) {
    nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: outputs))
  }

  /// The input of the layer, and the network around what `build` makes of it.
  mutating func graph(_ build: (inout NetworkBuilder, _ source: Int) -> [Int]) -> Graph {
    let source = tensor("input", [1, layer.height, layer.width, layer.channels], scale(0.05), layer.inputZero)
    inputs.append(source)
    let outputs = build(&self, source)
    return Graph(name: layer.kind.rawValue, tensors: tensors, nodes: nodes, inputs: inputs, outputs: outputs)
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
}
