// MEAN over height and width: one value per channel of each image.
//
// Input N×H×W×C, output N×C or N×1×1×C. The division by n = H·W is folded into the
// multiplier with as many bits as fit: (m, e) = QM(sx/sy), k = min(⌊log2 n⌋, 32, 31 + e),
// m' = (m << k)/n, e' = e − k; y = clamp(zy + MBQM(Σx − n·zx, m', e')).

/// A mean over H and W.
public struct Mean: Operation {
  public var name: String { "MEAN" }
  /// Whether the output keeps H and W as dimensions of size 1.
  public var keepDimensions: Bool

  public init(keepDimensions: Bool = false) {
    self.keepDimensions = keepDimensions
  }

  /// Number of elements that are averaged in a validated `node`: H·W.
  public func count(_ node: Node, in graph: Graph) -> Int {
    let shape = graph.tensors[node.inputs[0]].shape
    return shape[1] * shape[2]
  }

  /// The multiplier of a validated `node`, the division by the count included.
  public func multiplier(_ node: Node, in graph: Graph) -> QuantizedMultiplier {
    let real = Double(graph.tensors[node.inputs[0]].scale) / Double(graph.tensors[node.outputs[0]].scale)
    return Self.multiplier(QuantizedMultiplier(real), count: count(node, in: graph))
  }

  /// `multiplier` divided by `count` (at least 1), keeping as many bits as the exponent's range allows.
  public static func multiplier(_ multiplier: QuantizedMultiplier, count: Int) -> QuantizedMultiplier {
    let logarithm = Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount
    let shift = min(logarithm, 32, 31 + multiplier.exponent)
    return QuantizedMultiplier(
      multiplier: Int32(truncatingIfNeeded: (Int64(multiplier.multiplier) << Int64(shift)) / Int64(max(count, 1))),
      exponent: multiplier.exponent - shift)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireInt8Activations()
    let axes = try check.constantIndices(1, "axes")
    let shape = check.input().shape
    let rank = shape.count
    for axis in axes {
      try check.require(
        axis >= -rank && axis < rank, .invalidGraph, "axis \(axis) is out of range for rank \(rank)",
        tensor: node.inputs[1])
    }
    let reduced = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
    try check.require(
      rank == 4 && reduced == [1, 2], .unsupported,
      "MEAN over axes \(axes) of rank \(rank) is not supported, only over H and W (axes 1 and 2) of rank 4",
      tensor: node.inputs[0],
      advice: "average a map of rank 4: a one-dimensional network can keep a height of 1 (GlobalAveragePooling2D)")
    try check.requireShape(
      node.outputs[0], keepDimensions ? [shape[0], 1, 1, shape[3]] : [shape[0], shape[3]])
    try check.requireMultiplier(
      Double(check.input().scale) / Double(check.output().scale), "input scale/output scale",
      tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]]
    let output = graph.tensors[node.outputs[0]]
    let (count, depth) = (count(node, in: graph), input.shape[3])
    let multiplier = multiplier(node, in: graph)
    let stage = OutputStage(output, .none)
    let correction = Int32(truncatingIfNeeded: count * input.zeroPoint)
    store[node.outputs[0]] = withInt8(store[node.inputs[0]]) { x in
      makeInt8(output.elementCount) { y in
        for image in 0..<input.shape[0] {
          for channel in 0..<depth {
            var sum: Int32 = 0
            for pixel in 0..<count { sum = sum &+ Int32(x[(image * count + pixel) * depth + channel]) }
            y[image * depth + channel] = stage.store(sum &- correction, multiplier)
          }
        }
      }
    }
  }
}
