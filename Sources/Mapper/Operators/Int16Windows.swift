// Windows over activations of int16: the same windows over rows of their bytes.
//
// A row of taps is one over high bytes and one over low bytes, with the same weights; the array counts what it sums of high bytes 256 times. What
// is missing, 128 for every tap, is in the bias (`settleArithmetic`).

import Model

extension LayerPlan {
  /// A layer of windows over the image that a tensor of int16 is.
  /// - Parameter kernel: of the window, whose rows are doubled.
  init(
    int16 node: Node, in network: Network, _ window: Window, _ activation: Activation, rescaling: Rescaling, kernel: (Window) -> Kernel
  ) throws(MappingError) {
    let graph = network.graph, input = graph.tensors[node.inputs[0]].shape, output = Box(whole: node.outputs[0], graph.tensors[node.outputs[0]].shape)
    try self.init(
      int16: node, in: network, activation, kernel(window.ofInt16),
      from: Box(whole: node.inputs[0], [input[0], 2 * input[1], input[2], input[3]]), to: output, rescaling)
    if window.dilationY > 1 {
      throw error("windows with gaps between their rows are not supported for activations of int16", in: graph, advice: "use a dilation of 1")
    }
  }

  /// A layer that makes a tensor of int16.
  /// - Parameters:
  ///   - from: bytes of its input.
  ///   - to: elements of its output.
  init(
    int16 node: Node, in network: Network, _ activation: Activation, _ kernel: Kernel, from: Box, to: Box, _ rescaling: Rescaling
  ) throws(MappingError) {
    let graph = network.graph, output = node.outputs[0]
    self.init(node, parts: [])
    guard let rows = network.int16[output], let high = rows.highBytes(ofPixels: to) else {
      throw error("its result is read in rows that do not suit its shape, which is not supported for activations of int16", in: graph)
    }
    ending = Ending(limits: activation, of: graph.tensors[output])
    ending.int16Step = rows.length
    parts = [Part(kernel: kernel, from: from, to: high, rescaling: rescaling, isInt16: network.readsInt16(node))]
  }
}

extension LayerPlan {
  /// Refuses weights for all channels, of which all but a few are zero, where they would be too many to store.
  func requireSpread(_ window: Window, channels: Int, in graph: Graph) throws(MappingError) {
    let most = 1 << 22, count = product([channels, window.taps, window.depth])
    guard count > 0, count <= most else {
      throw error(
        "windows per channel of int16 become sums over all channels, with \(count) weights, at most \(most)", in: graph,
        advice: "use fewer channels, or one output per channel")
    }
  }
}

extension Network {
  /// Whether an operator reads activations of int16.
  func readsInt16(_ node: Node) -> Bool { int16[node.inputs[0]] != nil }
}

extension FullyConnected {
  /// Rows of the input as windows over the rows in which its bytes lie.
  func int16Plan(_ node: Node, in network: Network, _ rescaling: Rescaling) throws(MappingError) -> LayerPlan {
    let graph = network.graph, weights = graph.tensors[node.inputs[1]], depth = weights.shape[1], channels = weights.shape[0]
    let rows = rowCount(node, in: graph), length = network.int16[node.inputs[0]]?.length ?? depth
    guard depth % length == 0 || length % depth == 0 else {
      throw LayerPlan(node, parts: []).error(
        "its rows of \(depth) elements lie in rows of \(length), which is not supported for activations of int16", in: graph)
    }
    // An input's row is whole rows of bytes, or a part of one.
    let (kernelRows, pixels) = (max(depth / length, 1), max(length / depth, 1)), pixel = depth / kernelRows
    let window = Window(
      inputHeight: rows * kernelRows / pixels, inputWidth: pixels, depth: pixel, outputHeight: rows / pixels, outputWidth: pixels,
      kernelHeight: kernelRows, kernelWidth: 1, strideY: kernelRows
    ).ofInt16
    return try LayerPlan(
      int16: node, in: network, activation, .sum(window, weights: weights.int8Values().doublingRows(of: pixel)),
      from: Box(whole: node.inputs[0], [1, window.inputHeight, pixels, pixel]),
      to: Box(whole: node.outputs[0], [1, rows / pixels, pixels, channels]), rescaling)
  }
}

extension Window {
  /// The same windows over high and low bytes in rows of their own.
  var ofInt16: Window {
    var window = self
    (window.inputHeight, window.kernelHeight) = (2 * inputHeight, 2 * kernelHeight)
    (window.strideY, window.padTop) = (2 * strideY, 2 * padTop)
    return window
  }
}

extension [Int8] {
  /// Rows of so many weights, each twice.
  func doublingRows(of count: Int) -> [Int8] {
    stride(from: 0, to: self.count, by: count).flatMap { self[$0..<$0 + count] + self[$0..<$0 + count] }
  }

  /// Weights of one input channel for every output channel, taps × output channels, as weights for all input channels: output channels × taps ×
  /// depth.
  func spread(depth: Int, multiplier: Int) -> [Int8] {
    let channels = depth * multiplier, taps = count / channels
    var weights = [Int8](repeating: 0, count: channels * taps * depth)
    for channel in 0..<channels {
      for tap in 0..<taps { weights[(channel * taps + tap) * depth + channel / multiplier] = self[tap * channels + channel] }
    }
    return weights
  }
}
