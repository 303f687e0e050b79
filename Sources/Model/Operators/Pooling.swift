// What AVERAGE_POOL_2D and MAX_POOL_2D have in common: windows and checks.
//
// Input N×H×W×C, output N×H'×W'×C. Neither rescales, so input and output share scale
// and zero point.

/// A pool.
public protocol Pooling: Windowed {
  /// Rows and columns of the window, at least 1.
  var filterHeight: Int { get }
  var filterWidth: Int { get }
  var activation: Activation { get }
  init(filterHeight: Int, filterWidth: Int, window: Window2D, activation: Activation)
}

extension Pooling {
  public init(
    filterHeight: Int, filterWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1, padding: Padding = .valid,
    activation: Activation = .none
  ) {
    self.init(
      filterHeight: filterHeight, filterWidth: filterWidth,
      window: Window2D(strideHeight: strideHeight, strideWidth: strideWidth, padding: padding), activation: activation)
  }

  /// How the window slides over rows and columns of a validated `node`.
  public func geometry(_ node: Node, in graph: Graph) -> WindowGeometry2D {
    window.geometry(on: graph.tensors[node.inputs[0]].shape, height: filterHeight, width: filterWidth)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireRank(node.inputs[0], 4...4, "input")
    try check.requireRank(node.outputs[0], 4...4, "output")
    try check.require(
      filterHeight >= 1 && filterWidth >= 1, .invalidGraph,
      "pool window is \(filterHeight)x\(filterWidth), must be at least 1x1")
    try check.requireOptions(of: window)
    let geometry = geometry(node, in: graph)
    try check.requireWindow(geometry, padding: padding)
    let shape = check.input().shape
    try check.requireShape(node.outputs[0], [shape[0], geometry.rows.output, geometry.columns.output, shape[3]])
    try check.requireSameQuantization(node.inputs[0], node.outputs[0])
  }

  /// Computes the output channel by channel: `initial` is folded with every element of the window inside the image
  /// by `combine`, and `finish` gets the result and the number of elements.
  package func evaluatePool<Element: SummedElement>(
    _ node: Node, in graph: Graph, on store: inout TensorStore, initial: Int32,
    combine: (Int32, Int32) -> Int32, finish: (Int32, Int32) -> Element
  ) {
    let input = graph.tensors[node.inputs[0]].shape
    let output = graph.tensors[node.outputs[0]]
    let (rows, columns) = (geometry(node, in: graph).rows, geometry(node, in: graph).columns)
    let depth = input[3]
    store[node.outputs[0]] = Element.withElements(store[node.inputs[0]]) { x in
      Element.make(output.elementCount) { y in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: depth) { values in
          var position = 0
          for image in 0..<input[0] {
            for row in 0..<rows.output {
              for column in 0..<columns.output {
                values.initialize(repeating: initial)
                let (tapRows, tapColumns) = (rows.taps(row), columns.taps(column))
                for tapRow in tapRows {
                  for tapColumn in tapColumns {
                    let line = (image * rows.input + rows.start(row) + tapRow) * columns.input
                    let base = (line + columns.start(column) + tapColumn) * depth
                    for channel in 0..<depth { values[channel] = combine(values[channel], Int32(truncatingIfNeeded: x[base + channel])) }
                  }
                }
                let count = Int32(truncatingIfNeeded: tapRows.count * tapColumns.count)
                for channel in 0..<depth {
                  y[position] = finish(values[channel], count)
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
