// MEAN, SUM, REDUCE_MAX and REDUCE_MIN: one value of all elements along some dimensions.
//
// n elements x become y = clamp(zy + MBQM(Σx − n·zx, m, e)): for SUM (m, e) = QM(sx/sy), and for MEAN the division by n
// is folded into that with as many bits as fit: k = min(⌊log2 n⌋, 32, 31 + e), m' = (m << k)/n, e' = e − k. So a mean is
// rounded once, and is not a mean of means. The extremes compare stored bytes: input and output have one quantization.
//
// A minimum is the complement of the maximum of complements, and the complement −1 − x of a stored byte is its product with
// −1 where the zero point is complemented, too. A maximum of many elements is the maximum of maxima of fewer.

/// A reduction along constant dimensions.
public struct Reduction: CompositeOperation {
  /// What becomes of the elements.
  public enum Kind: String, Sendable, CaseIterable {
    case mean = "MEAN"
    case sum = "SUM"
    case maximum = "REDUCE_MAX"
    case minimum = "REDUCE_MIN"
  }

  public var kind: Kind
  public var name: String { kind.rawValue }
  /// Whether the output keeps the reduced dimensions with size 1.
  public var keepDimensions: Bool
  /// Whether real numbers are added in float32, as ONNX Runtime does where it has no kernel for integers; of means alone.
  public var addsReals = false

  public init(_ kind: Kind, keepDimensions: Bool = false) {
    self.kind = kind
    self.keepDimensions = keepDimensions
  }

  /// The highest rank for which the reference was tried.
  public static let largestRank = 6

  /// Whether input and output have one quantization, since bytes are compared only.
  public var compares: Bool { kind == .maximum || kind == .minimum }

  /// The dimensions that disappear, counted from 0.
  /// - Precondition: the axes of `node` are constants within the rank, as in a validated node.
  public func dimensions(_ node: Node, in graph: Graph) -> Set<Int> {
    let rank = graph.tensors[node.inputs[0]].shape.count
    return Set((graph.tensors[node.inputs[1]].indexValues() ?? []).map { $0 < 0 ? $0 + rank : $0 })
  }

  /// Number of elements behind each value of a validated `node`.
  public func count(_ node: Node, in graph: Graph) -> Int {
    let shape = graph.tensors[node.inputs[0]].shape
    return dimensions(node, in: graph).reduce(1) { $0 * shape[$1] }
  }

  /// The multiplier of a validated `node` that adds up, the division by the count included.
  public func multiplier(_ node: Node, in graph: Graph) -> QuantizedMultiplier {
    let real = Double(graph.tensors[node.inputs[0]].scale) / Double(graph.tensors[node.outputs[0]].scale)
    let multiplier = QuantizedMultiplier(real)
    return kind == .mean ? Self.multiplier(multiplier, count: count(node, in: graph)) : multiplier
  }

  /// `multiplier` divided by `count` (at least 1), keeping as many bits as the exponent's range allows.
  public static func multiplier(_ multiplier: QuantizedMultiplier, count: Int) -> QuantizedMultiplier {
    let logarithm = Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount
    let shift = min(logarithm, 32, 31 + multiplier.exponent)
    return QuantizedMultiplier(
      multiplier: Int32(truncatingIfNeeded: (Int64(multiplier.multiplier) << Int64(shift)) / Int64(max(count, 1))),
      exponent: multiplier.exponent - shift)
  }

