// SLICE and STRIDED_SLICE: every so many-th element of a range, in each dimension.
//
// SLICE has constants for begin and size (−1: to the end). STRIDED_SLICE has begin, end and stride, which may be
// negative; indices count from the end when negative and are cut to the tensor. Three masks of one bit per dimension
// say where begin and end do not count, and which dimensions are lost: those have one element, at begin.

/// A range of each dimension.
public struct Slice: Movement {
  /// `SLICE` or `STRIDED_SLICE`.
  public var name: String
  /// Dimensions that start at their first element (or, with a negative stride, their last), a bit each.
  public var beginMask: Int
  /// Dimensions that run to their end.
  public var endMask: Int
  /// Dimensions of which one element remains, and that the output does not have.
  public var shrinkMask: Int

  public init(name: String = "SLICE", beginMask: Int = 0, endMask: Int = 0, shrinkMask: Int = 0) {
    self.name = name
    self.beginMask = beginMask
    self.endMask = endMask
    self.shrinkMask = shrinkMask
  }

  /// Which elements of a dimension.
  private struct Range {
    var start: Int
    var step = 1
    var count: Int
  }

  private func shrinks(_ dimension: Int) -> Bool { shrinkMask >> dimension & 1 != 0 }

  private func ranges(_ node: Node, in graph: Graph) -> [Range] {
    let values = node.inputs.dropFirst().map { graph.tensors[$0].indexValues() ?? [] }
    return graph.tensors[node.inputs[0]].shape.enumerated().map { dimension, size in
      let begin = values[0][dimension], end = values[1][dimension]
      if values.count == 2 { return Range(start: begin, count: end == -1 ? size - begin : end) }
      let stride = values[2][dimension]
      // One before the first element is an end when going backwards.
      let (low, high) = stride > 0 ? (0, size) : (-1, size - 1)
      func place(_ index: Int, _ mask: Int, _ masked: Int) -> Int {
        mask >> dimension & 1 != 0 ? masked : min(max(index < 0 ? index + size : index, low), high)
      }
      let start = place(begin, beginMask, stride > 0 ? low : high)
      if shrinks(dimension) { return Range(start: start, count: 1) }
      let distance = place(end, endMask, stride > 0 ? high : low) - start
      let count = distance != 0 && (distance > 0) == (stride > 0) ? (distance.magnitude - 1) / stride.magnitude + 1 : 0
      return Range(start: start, step: stride, count: Int(count))
    }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    let isStrided = name == "STRIDED_SLICE"
    try check.requireCounts(inputs: isStrided ? 4...4 : 3...3)
    try check.requireMovable()
    let shape = check.input().shape
    let begins = try check.constantPerDimension(1, "begins")
    let ends = try check.constantPerDimension(2, isStrided ? "ends" : "sizes")
    if isStrided {
      for (dimension, stride) in try check.constantPerDimension(3, "strides").enumerated() {
        try check.require(
          shrinks(dimension) ? stride > 0 : stride != 0, .invalidGraph, "stride \(stride) of dimension \(dimension)",
          tensor: node.inputs[3])
      }
    } else {
      for (size, (begin, count)) in zip(shape, zip(begins, ends)) {
        try check.require(
          (0...size).contains(begin) && (-1...(size - begin)).contains(count), .invalidGraph,
          "begin \(begin) and size \(count) leave a dimension of \(size) elements", tensor: node.inputs[2])
      }
    }
    let ranges = ranges(node, in: graph)
    for (size, range) in zip(shape, ranges) {
      try check.require(
        range.count == 0 || (0..<size).contains(range.start), .invalidGraph,
        "index \(range.start) is out of range for \(size) elements", tensor: node.inputs[1])
    }
    try check.requireShape(node.outputs[0], ranges.indices.filter { !shrinks($0) }.map { ranges[$0].count })
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let ranges = ranges(node, in: graph)
    let strides = Move.strides(graph.tensors[node.inputs[0]].shape)
    let shape = ranges.map(\.count)
    return [
      Move(
        shape: shape,
        from: Move.Box(
          // A stride that nothing uses may be any number.
          tensor: node.inputs[0], offset: zip(ranges, strides).reduce(0) { $0 + $1.0.start * $1.1 },
          strides: zip(ranges, strides).map { $0.count == 1 ? $1 : $0.step * $1 }),
        to: Move.Box(tensor: node.outputs[0], strides: Move.strides(shape))).merged
    ]
  }
}
