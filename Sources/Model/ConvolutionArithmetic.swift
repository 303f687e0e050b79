// What convolutions and FULLY_CONNECTED have in common.
//
// All of them sum products of (x − zx) with int8 weights, add an int32 bias and rescale
// by sx·sw/sy, with one weight scale per output channel or one for all. Here are the
// checks on weights and bias and the multipliers per channel. Activations of int16 have
// biases of int64, which must fit in 32 bits, and sums of up to 48 bits.

/// An operator that sums products of activations and weights.
public protocol Accumulating: Operation {
  /// The positions of activations, weights and bias among the inputs.
  static var operands: (activations: Int, weights: Int, bias: Int) { get }
  /// The dimension of the weights along which output channels lie.
  static var channelDimension: Int { get }
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  var isUnsigned: Bool { get }
  /// Whether real numbers are added in float32, in an order of the reference's own.
  var addsReals: Bool { get }
}

extension Accumulating {
  public static var operands: (activations: Int, weights: Int, bias: Int) { (0, 1, 2) }
  public static var channelDimension: Int { 0 }
  public var isUnsigned: Bool { false }
  public var addsReals: Bool { false }

  /// Bias and multipliers per output channel of a validated `node`.
  public func arithmetic(_ node: Node, in graph: Graph) -> ConvolutionArithmetic { ConvolutionArithmetic(self, node, in: graph) }
}

/// The weights, bias and output scaling of a layer that accumulates.
public struct ConvolutionArithmetic: Sendable {
  private let input: Tensor
  private let weights: Tensor
  private let biasTensor: Tensor?
  private let output: Tensor
  private let rounding: Rounding
  /// The dimension of the weights along which output channels lie.
  private let channelDimension: Int
  /// Number of output channels.
  public let channels: Int
  /// Whether sums are rounded once: zy + round(sum · sx·sw/sy), halves away from zero, and not in two steps.
  private let roundsOnce: Bool
  /// Whether sx·sw is rounded to float32.
  private let multipliesInFloat: Bool
  /// Whether real numbers are added in float32.
  private let addsReals: Bool

  fileprivate init<Operator: Accumulating>(_ operation: Operator, _ node: Node, in graph: Graph) {
    input = graph.tensors[node.inputs[Operator.operands.activations]]
    weights = graph.tensors[node.inputs[Operator.operands.weights]]
    biasTensor = node.input(Operator.operands.bias).map { graph.tensors[$0] }
    output = graph.tensors[node.outputs[0]]
    rounding = graph.rounding
    channelDimension = Operator.channelDimension
    channels = weights.shape[channelDimension]
    roundsOnce = operation.isUnsigned && operation is FullyConnected
    multipliesInFloat = operation.isUnsigned && !roundsOnce
    addsReals = operation.addsReals
  }

  /// One bias of 32 bits per output channel; zeros when the layer has none.
  public var bias: [Int32] {
    biasTensor?.indexValues()?.map { Int32(truncatingIfNeeded: $0) } ?? [Int32](repeating: 0, count: channels)
  }

  /// Whether sums of int16 activations are rounded once, by a reduced multiplier; else they have 32 bits, as with an int32 bias.
  fileprivate var isReduced: Bool { input.type == .int16 && biasTensor?.type != .int32 }

  /// Per output channel how far sums of int16 activations reach to either side: 2^15·Σ|w| + |bias|.
  fileprivate var reach: [Int] {
    let inner = weights.shape[channelDimension...].dropFirst().reduce(1, *)
    var magnitudes = [Int](repeating: 0, count: channels)
    for (index, weight) in weights.int8Values().enumerated() { magnitudes[index / inner % channels] += abs(Int(weight)) }
    return zip(magnitudes, bias).map { $0 << 15 + abs(Int($1)) }
  }

  /// The real factor of channel `channel`: sx·sw/sy, in double; sx·sw in float32 where the reference has it so.
  public func realMultiplier(_ channel: Int) -> Double {
    multipliesInFloat
      ? Double(input.scale * weights.scale(ofChannel: channel)) / Double(output.scale)
      : Double(input.scale) * Double(weights.scale(ofChannel: channel)) / Double(output.scale)
  }

