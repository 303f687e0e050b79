// ConvTranspose: weights C×O×kh×kw, every input pixel adds a window to the output.
//
// TRANSPOSE_CONV has the padding of a convolution the other way round, as much of it behind as before, or one more. Any other is
// the whole output, of which a part is taken. ONNX Runtime has no kernel for integers and adds real numbers in float32.

extension ONNXImporter {
  mutating func emitTransposedConvolution(_ call: ONNXCall, _ input: ONNXFeature, _ tensor: Int, _ result: ONNXResult) throws(ModelError) {
    guard input.shape.count == 4 else { throw error(call.node, "inputs of \(input.shape.count) dimensions are not supported, only of 4") }
    let node = call.node, weights = try weights(call, rank: 4), kernel = Array(weights.shape[2...]), channels = weights.shape[1]
    guard node.integer("group", default: 1) == 1, node.integers("dilations") ?? [1, 1] == [1, 1], node.integers("output_shape") == nil,
      ["NOTSET", "", "VALID"].contains(node.text("auto_pad", default: "NOTSET")), node.integers("kernel_shape") ?? kernel == kernel
    else { throw error(node, "groups, dilations, output_shape and auto_pad are not supported") }
    guard weights.shape[0] == input.shape[1] else {
      throw error(node, "weights of shape \(weights.shape) do not fit \(input.shape[1]) channels", .invalidShape)
    }
    guard weights.quantization.scales.count == 1 || weights.quantization.dimension == 1 else {
      throw error(
        node, "weights are quantized along dimension \(weights.quantization.dimension), not along the output channels", .invalidQuantization)
    }
    let strides = node.integers("strides") ?? [1, 1], pads = node.integers("pads") ?? [0, 0, 0, 0]
    let more = node.integers("output_padding") ?? [0, 0]
    guard strides.count == 2, pads.count == 4, more.count == 2, strides.allSatisfy({ (1...65_536).contains($0) }),
      (pads + more).allSatisfy({ (0...65_536).contains($0) }), kernel.allSatisfy({ (1...65_536).contains($0) })
    else { throw error(node, "strides or pads are out of range", .invalidGraph) }
    let whole: [Int] = (0..<2).map { axis in (input.shape[2 + axis] - 1) * strides[axis] + kernel[axis] }
    let output: [Int] = (0..<2).map { axis in whole[axis] + more[axis] - pads[axis] - pads[2 + axis] }
    guard more[0] <= pads[2], more[1] <= pads[3], output[0] > 0, output[1] > 0 else {
      throw error(node, "output_padding \(more) beyond the pads \(pads) is not supported")
    }
    try requireSizes([input.shape[0], channels] + whole, node.place)
    var arranged = weights.permuted([1, 2, 3, 0])
    arranged.quantization.dimension = 0
    let constants = [append(constant: arranged)]
    let bias = try bias(call, input: input, weights: arranged, channels: channels).map { append(constant: $0) }
    func convolution(_ padding: Padding) -> TransposeConvolution {
      var operation = TransposeConvolution(strideHeight: strides[0], strideWidth: strides[1], padding: padding)
      operation.addsReals = true
      return operation
    }
    func inputs(_ sizes: [Int]) -> [Int] {
      [append(integers: [input.shape[0]] + sizes + [channels])] + constants + [tensor] + (bias.map { [$0] } ?? [])
    }
    let shape = [input.shape[0], channels] + output
    let same = convolution(.same).window.geometry(on: [1] + output + [1], height: kernel[0], width: kernel[1])
    if [same.rows.output, same.columns.output] == Array(input.shape[2...]), [same.rows.before, same.columns.before] == Array(pads[..<2]) {
      return try append(convolution(.same), inputs(output), result, shape: shape, isChannelsLast: true, of: node)
    }
    if output == whole { return try append(convolution(.valid), inputs(output), result, shape: shape, isChannelsLast: true, of: node) }
    let all = append(
      convolution(.valid), inputs(whole),
      Tensor(
        name: cleanedText(result.name + "/whole", limit: 1_024), shape: [input.shape[0]] + whole + [channels], type: .int8,
        quantization: result.quantization))
    let begins = append(integers: [0, pads[0], pads[1], 0]), sizes = append(integers: [input.shape[0]] + output + [channels])
    try append(Slice(), [all, begins, sizes], result, shape: shape, isChannelsLast: true, of: node)
  }
}
