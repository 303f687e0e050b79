// CONV_2D: every output channel sums a window of all input channels, or of those of its group.
//
// Input N×H×W×C, weights O×kh×kw×(C/g), bias O, output N×H'×W'×O, all int8 but the int32
// bias; or input and output int16 (see `Int16Activations`). With g groups output channel o reads group o/(O/g) of the input channels.
// y = clamp(zy + MBQM(Σ (x − zx)·w + bias, sx·sw/sy)); padding adds nothing, that is, it
// behaves like a byte zx. So the kernel sums x·w over a window whose padding is zx, and
// zx·Σw is taken from the bias beforehand: exact in wrapping arithmetic.

/// A two-dimensional convolution.
public struct Convolution2D: Accumulating, Windowed {
  public var name: String { "CONV_2D" }
  public var window: Window2D
  public var activation: Activation
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  public var isUnsigned = false

  public init(
    strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1, dilationWidth: Int = 1,
    padding: Padding = .same, activation: Activation = .none
  ) {
    window = Window2D(
      strideHeight: strideHeight, strideWidth: strideWidth, dilationHeight: dilationHeight, dilationWidth: dilationWidth,
      padding: padding)
    self.activation = activation
  }

  /// How the window slides over rows and columns of a validated `node`.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D {
    let weights = graph.tensors[node.inputs[1]].shape
    return window.geometry(on: graph.tensors[node.inputs[0]].shape, height: weights[1], width: weights[2])
  }

  /// Number of groups into which the channels of a validated `node` are divided; 1 in an ordinary convolution.
  public func groups(_ node: Node, in graph: Graph) -> Int {
    graph.tensors[node.inputs[0]].shape[3] / graph.tensors[node.inputs[1]].shape[3]
  }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    guard let weights = graph.shape(node.input(1), rank: 4), let output = graph.shape(node.outputs.first, rank: 4) else { return 0 }
    return product(output + weights[1...])
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...3)
    try check.requireActivations()
    try check.requireRank(node.inputs[0], 4...4, "input")
    try check.requireRank(node.outputs[0], 4...4, "output")
    try validateWeights(check, rank: 4)
    try check.requireOptions(of: window)
    let input = check.input().shape
    let weights = check.input(1).shape
    try check.require(
      input[3] % weights[3] == 0, .invalidShape,
      "input channels \(input[3]) do not match filter channels \(weights[3])", tensor: node.inputs[1])
    try check.require(
      weights[0] % groups(node, in: graph) == 0, .invalidShape,
      "\(weights[0]) output channels cannot be divided into \(groups(node, in: graph)) groups", tensor: node.inputs[1])
    let geometry = geometry(node, in: graph)
    try check.requireWindow(geometry, padding: padding)
    try check.requireShape(node.outputs[0], [input[0], geometry.rows.output, geometry.columns.output, weights[0]])
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
    let geometry = geometry(node, in: graph)
    let (channels, depth) = (arithmetic.channels, input.shape[3])
    let taps = geometry.rows.filter * geometry.columns.filter, groups = groups(node, in: graph)
    // Weights of one output channel, and how many of their bytes lie side by side in the window.
    let window = taps * depth / groups
    let run = groups == 1 ? window : depth / groups
    let factors = arithmetic.factors
    let stage = OutputStage(output, activation)
    let zeroPoint = Element(truncatingIfNeeded: input.zeroPoint)
    let isPlain = taps == 1 && geometry.rows.before == 0 && geometry.columns.before == 0

    return Element.withElements(x) { x in
      var bias = arithmetic.bias.map { Element.Sum(truncatingIfNeeded: $0) }
      for channel in 0..<channels {
        var sum: Element.Sum = 0
        for index in 0..<window { sum = sum &+ Element.Sum(truncatingIfNeeded: weights[channel * window + index]) }
        bias[channel] = bias[channel] &- sum &* Element.Sum(truncatingIfNeeded: zeroPoint)
      }
      return Element.make(output.elementCount) { y in
        guard let x = x.baseAddress, let weights = weights.baseAddress, let y = y.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Element.self, capacity: taps * depth) { patch in
          guard let patch = patch.baseAddress else { return }
          var position = 0
          for image in 0..<input.shape[0] {
            let plane = x + image * input.shape[1] * input.shape[2] * depth
            for row in 0..<geometry.rows.output {
              for column in 0..<geometry.columns.output {
                let source: UnsafePointer<Element>
                if isPlain {
                  source =
                    plane + (geometry.rows.start(row) * input.shape[2] + geometry.columns.start(column)) * depth
                } else {
                  geometry.copyWindow(
                    row: row, column: column, from: plane, depth: depth, padding: zeroPoint, to: patch)
                  source = UnsafePointer(patch)
                }
                for channel in 0..<channels {
                  var sum = bias[channel]
                  let first = source + channel / (channels / groups) * run
                  for tap in 0..<(window / run) {
                    sum = sum &+ dotProduct(first + tap * depth, weights + channel * window + tap * run, run)
                  }
                  y[position] = stage.store(sum, factors[channel])
                  position += 1
                }
              }
            }
          }
        }
      }
    }
  }
}