  /// One factor per output channel.
  public var factors: [SumFactor] {
    if addsReals { return realSums }
    func factor(_ channel: Int) -> SumFactor {
      if roundsOnce { return .once(realMultiplier(channel)) }
      if isReduced { return .reduced(QuantizedMultiplier(realMultiplier(channel))) }
      return SumFactor(
        rounding, QuantizedMultiplier(realMultiplier(channel)), input.scale * weights.scale(ofChannel: channel) / output.scale)
    }
    return weights.quantization.scales.count > 1 ? (0..<channels).map(factor) : [SumFactor](repeating: factor(0), count: channels)
  }
}

extension ConvolutionArithmetic {
  /// The factors of sums of real numbers, one per channel: weights lie channel by channel.
  ///
  /// An element, a weight and their product are rounded, then each sum, and the quotient: as often as there are products, and a few times
  /// more. No sum is greater than that of the products' magnitudes.
  private var realSums: [SumFactor] {
    let values = weights.int8Values(), count = values.count / max(channels, 1), bias = bias
    return (0..<channels).map { channel in
      let magnitude = values[channel * count..<(channel + 1) * count].reduce(0) { $0 + abs(Int($1)) } * 255 + abs(Int(bias[channel]))
      let real = realMultiplier(channel)
      return .ordered(QuantizedMultiplier(real), tolerance: Double(count + 8) * Double(magnitude) * real * 0x1p-24 + 0x1p-14)
    }
  }
}

extension Accumulating {
  /// Checks weights, bias and multipliers.
  ///
  /// - Parameters:
  ///   - check: of the node, whose input and output counts, activations and ranks have been checked.
  ///   - symmetric: whether the weights' zero point must be 0.
  package func validateArithmetic(_ check: NodeCheck, symmetric: Bool = true) throws(ModelError) {
    let (node, channelDimension) = (check.node, Self.channelDimension)
    let weightsIndex = node.inputs[Self.operands.weights]
    let (weights, input) = (check.input(Self.operands.weights), check.input(Self.operands.activations))
    let scales = weights.quantization.scales
    let channels = weights.shape[channelDimension]
    let quantization = weights.quantization
    try check.require(
      !scales.isEmpty, .invalidQuantization, "weights have no scale", tensor: weightsIndex)
    try check.require(
      scales.count == 1 || scales.count == channels, .invalidQuantization,
      "weights have \(scales.count) scales for \(channels) output channels", tensor: weightsIndex)
    try check.require(
      scales.count == 1 || quantization.dimension == channelDimension, .invalidQuantization,
      "weights are quantized along dimension \(quantization.dimension), output channels are dimension "
        + "\(channelDimension)", tensor: weightsIndex)
    if symmetric {
      for zeroPoint in quantization.zeroPoints where zeroPoint != 0 {
        throw check.error(
          .invalidQuantization,
          "int8 \(node.operation.name) weights must be symmetric (zero point 0), zero point is \(zeroPoint)",
          tensor: weightsIndex, advice: "convert the model with symmetric weights")
      }
    }
    let arithmetic = arithmetic(node, in: check.graph)
    for channel in 0..<scales.count {
      let output = check.output().scale
      let sizes = "\(input.scale)·\(weights.scale(ofChannel: channel))/\(output)"
      let multiplier = arithmetic.realMultiplier(channel)
      try check.requireMultiplier(
        multiplier, "input·weight/output scale of channel \(channel) = \(sizes)", tensor: node.outputs[0])
      if !addsReals { try check.requireFloat(arithmetic.factors[channel], tensor: node.outputs[0]) }
    }
    try validateBias(check, channels: channels)
    if input.type == .int16 { try validateInt16Sums(check, arithmetic) }
  }

  /// Checks that sums of int16 activations, and the steps that they are, have as many bits as in the reference.
  private func validateInt16Sums(_ check: NodeCheck, _ arithmetic: ConvolutionArithmetic) throws(ModelError) {
    let reach = arithmetic.reach, factors = arithmetic.factors
    for channel in 0..<arithmetic.channels {
      try check.requireInt16Sum(reach[channel], factors[channel], channel: channel)
    }
  }

