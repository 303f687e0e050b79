// Average pools of ONNX files: the mean of a window of real numbers, per channel.
//
// ONNX Runtime's QLinearAveragePool, which it also makes of AveragePool between DequantizeLinear and QuantizeLinear, sums real numbers in
// float32, row by row: y = clamp(round((Σ sx·(x − zx))/n/sy + zy)), every operation rounded, halves to even. What is rounded depends on the
// order of the elements, so that no function of their sum is equal to it wherever the mean is about halfway between two steps. The
// hardware rounds the sum once; whether a mean can be that near to a half is decided when a network is compiled.

/// A mean of windows that lie inside of the image.
public struct FloatAveragePool: Windowed {
  public var name: String { "AVERAGE_POOL" }
  /// Rows and columns of the window, at least 1.
  public var filterHeight: Int, filterWidth: Int
  public var window: Window2D
  /// Whether the file's bytes have no sign.
  public var isUnsigned: Bool

  public init(filterHeight: Int, filterWidth: Int, window: Window2D, isUnsigned: Bool) {
    (self.filterHeight, self.filterWidth, self.window, self.isUnsigned) = (filterHeight, filterWidth, window, isUnsigned)
  }

  /// How the window slides over rows and columns of a validated `node`.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D {
    window.geometry(on: graph.tensors[node.inputs[0]].shape, height: filterHeight, width: filterWidth)
  }

  /// What the sum of a window is multiplied with.
  public func factor(_ node: Node, in graph: Graph) -> SumFactor {
    SumFactor(meanOf: filterHeight * filterWidth, graph.tensors[node.inputs[0]].scale, to: graph.tensors[node.outputs[0]].scale)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireRank(node.inputs[0], 4...4, "input")
    try check.require(
      (1...4_096).contains(filterHeight) && (1...4_096).contains(filterWidth), .invalidGraph,
      "pool window is \(filterHeight)x\(filterWidth), must be 1x1 to 4096x4096")
    try check.require(padding == .valid, .invalidGraph, "windows must lie inside of the image")
    try check.requireOptions(of: window)
    let geometry = geometry(node, in: graph), shape = check.input().shape
    try check.requireWindow(geometry, padding: padding)
    try check.requireShape(node.outputs[0], [shape[0], geometry.rows.output, geometry.columns.output, shape[3]])
    try check.requireMultiplier(
      Double(check.input().scale) / Double(check.output().scale), "input scale/output scale", tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    let (rows, columns) = (geometry(node, in: graph).rows, geometry(node, in: graph).columns)
    let depth = input.shape[3], count = filterHeight * filterWidth, factor = factor(node, in: graph), offset = isUnsigned ? 128 : 0
    let reals = (-128...127).map { input.scale * Float($0 - input.zeroPoint) }, followsOrder = graph.rounding == .exact
    let bytes = store[node.inputs[0]]
    var result: [UInt8] = []
    result.reserveCapacity(output.elementCount)
    for image in 0..<input.shape[0] {
      for row in 0..<rows.output {
        for column in 0..<columns.output {
          for channel in 0..<depth {
            var real: Float = 0, sum: Int32 = 0
            for y in rows.start(row)..<rows.start(row) + filterHeight {
              for x in columns.start(column)..<columns.start(column) + filterWidth {
                let byte = Int(Int8(bitPattern: bytes[((image * rows.input + y) * columns.input + x) * depth + channel]))
                real += reals[byte + 128]
                sum &+= Int32(byte - input.zeroPoint)
              }
            }
            let mean = real / Float(count) / output.scale + Float(output.zeroPoint + offset)
            let steps =
              followsOrder
              ? FloatJoin.rounded(mean) - offset : Int(factor.steps(sum)) + output.zeroPoint
            result.append(UInt8(truncatingIfNeeded: min(max(steps, -128), 127)))
          }
        }
      }
    }
    store[node.outputs[0]] = result
  }
}
