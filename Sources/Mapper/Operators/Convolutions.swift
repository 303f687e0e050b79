// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED: windows over weights of their own.

import Model

extension Convolution2D: Mappable {
  /// A part for every group of channels.
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, kernel = graph.tensors[node.inputs[1]], groups = groups(node, in: graph)
    let input = graph.tensors[node.inputs[0]].shape, output = graph.tensors[node.outputs[0]].shape
    if network.readsInt16(node) {
      // Each output sees the channels of all groups, with weights of zero.
      let window = Window(geometry(node, in: graph), depth: input[3]), rescaling = arithmetic(node, in: graph).rescaling(node, in: graph)
      if groups > 1 { try LayerPlan(node, parts: []).requireSpread(window, channels: output[3], in: graph) }
      let weights = ByteWeights(window: Window(geometry(node, in: graph), depth: kernel.shape[3]), values: kernel.int8Values()).spread(overGroups: groups)
      return [
        try LayerPlan(int16: node, in: network, window, activation, rescaling: rescaling) {
          .sum($0, weights: weights.doublingRows(of: $0.kernelWidth * $0.depth))
        }
      ]
    }
    let bytes = ByteWeights(Window(geometry(node, in: graph), depth: kernel.shape[3]), kernel, inner: kernel.shape[3])
    let (window, weights) = (bytes.window, bytes.values)
    let channels = output[3] / groups, size = weights.count / groups
    let whole = LayerPlan(convolution: node, in: graph, arithmetic(node, in: graph), activation, .sum(window, weights: weights))
    guard groups > 1, case .sums(let bias, let factors, let zeroIn, let zeroOut) = whole.parts[0].rescaling else { return [whole] }
    if window.rowRepeats > 1, window.kernelWidth > 1 {
      // Only rows without gaps can be read again: each output sees the channels of all groups, with weights of zero.
      var dense = window
      dense.depth = input[3]
      let kernel = Kernel.sum(dense, weights: bytes.spread(overGroups: groups))
      return [LayerPlan(convolution: node, in: graph, arithmetic(node, in: graph), activation, kernel)]
    }
    var plan = whole
    plan.parts = (0..<groups).map { group in
      let some = group * channels..<(group + 1) * channels
      return Part(
        kernel: .sum(window, weights: Array(weights[group * size..<(group + 1) * size])),
        from: Box(node.inputs[0], offset: group * window.depth, shape: input.dropLast() + [window.depth], strides: Move.strides(input)),
        to: Box(node.outputs[0], offset: some.lowerBound, shape: output.dropLast() + [channels], strides: Move.strides(output)),
        rescaling: .sums(bias: Array(bias[some]), factors: Array(factors[some]), zeroIn: zeroIn, zeroOut: zeroOut), detail: "group \(group)")
    }
    return [plan]
  }
}

extension DepthwiseConvolution2D: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, arithmetic = arithmetic(node, in: graph), channels = arithmetic.channels
    if network.readsInt16(node) {
      let window = Window(geometry(node, in: graph), depth: graph.tensors[node.inputs[0]].shape[3])
      let weights = graph.tensors[node.inputs[1]].int8Values()
      if depthMultiplier > 1 { try LayerPlan(node, parts: []).requireSpread(window, channels: channels, in: graph) }
      return [
        try LayerPlan(int16: node, in: network, window, activation, rescaling: arithmetic.rescaling(node, in: graph)) {
          depthMultiplier == 1
            ? .each($0, weights: weights.doublingRows(of: $0.kernelWidth * channels))
            : .sum($0, weights: weights.spread(depth: $0.depth, multiplier: depthMultiplier).doublingRows(of: $0.kernelWidth * $0.depth))
        }
      ]
    }
    let bytes = ByteWeights(
      Window(geometry(node, in: graph), depth: graph.tensors[node.inputs[0]].shape[3]), graph.tensors[node.inputs[1]], inner: channels)
    let (window, weights) = (bytes.window, bytes.values)
    // One input channel: a convolution, with weights ordered by output channel.
    let transposed = { (0..<channels * window.taps).map { weights[$0 % window.taps * channels + $0 / window.taps] } }
    return [
      LayerPlan(
        convolution: node, in: graph, arithmetic, activation,
        window.depth == 1 ? .sum(window, weights: transposed()) : .each(window, weights: weights, multiplier: depthMultiplier))
    ]
  }
}

extension FullyConnected: Mappable {
  /// A convolution of 1×1 pixels, a pixel per row of the input.
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, arithmetic = arithmetic(node, in: graph)
    if network.readsInt16(node) { return [try int16Plan(node, in: network, arithmetic.rescaling(node, in: graph))] }
    guard graph.tensors[node.inputs[1]].isConstant else { return [product(node, in: graph)] }
    let depth = graph.tensors[node.inputs[1]].shape[1], rows = rowCount(node, in: graph)
    let bytes = ByteWeights(
      Window(inputHeight: 1, inputWidth: rows, depth: depth, outputHeight: 1, outputWidth: rows, kernelHeight: 1, kernelWidth: 1),
      effectiveWeights(node, in: graph).map(Int.init), inner: depth)
    let kernel = Kernel.sum(bytes.window, weights: bytes.values)
    let from = Box(whole: node.inputs[0], [1, 1, rows, depth]), to = Box(pixels: node.outputs[0], rows, arithmetic.channels)
    if network.int16[node.outputs[0]] != nil {
      return [try LayerPlan(int16: node, in: network, activation, kernel, from: from, to: to, arithmetic.rescaling(node, in: graph))]
    }
    return [LayerPlan(convolution: node, in: graph, arithmetic, activation, kernel, from: from, to: to)]
  }
}

extension ConvolutionArithmetic {
  /// How sums become the output of a node.
  func rescaling(_ node: Node, in graph: Graph) -> Rescaling {
    .sums(bias: bias, factors: factors, zeroIn: graph.tensors[node.inputs[0]].zeroPoint, zeroOut: graph.tensors[node.outputs[0]].zeroPoint)
  }
}

extension LayerPlan {
  /// A layer of one kernel over weights.
  /// - Parameters:
  ///   - from, to: what it reads and writes; nil for whole tensors.
  init(
    convolution node: Node, in graph: Graph, _ arithmetic: ConvolutionArithmetic, _ activation: Activation, _ kernel: Kernel,
    from: Box? = nil, to: Box? = nil
  ) {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    self.init(
      node,
      parts: [
        Part(
          kernel: kernel, from: from ?? Box(whole: node.inputs[0], input.shape), to: to ?? Box(whole: node.outputs[0], output.shape),
          rescaling: arithmetic.rescaling(node, in: graph))
      ], ending: Ending(limits: activation, of: output))
  }
}

extension Ending {
  /// The limits of a fused activation.
  init(limits activation: Activation, of output: Tensor) {
    let limits = activation.limits(of: output)
    self.init(limits: Int(limits.lowerBound)...Int(limits.upperBound))
  }
}