  /// Checks that weights are int8 constants of the given rank without empty dimensions; on uint8 also int16 of −255...255.
  package func validateWeights(_ check: NodeCheck, rank: Int) throws(ModelError) {
    let index = check.node.inputs[Self.operands.weights]
    let weights = check.input(Self.operands.weights)
    try check.require(
      weights.type == .int8 || isUnsigned && weights.type == .int16, .unsupported, "\(weights.type) weights are not supported, only int8", tensor: index)
    try check.require(
      weights.isConstant, .unsupported, "weights that are not constant are not supported", tensor: index)
    try check.requireRank(index, rank...rank, "weights")
    try check.require(
      weights.shape.allSatisfy { $0 >= 1 }, .invalidShape, "weights of shape \(weights.shape) are empty",
      tensor: index)
    try check.requireContents(index)
    try check.require(
      weights.type == .int8 || weights.integers(weights.constant ?? []).allSatisfy((-255...255).contains), .unsupported,
      "weights less their zero point are not within -255...255", tensor: index)
  }

  private func validateBias(_ check: NodeCheck, channels: Int) throws(ModelError) {
    guard let index = check.node.input(Self.operands.bias) else { return }
    let bias = check.graph.tensors[index], isInt16 = check.graph.isInt16(check.node)
    try check.require(
      bias.type == .int32 || isInt16 && bias.type == .int64, .unsupported,
      "bias must be \(isInt16 ? "int64" : "int32"), is \(bias.type)", tensor: index)
    try check.require(
      !(isInt16 && bias.type == .int32 && self is DepthwiseConvolution2D), .unsupported,
      "TensorFlow Lite Micro reads the int32 bias of a DEPTHWISE_CONV_2D on int16 as int64", tensor: index,
      advice: "convert the model with int64 biases")
    try check.require(bias.isConstant, .unsupported, "a bias that is not constant is not supported", tensor: index)
    try check.require(
      bias.elementCount == channels, .invalidShape,
      "bias has \(bias.elementCount) elements for \(channels) output channels", tensor: index)
    try check.requireContents(index)
    for (channel, value) in (bias.indexValues() ?? []).enumerated() where Int(Int32(truncatingIfNeeded: value)) != value {
      throw check.error(.unsupported, "bias \(value) of channel \(channel) does not fit in 32 bits", tensor: index)
    }
    for zeroPoint in bias.quantization.zeroPoints where zeroPoint != 0 {
      throw check.error(.invalidQuantization, "bias must have zero point 0, has \(zeroPoint)", tensor: index)
    }
    let scales = bias.quantization.scales
    if scales.isEmpty { return }
    try check.require(
      scales.count == 1 || scales.count == channels, .invalidQuantization,
      "bias has \(scales.count) scales for \(channels) output channels", tensor: index)
    // The reference reads the scale of a bias only here, and then refuses one that does not fit.
    if self is FullyConnected, check.input(Self.operands.weights).quantization.scales.count == 1,
      let what = foreignBiasScale(check)
    {
      throw check.error(.invalidQuantization, what, tensor: index)
    }
  }

  /// The warning about a bias whose scale is not that of the sums it is added to; nil when there is nothing to say.
  ///
  /// The reference adds the stored integers as they stand, whatever their scale claims.
  package func biasWarning(_ node: Node, in graph: Graph) -> String? {
    let check = NodeCheck(node, in: graph)
    guard let index = node.input(Self.operands.bias), let what = foreignBiasScale(check) else { return nil }
    return check.error(
      .invalidQuantization, what, tensor: index,
      advice: "TensorFlow Lite Micro adds the stored numbers as they are, and so does this tool"
    ).message
  }

  /// In which channel the bias' scale is not input scale times weight scale, to 2 %.
  private func foreignBiasScale(_ check: NodeCheck) -> String? {
    guard let index = check.node.input(Self.operands.bias) else { return nil }
    let (bias, weights) = (check.graph.tensors[index], check.input(Self.operands.weights))
    if bias.quantization.scales.isEmpty { return nil }
    for channel in 0..<max(bias.quantization.scales.count, weights.quantization.scales.count) {
      let product = Double(check.input(Self.operands.activations).scale) * Double(weights.scale(ofChannel: channel))
      let scale = Double(bias.scale(ofChannel: channel))
      if abs(scale - product) > 0.02 * product {
        return "bias scale \(scale) of channel \(channel) is not input scale times weight scale = \(product)"
      }
    }
    return nil
  }
}
