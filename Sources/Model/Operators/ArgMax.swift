// ARG_MAX and ARG_MIN: where the largest or the smallest element of a dimension is. The first one counts.
//
// They give integers that nothing in an int8 network computes with, so they stand at its end, and run on the host.

/// The position of an extreme element along one dimension.
public struct ArgMax: HostOperation {
  public var name: String { isMinimum ? "ARG_MIN" : "ARG_MAX" }
  /// Whether it is the smallest element.
  public var isMinimum: Bool

  public init(isMinimum: Bool = false) {
    self.isMinimum = isMinimum
  }

  /// Never runs on the accelerator.
  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(.unsupported, "\(name) is not supported inside of a network, only at its end")
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    let (input, output) = (check.input(), check.output())
    try check.require(
      [.int8, .uint8, .int16, .float32].contains(input.type) && [.int32, .int64].contains(output.type), .unsupported,
      "\(name) from \(input.type) to \(output.type) is not supported", tensor: node.inputs[0])
    let axes = try check.constantIndices(1, "axes")
    try check.require(axes.count == 1, .invalidShape, "there are \(axes.count) axes, \(name) has one", tensor: node.inputs[1])
    let axis = try check.axis(axes[0], of: node.inputs[0])
    try check.require(
      input.shape.allSatisfy { $0 > 0 }, .invalidShape, "shape \(check.describe(input.shape)) has an empty dimension", tensor: node.inputs[0])
    var shape = input.shape
    shape.remove(at: axis)
    try check.requireShape(node.outputs[0], shape)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], bytes = store[node.inputs[0]]
    let axis = graph.tensors[node.inputs[1]].indexValues()?.first ?? 0
    let values = input.type == .float32 ? Elements.floats(bytes).map(Double.init) : Elements.integers(bytes, input.type).map(Double.init)
    let dimension = axis < 0 ? axis + input.shape.count : axis
    let size = input.shape[dimension], inner = input.shape[(dimension + 1)...].reduce(1, *)
    var result: [Int] = []
    for outer in 0..<values.count / (size * inner) {
      for place in 0..<inner {
        var best = 0
        func value(_ index: Int) -> Double { values[(outer * size + index) * inner + place] }
        for index in 1..<max(size, 1) where isMinimum ? value(index) < value(best) : value(index) > value(best) { best = index }
        result.append(best)
      }
    }
    store[node.outputs[0]] = Elements.bytes(result, graph.tensors[node.outputs[0]].type)
  }
}
