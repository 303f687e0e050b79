// DEPTHWISE_CONV_2D: every output channel sums a window of one input channel.
//
// Input N×H×W×C, weights 1×kh×kw×(C·multiplier), output N×H'×W'×(C·multiplier); output
// channel o reads input channel o / multiplier. Otherwise as CONV_2D.

/// A depthwise convolution.
public struct DepthwiseConvolution2D: Accumulating, Windowed {
  public var name: String { "DEPTHWISE_CONV_2D" }
  public static let channelDimension = 3
  public var window: Window2D
  public var activation: Activation
  /// Output channels per input channel, at least 1.
  public var depthMultiplier: Int
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  public var isUnsigned = false

  public init(
    strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1, dilationWidth: Int = 1,
    padding: Padding = .same, activation: Activation = .none, depthMultiplier: Int = 1
  ) {
    window = Window2D(
      strideHeight: strideHeight, strideWidth: strideWidth, dilationHeight: dilationHeight, dilationWidth: dilationWidth,
      padding: padding)
    self.activation = activation
    self.depthMultiplier = depthMultiplier
  }

  /// How the window slides over rows and columns of a validated `node`.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D {
    let weights = graph.tensors[node.inputs[1]].shape
    return window.geometry(on: graph.tensors[node.inputs[0]].shape, height: weights[1], width: weights[2])
  }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    guard let weights = graph.shape(node.input(1), rank: 4), let output = graph.shape(node.outputs.first, rank: 4) else { return 0 }
    return product(output + weights[1...2])
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...3)
    try check.requireActivations()
    try check.requireRank(node.inputs[0], 4...4, "input")
    try check.requireRank(node.outputs[0], 4...4, "output")
    try validateWeights(check, rank: 4)
    try check.requireOptions(of: window)
    try check.require(
      depthMultiplier >= 1, .invalidGraph, "depth multiplier is \(depthMultiplier), must be at least 1")
    let input = check.input().shape
    let weights = check.input(1).shape
    let (channels, overflow) = input[3].multipliedReportingOverflow(by: depthMultiplier)
    try check.require(
      weights[0] == 1, .invalidShape, "depthwise weights must have first dimension 1, have \(weights[0])",
      tensor: node.inputs[1])
    try check.require(
      !overflow && weights[3] == channels, .invalidShape,
      "filter channels \(weights[3]) are not input channels \(input[3]) times depth multiplier \(depthMultiplier)",
      tensor: node.inputs[1])
    let geometry = geometry(node, in: graph)
    try check.requireWindow(geometry, padding: padding)
    try check.requireShape(node.outputs[0], [input[0], geometry.rows.output, geometry.columns.output, weights[3]])
    try validateArithmetic(check)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let (x, weights) = (store[node.inputs[0]], store[node.inputs[1]])
    store[node.outputs[0]] =
      switch (graph.isInt16(node), graph.tensors[node.inputs[1]].type) {
      case (true, _): withInt8(weights) { output(of: x, as: Int16.self, $0, node, in: graph) }
      case (false, .int16): withInt16(weights) { output(of: x, as: Int8.self, $0, node, in: graph) }
      default: withInt8(weights) { output(of: x, as: Int8.self, $0, node, in: graph) }
      }
  }

  private func output<Element: SummedElement, Weight: FixedWidthInteger>(
    of x: [UInt8], as type: Element.Type, _ weights: UnsafeBufferPointer<Weight>, _ node: Node, in graph: Graph
  ) -> [UInt8] {
    let input = graph.tensors[node.inputs[0]]
    let output = graph.tensors[node.outputs[0]]
    let arithmetic = arithmetic(node, in: graph)
    let (rows, columns) = (geometry(node, in: graph).rows, geometry(node, in: graph).columns)
    let (channels, depth, multiplier) = (arithmetic.channels, input.shape[3], depthMultiplier)
    let factors = arithmetic.factors
    let bias = arithmetic.bias.map { Element.Sum(truncatingIfNeeded: $0) }
    let stage = OutputStage(output, activation)
    let zeroPoint = Element.Sum(truncatingIfNeeded: input.zeroPoint)

    return Element.withElements(x) { x in
      Element.make(output.elementCount) { y in
        guard let x = x.baseAddress, let weights = weights.baseAddress, let y = y.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Element.Sum.self, capacity: channels) { sums in
          guard let sums = sums.baseAddress else { return }
          var position = 0
          for image in 0..<input.shape[0] {
            let plane = x + image * rows.input * columns.input * depth
            for row in 0..<rows.output {
              for column in 0..<columns.output {
                for channel in 0..<channels { sums[channel] = bias[channel] }
                for tapRow in rows.taps(row) {
                  let line = plane + (rows.start(row) + tapRow * rows.dilation) * columns.input * depth
                  for tapColumn in columns.taps(column) {
                    Self.accumulate(
                      sums, line + (columns.start(column) + tapColumn * columns.dilation) * depth,
                      weights + (tapRow * columns.filter + tapColumn) * channels, zeroPoint, depth, multiplier)
                  }
                }
                for channel in 0..<channels {
                  y[position] = stage.store(sums[channel], factors[channel])
                  position += 1
                }
              }
            }
          }
        }
      }
    }
  }

  /// Adds (x − zero point)·w of one tap to all channels.
  private static func accumulate<Element: SummedElement, Weight: FixedWidthInteger>(
    _ sums: UnsafeMutablePointer<Element.Sum>, _ x: UnsafePointer<Element>, _ weights: UnsafePointer<Weight>,
    _ zeroPoint: Element.Sum, _ depth: Int, _ multiplier: Int
  ) {
    if multiplier == 1 {
      var channel = 0
      while channel < depth {
        let value = Element.Sum(truncatingIfNeeded: x[channel]) &- zeroPoint
        sums[channel] = sums[channel] &+ value &* Element.Sum(truncatingIfNeeded: weights[channel])
        channel &+= 1
      }
    } else {
      for channel in 0..<depth {
        let value = Element.Sum(truncatingIfNeeded: x[channel]) &- zeroPoint
        for index in channel * multiplier..<(channel + 1) * multiplier {
          sums[index] = sums[index] &+ value &* Element.Sum(truncatingIfNeeded: weights[index])
        }
      }
    }
  }
}