  /// The factor of a validated `node` that adds up. ONNX Runtime's is sx/(sy·count), every operation in float32.
  public func factor(_ node: Node, in graph: Graph) -> SumFactor {
    let (input, output) = (graph.tensors[node.inputs[0]].scale, graph.tensors[node.outputs[0]].scale)
    if addsReals { return SumFactor(meanOf: count(node, in: graph), input, to: output) }
    let divisor = kind == .mean ? Float(count(node, in: graph)) : 1
    return SumFactor(graph.rounding, multiplier(node, in: graph), input / (output * divisor))
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireActivations()
    try check.requireRank(node.inputs[0], 1...Self.largestRank, "input")
    let axes = try check.constantIndices(1, "axes")
    let shape = check.input().shape
    let rank = shape.count
    try check.require(!axes.isEmpty, .unsupported, "\(name) without axes is not supported", tensor: node.inputs[1])
    for axis in axes {
      try check.require(
        axis >= -rank && axis < rank, .invalidGraph, "axis \(axis) is out of range for rank \(rank)",
        tensor: node.inputs[1])
    }
    let reduced = dimensions(node, in: graph)
    let result = shape.enumerated().compactMap { reduced.contains($0) ? keepDimensions ? 1 : nil : $1 }
    try check.requireShape(node.outputs[0], result)
    if compares {
      try check.requireSameQuantization(node.inputs[0], node.outputs[0])
    } else {
      try check.requireMultiplier(
        Double(check.input().scale) / Double(check.output().scale), "input scale/output scale",
        tensor: node.outputs[0])
      try check.requireFloat(factor(node, in: graph), tensor: node.outputs[0])
    }
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    let reduced = dimensions(node, in: graph)
    // The output with its reduced dimensions repeats over the input.
    let kept = input.shape.enumerated().map { reduced.contains($0) ? 1 : $1 }
    guard let map = Broadcast(kept, to: input.shape) else { return }
    let initial: Int32 = switch kind {
    case .mean, .sum: 0
    case .maximum: -128
    case .minimum: 127
    }
    var values = [Int32](repeating: initial, count: output.elementCount)
    withInt8(store[node.inputs[0]]) { x in
      values.withUnsafeMutableBufferPointer { values in
        switch kind {
        case .mean, .sum: map.forEach { values[$1] = values[$1] &+ Int32(x[$0]) }
        case .maximum: map.forEach { values[$1] = max(values[$1], Int32(x[$0])) }
        case .minimum: map.forEach { values[$1] = min(values[$1], Int32(x[$0])) }
        }
      }
    }
    if compares {
      store[node.outputs[0]] = values.map { UInt8(truncatingIfNeeded: $0) }
    } else {
      let factor = factor(node, in: graph), stage = OutputStage(output, .none)
      let correction = Int32(truncatingIfNeeded: count(node, in: graph) * input.zeroPoint)
      store[node.outputs[0]] = values.map { UInt8(bitPattern: stage.store($0 &- correction, factor)) }
    }
  }

  /// The most elements that a maximum sees at once: as many as column buffers hold. And how often it can skip others.
  private static let largestWindow = 64
  private static let mostRuns = 2

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    switch kind {
    case .mean, .sum: nil
    case .maximum: stages(node, in: &graph)
    case .minimum: count(node, in: graph) > 1 ? complements(node, in: &graph) : nil
    }
  }

  /// A minimum as the complement of the maximum of complements.
  private func complements(_ node: Node, in graph: inout Graph) -> [Node] {
    let (input, output) = (node.inputs[0], node.outputs[0])
    let complement = Quantization(scale: graph.tensors[input].scale, zeroPoint: -1 - graph.tensors[input].zeroPoint)
    let factor = graph.addConstant(-1, Quantization(scale: 1, zeroPoint: 0))
    let complements = graph.addTensor(like: input, "complement", complement)
    let greatest = graph.addTensor(like: output, "complement", complement)
    return [
      Node(index: node.index, operation: Multiplication(), inputs: [input, factor], outputs: [complements]),
      Node(
        index: node.index, operation: Reduction(.maximum, keepDimensions: keepDimensions), inputs: [complements, node.inputs[1]],
        outputs: [greatest]),
      Node(index: node.index, operation: Multiplication(), inputs: [greatest, factor], outputs: [output]),
    ]
  }

  /// A large maximum as one of maxima: along its last dimension first, or along a part of its only one.
  private func stages(_ node: Node, in graph: inout Graph) -> [Node]? {
    var shape = graph.tensors[node.inputs[0]].shape
    let reduced = dimensions(node, in: graph).filter { shape[$0] > 1 }.sorted()
    let runs = reduced.enumerated().filter { $0 == 0 || shape[reduced[$0 - 1] + 1..<$1].contains { $0 > 1 } }.count
    guard let last = reduced.last, count(node, in: graph) > Self.largestWindow || runs > Self.mostRuns else { return nil }
    var (source, axis, nodes) = (node.inputs[0], last, [Node]())
    if reduced.count == 1 {
      // Its elements in rows: one that has no divisors stays as it is.
      guard let length = (2...Self.largestWindow).last(where: { shape[last] % $0 == 0 }) else { return nil }
      shape[last] /= length
      source = graph.addTensor(like: node.inputs[0], "rows", shape: Array(shape[...last] + [length] + shape[(last + 1)...]))
      nodes = [Node(index: node.index, operation: Reshape(), inputs: [node.inputs[0]], outputs: [source])]
      axis = last + 1
    } else {
      shape[last] = 1
    }
    let maxima = graph.addTensor(like: node.inputs[0], "maxima", shape: shape)
    return nodes + [
      Node(
        index: node.index, operation: Reduction(.maximum, keepDimensions: reduced.count > 1), inputs: [source, graph.addIndices([axis])],
        outputs: [maxima]),
      Node(index: node.index, operation: self, inputs: [maxima, node.inputs[1]], outputs: node.outputs),
    ]
  }
}
