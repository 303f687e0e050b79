// What the operators of ONNX are in a graph.
//
// An operator on integers reads scales and zero points beside its tensors; its result is quantized by the last ones. The same
// operator on real numbers waits for its QuantizeLinear. What only moves or compares numbers keeps how they are quantized and
// does not wait.

extension ONNXImporter {
  /// Adds what a node computes.
  /// - Throws: `ModelError` naming the node when it is not supported.
  mutating func add(_ node: ONNXNode) throws(ModelError) {
    guard let output = node.outputs.first, !output.isEmpty else { throw error(node, "has no output", .invalidGraph) }
    switch node.name {
    case "QuantizeLinear": try quantize(node)
    case "DequantizeLinear":
      if case .left(let tensor) = try value(node, 0) {
        leave(node, tensor, Tensor(name: cleanedText(output, limit: 1_024), shape: tensors[tensor].shape, type: .float32), output)
        return
      }
      values[output] = try real(node, 0, scale: 1, zeroPoint: 2, axis: node.integer("axis", default: 1))
    case "QLinearConv":
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2), try real(node, 3, scale: 4, zeroPoint: 5), try optional(node, 8)]
      try emit(ONNXCall(node: node, name: "Conv", operands: operands), try result(node, scale: 6, zeroPoint: 7))
    case "com.microsoft.QGemm":
      let axis = node.integer("transB", default: 0) == 0 ? 1 : 0
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2), try real(node, 3, scale: 4, zeroPoint: 5, axis: axis), try optional(node, 6)]
      guard node.input(7) != nil else { throw error(node, "a result that is not quantized is not supported") }
      try emit(ONNXCall(node: node, name: "Gemm", operands: operands), try result(node, scale: 7, zeroPoint: 8))
    case "QLinearMatMul":
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2), try real(node, 3, scale: 4, zeroPoint: 5, axis: 1)]
      try emit(ONNXCall(node: node, name: "MatMul", operands: operands), try result(node, scale: 6, zeroPoint: 7))
    case "com.microsoft.QLinearGlobalAveragePool":
      guard node.integer("channels_last", default: 0) == 0 else { throw error(node, "channels_last is not supported") }
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2)]
      try emit(ONNXCall(node: node, name: "GlobalAveragePool", operands: operands), try result(node, scale: 3, zeroPoint: 4))
    case "com.microsoft.QLinearAdd", "com.microsoft.QLinearMul":
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2), try real(node, 3, scale: 4, zeroPoint: 5)]
      let name = String(node.name.dropFirst("com.microsoft.QLinear".count))
      try emit(ONNXCall(node: node, name: name, operands: operands), try result(node, scale: 6, zeroPoint: 7))
    case "Add", "Sub", "Mul", "Div", "Max", "Min": try addElementwise(node, output)
    case "com.microsoft.QLinearAveragePool":
      guard node.integer("channels_last", default: 0) == 0 else { throw error(node, "channels_last is not supported") }
      let operands = [try real(node, 0, scale: 1, zeroPoint: 2)]
      try emit(ONNXCall(node: node, name: "AveragePool", operands: operands), try result(node, scale: 3, zeroPoint: 4))
    case "Conv", "Gemm", "MatMul", "GlobalAveragePool", "AveragePool", "ReduceMean", "ConvTranspose":
      var operands: [ONNXOperand?] = []
      for position in node.inputs.indices { operands.append(try optional(node, position)) }
      values[output] = .pending(ONNXCall(node: node, name: node.name, operands: operands))
    case "com.microsoft.QLinearSigmoid", "com.microsoft.QLinearLeakyRelu":
      let operand = try real(node, 0, scale: 1, zeroPoint: 2)
      guard let function = function(operand) else { throw error(node, "its input is no quantized tensor") }
      let name = String(node.name.dropFirst("com.microsoft.QLinear".count))
      try emit(function.followed(by: name, map(node, name)), try result(node, scale: 3, zeroPoint: 4), of: node)
    case "com.microsoft.QLinearConcat":
      guard node.inputs.count >= 5, node.inputs.count % 3 == 2 else { throw error(node, "has \(node.inputs.count) inputs", .invalidGraph) }
      var operands: [ONNXOperand] = []
      for first in stride(from: 2, to: node.inputs.count, by: 3) {
        operands.append(try real(node, first, scale: first + 1, zeroPoint: first + 2))
      }
      try emit(ONNXCall(node: node, name: "Concat", operands: operands), try result(node, scale: 0, zeroPoint: 1))
    case "Concat": try addConcatenation(node, output)
    case _ where Self.left.contains(node.name): try addLeft(node, output)
    case _ where Self.movements.contains(node.name): try addMovement(node, output)
    case "Identity", "Dropout": values[output] = try value(node, 0)
    case _ where isFunction(node): try addFunction(node, output)
    default: throw error(node, "is not supported")
    }
  }

  private func optional(_ node: ONNXNode, _ position: Int) throws(ModelError) -> ONNXOperand? {
    node.input(position) == nil ? nil : try value(node, position)
  }

  /// Adds a call whose result is quantized, and then limited where the bytes are not already.
  mutating func emit(_ call: ONNXCall, _ result: ONNXResult) throws(ModelError) {
    guard let bytes = call.limits.map({ bytes($0, result) }), bytes != -128...127 else { return try emitUnlimited(call, result) }
    var unlimited = result
    unlimited.name += "/unlimited"
    try emitUnlimited(call, unlimited)
    try limit(unlimited, to: bytes, result, of: call.node)
  }

  private mutating func emitUnlimited(_ call: ONNXCall, _ result: ONNXResult) throws(ModelError) {
    if ["Add", "Sub", "Mul"].contains(call.name) { return try emitElementwise(call, result) }
    if call.name == "Concat" { return try emitConcatenation(call, result) }
    guard case .real(let input)?? = call.operands.first else {
      throw error(call.node, "its first input is no quantized tensor", advice: "put a DequantizeLinear in front of it")
    }
    switch call.name {
    case "Conv": try emitConvolution(call, features[input], try imageTensor(call, input), result)
    case "ConvTranspose": try emitTransposedConvolution(call, features[input], try imageTensor(call, input), result)
    case "Gemm", "MatMul": try emitProduct(call, features[input], try plain(input), result)
    case "Pad": try emitPad(call, input, result)
    case "AveragePool": try emitAverage(call, input, result)
    case "ReduceMean": try emitMean(call, input, result)
    default:
      let shape = features[input].shape, tensor = try imageTensor(call, input)
      try append(
        Reduction(.mean, keepDimensions: true), [tensor, append(integers: [1, 2])], result, shape: shape[..<2] + shape[2...].map { _ in 1 },
        isChannelsLast: true, of: call.node)
    }
  }

  /// A feature with channels last, where it has columns, and perhaps rows.
  private mutating func imageTensor(_ call: ONNXCall, _ feature: Int) throws(ModelError) -> Int {
    guard (3...4).contains(features[feature].shape.count) else {
      throw error(call.node, "inputs of \(features[feature].shape.count) dimensions are not supported, only of 3 or 4")
    }
    return try channelsLast(feature)
  }

  // MARK: Products with weights

  /// Weights of a call: an int8 constant.
  mutating func weights(_ call: ONNXCall, rank: Int) throws(ModelError) -> Tensor {
    guard call.operands.count > 1, case .scaled(let weights)? = call.operands[1] else {
      throw error(call.node, "weights are no constant of integers with a DequantizeLinear")
    }
    guard weights.type == .int8, weights.shape.count == rank, weights.shape.allSatisfy({ $0 > 0 }) else {
      throw error(call.node, "weights of \(weights.type) with shape \(weights.shape) are not supported here")
    }
    try charge(weights, call.node)
    return weights
  }

  /// The bias of a call, whose unit must be that of the sums.
  mutating func bias(_ call: ONNXCall, input: ONNXFeature, weights: Tensor, channels: Int) throws(ModelError) -> Tensor? {
    guard call.operands.count > 2, let operand = call.operands[2] else { return nil }
    let bias: Tensor
    switch operand {
    case .constant(let tensor) where tensor.type == .int32: bias = tensor
    case .scaled(let tensor) where tensor.type == .int32: bias = tensor
    default: throw error(call.node, "a bias that is no constant of int32 is not supported", advice: "quantize it by input scale times weight scale")
    }
    guard bias.elementCount == channels else {
      throw error(call.node, "the bias has \(bias.elementCount) elements for \(channels) channels", .invalidShape)
    }
    try charge(bias, call.node)
    for channel in 0..<channels where !bias.quantization.scales.isEmpty {
      let unit = input.quantization.scales.first.map { $0 * weights.scale(ofChannel: channel) } ?? 0
      guard abs(bias.scale(ofChannel: channel) - unit) <= 1e-5 * unit else {
        throw error(
          call.node, "the bias scale \(bias.scale(ofChannel: channel)) of channel \(channel) is not input scale times weight scale = \(unit)",
          .invalidQuantization)
      }
    }
    return Tensor(name: bias.name, shape: [channels], type: .int32, constant: bias.constant)
  }

  /// A convolution: weights O×C/g×kh×kw, or O×C/g×k.
  private mutating func emitConvolution(_ call: ONNXCall, _ input: ONNXFeature, _ tensor: Int, _ result: ONNXResult) throws(ModelError) {
    var weights = try weights(call, rank: input.shape.count)
    weights.shape = Self.image(weights.shape)
    let groups = call.node.integer("group", default: 1), shape = weights.shape
    guard groups >= 1, input.shape[1] % groups == 0, shape[1] == input.shape[1] / groups, shape[0] % groups == 0 else {
      throw error(call.node, "weights of shape \(shape) do not fit \(input.shape[1]) channels in \(groups) groups", .invalidShape)
    }
    guard weights.quantization.scales.count == 1 || weights.quantization.dimension == 0 else {
      throw error(
        call.node, "weights are quantized along dimension \(weights.quantization.dimension), not along the output channels", .invalidQuantization)
    }
    let window = try window(call.node, input.shape, kernel: Array(shape[2...]))
    let isDepthwise = groups > 1 && shape[1] == 1
    // O×kh×kw×C/g, or 1×kh×kw×O.
    let order = isDepthwise ? [1, 2, 3, 0] : [0, 2, 3, 1]
    var arranged = weights.permuted(order)
    arranged.quantization.dimension = isDepthwise ? 3 : 0
    var inputs = [try padded(tensor, window.pads, call.node), append(constant: arranged)]
    if let bias = try bias(call, input: input, weights: weights, channels: shape[0]) { inputs.append(append(constant: bias)) }
    let options = window.options
    let operation: any Operation =
      isDepthwise
      ? DepthwiseConvolution2D(
        strideHeight: options.strideHeight, strideWidth: options.strideWidth, dilationHeight: options.dilationHeight,
        dilationWidth: options.dilationWidth, padding: options.padding, depthMultiplier: shape[0] / groups)
      : Convolution2D(
        strideHeight: options.strideHeight, strideWidth: options.strideWidth, dilationHeight: options.dilationHeight,
        dilationWidth: options.dilationWidth, padding: options.padding)
    try append(operation, inputs, result, shape: [input.shape[0], shape[0]] + window.output, isChannelsLast: true, of: call.node)
  }

  /// A matrix product with constant weights: C×O, or O×C with `transB`.
  private mutating func emitProduct(_ call: ONNXCall, _ input: ONNXFeature, _ tensor: Int, _ result: ONNXResult) throws(ModelError) {
    let node = call.node, isTransposed = call.name == "Gemm" && node.integer("transB", default: 0) != 0
    guard call.name == "MatMul" || node.integer("transA", default: 0) == 0, node.real("alpha", default: 1) == 1, node.real("beta", default: 1) == 1
    else { throw error(node, "transA, and alpha or beta other than 1, are not supported") }
    let weights = try weights(call, rank: 2)
    var arranged = isTransposed ? weights : weights.permuted([1, 0])
    arranged.quantization.dimension = 0
    let (channels, depth) = (arranged.shape[0], arranged.shape[1])
    guard input.shape.last == depth, input.shape.count >= 2 else {
      throw error(node, "an input of shape \(input.shape) does not fit weights of shape \(weights.shape)", .invalidShape)
    }
    guard weights.quantization.scales.count == 1 || weights.quantization.dimension == (isTransposed ? 0 : 1) else {
      throw error(
        node, "weights are quantized along dimension \(weights.quantization.dimension), not along the output channels", .invalidQuantization)
    }
    var inputs = [tensor, append(constant: arranged)]
    if let bias = try bias(call, input: input, weights: arranged, channels: channels) { inputs.append(append(constant: bias)) }
    try append(
      FullyConnected(keepDimensions: true), inputs, result, shape: input.shape.dropLast() + [channels], of: node)
  }
}

extension Tensor {
  /// A constant of bytes with its dimensions in another order: dimension d is dimension order[d] of this one.
  func permuted(_ order: [Int]) -> Tensor {
    guard let constant, constant.count == elementCount, type.bitCount == 8 else { return self }
    var result = self
    result.shape = order.map { shape[$0] }
    let strides = Move.strides(shape), steps = order.map { strides[$0] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(constant.count)
    func copy(_ dimension: Int, _ from: Int) {
      guard dimension < order.count else { return bytes.append(constant[from]) }
      for index in 0..<result.shape[dimension] { copy(dimension + 1, from + index * steps[dimension]) }
    }
    copy(0, 0)
    result.constant = bytes
    return result
  }
}
