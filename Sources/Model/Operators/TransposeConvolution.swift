// TRANSPOSE_CONV: every input pixel adds a window to the output, the way back of a convolution.
//
// Input N×H×W×C, weights O×kh×kw×C, bias O, output N×H'×W'×O. Input pixel (y, x) adds (value − zx)·w[ky, kx] to output
// pixel (y·stride + ky − top, x·stride + kx − left), wherever that is inside the output; rescaling is that of CONV_2D.
// H' and W' are in the model, and top and left are the padding that a convolution from H'×W' to H×W would have.

/// A transposed convolution. Its inputs are the output's shape, the weights, the activations and the bias.
public struct TransposeConvolution: Accumulating, Windowed {
  public var name: String { "TRANSPOSE_CONV" }
  public static let operands = (activations: 2, weights: 1, bias: 3)
  /// On the output: the stride is the distance between the windows of neighbouring input pixels.
  public var window: Window2D
  public var activation: Activation
  /// Whether real numbers are added in float32, as ONNX Runtime does, which has no kernel for integers.
  public var addsReals = false

  public init(strideHeight: Int = 1, strideWidth: Int = 1, padding: Padding = .same, activation: Activation = .none) {
    window = Window2D(strideHeight: strideHeight, strideWidth: strideWidth, padding: padding)
    self.activation = activation
  }

  /// How a window slides over the *output* of a `node`: window (y, x) is where input pixel (y, x) adds to.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D {
    let weights = graph.tensors[node.inputs[1]].shape
    return window.geometry(on: graph.tensors[node.outputs[0]].shape, height: weights[1], width: weights[2])
  }

  /// Where the input pixels of a validated `node` add to: pixel (y, x) adds x·w[ky, kx] to output pixel
  /// (y·strideHeight + ky − padTop, x·strideWidth + kx − padLeft).
  public func placement(
    _ node: Node, in graph: Graph
  ) -> (strideHeight: Int, strideWidth: Int, padTop: Int, padLeft: Int) {
    let geometry = geometry(node, in: graph)
    return (strideHeight, strideWidth, geometry.rows.before, geometry.columns.before)
  }

  /// Those of every input pixel with the whole window.
  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    guard let weights = graph.shape(node.input(1), rank: 4), let input = graph.shape(node.input(2), rank: 4) else { return 0 }
    return product(input.prefix(3) + weights)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 3...4)
    try check.requireActivations(inputs: [2])
    try check.requireRank(node.inputs[2], 4...4, "input")
    try check.requireRank(node.outputs[0], 4...4, "output")
    try validateWeights(check, rank: 4)
    try check.requireOptions(of: window)
    let (input, weights, output) = (check.input(2).shape, check.input(1).shape, check.output().shape)
    try check.require(
      input[3] == weights[3], .invalidShape, "input channels \(input[3]) do not match filter channels \(weights[3])",
      tensor: node.inputs[1])
    let sizes = try check.constantIndices(0, "output sizes")
    try check.require(
      sizes == output, .invalidShape, "the output shape is given as \(sizes), but the output has \(check.describe(output))",
      tensor: node.inputs[0])
    let geometry = geometry(node, in: graph)
    try check.require(
      output[0] == input[0] && output[3] == weights[0] && geometry.rows.output == input[1] && geometry.columns.output == input[2],
      .invalidShape,
      "an output of shape \(check.describe(output)) does not come from an input of shape \(check.describe(input)) with "
        + "\(padding) \(weights[1])x\(weights[2]) windows of stride \(strideHeight)x\(strideWidth)", tensor: node.outputs[0])
    try validateArithmetic(check)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let (input, output) = (graph.tensors[node.inputs[2]], graph.tensors[node.outputs[0]])
    let arithmetic = arithmetic(node, in: graph), geometry = geometry(node, in: graph)
    let (rows, columns) = (geometry.rows, geometry.columns)
    let (channels, depth, taps) = (arithmetic.channels, input.shape[3], rows.filter * columns.filter)
    let (bias, factors, stage) = (arithmetic.bias, arithmetic.factors, OutputStage(output, activation))
    let zeroPoint = Int32(truncatingIfNeeded: input.zeroPoint)

    store[node.outputs[0]] = withInt8(store[node.inputs[2]]) { x in
      withInt8(store[node.inputs[1]]) { weights in
        makeInt8(output.elementCount) { y in
          guard let x = x.baseAddress, let weights = weights.baseAddress else { return }
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: output.elementCount) { sums in
            for index in 0..<output.elementCount { sums.initializeElement(at: index, to: bias[index % channels]) }
            // What the zero point takes from each sum, per channel and tap.
            let offsets = (0..<(channels * taps)).map { window in
              (0..<depth).reduce(Int32(0)) { $0 &+ Int32(weights[window * depth + $1]) } &* zeroPoint
            }
            for pixel in 0..<(input.elementCount / depth) {
              let row = pixel / columns.output % rows.output, column = pixel % columns.output
              let image = pixel / (rows.output * columns.output)
              for tapRow in rows.taps(row) {
                let line = (image * rows.input + rows.start(row) + tapRow) * columns.input
                for tapColumn in columns.taps(column) {
                  let first = (line + columns.start(column) + tapColumn) * channels
                  for channel in 0..<channels {
                    let window = channel * taps + tapRow * columns.filter + tapColumn
                    let sum = dotProduct(x + pixel * depth, weights + window * depth, depth) &- offsets[window]
                    sums[first + channel] = sums[first + channel] &+ sum
                  }
                }
              }
            }
            for index in 0..<output.elementCount { y[index] = stage.store(sums[index], factors[index % channels]) }
          }
        }
      }
    }
  }
}
