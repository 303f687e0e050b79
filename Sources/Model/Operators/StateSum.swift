// The second half of an SVDF: what its filters kept, summed over time.
//
// Each of F filters keeps T elements, the latest last; R filters that lie one behind the other are a unit. Elements and weights are int16 with
// zero point 0: y_u = clamp(zy + MBQM(b_u + Σ x·w, sx·sw/sy)), the sum over time and over the filters of unit u. The reference adds in 32 bits
// and leaves open what happens beyond them; here no sum overflows, and its product with the multiplier has 64 bits, as in the post unit. No file has this operator: it is a
// part of `SingularValueFilter`. Source: SVDF on int8 of TensorFlow Lite Micro.

/// Sums over time and over the filters of a unit: state [1, F·T] of int16, weights [F, T] of int16, perhaps a bias [F/R] of int32; output
/// [1, F/R] of int8.
public struct StateSum: Operation {
  public var name: String { "SVDF" }
  /// Filters of a unit, at least 1.
  public var rank: Int
  public var activation: Activation

  public init(rank: Int, activation: Activation = .none) { (self.rank, self.activation) = (rank, activation) }

  /// The most products of a unit's sum.
  public static let mostProducts = 65_535

  /// The weights of a validated `node`, [F, T].
  public func weights(_ node: Node, in graph: Graph) -> [Int16] {
    Elements.words(graph.tensors[node.inputs[1]].constant ?? [], Int16.self)
  }

  /// One bias per unit of a validated `node`; zeros where it has none.
  public func bias(_ node: Node, in graph: Graph) -> [Int32] {
    let units = graph.tensors[node.outputs[0]].elementCount
    return node.input(2).map { graph.tensors[$0].int32Values() } ?? [Int32](repeating: 0, count: units)
  }

  /// The multiplier of a validated `node`: sx·sw/sy, less than 1.
  public func multiplier(_ node: Node, in graph: Graph) -> QuantizedMultiplier { QuantizedMultiplier(realMultiplier(node, in: graph)) }

  private func realMultiplier(_ node: Node, in graph: Graph) -> Double {
    let scales = (node.inputs.prefix(2) + node.outputs).map { Double(graph.tensors[$0].scale) }
    return scales[0] * scales[1] / scales[2]
  }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int { graph.shape(node.input(1), rank: 2).map(product) ?? 0 }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...3)
    try check.requireActivation(node.outputs[0])
    try check.requireInt16State(node.inputs[0])
    let index = node.inputs[1], weights = check.input(1)
    try check.require(
      weights.type == .int16 && weights.isConstant, .unsupported, "weights over time must be int16 constants, are \(weights.type)", tensor: index)
    try check.requireRank(index, 2...2, "weights over time")
    try check.require(
      weights.shape.allSatisfy { $0 >= 1 }, .invalidShape, "weights of shape \(check.describe(weights.shape)) are empty", tensor: index)
    try check.requireOneScale(index)
    try check.require(
      weights.zeroPoint == 0, .invalidQuantization, "int16 weights must have zero point 0, have \(weights.zeroPoint)", tensor: index)
    try check.require(
      rank >= 1 && weights.shape[0] % rank == 0, .invalidShape, "\(weights.shape[0]) filters are no units of rank \(rank)", tensor: index)
    try check.requireShape(node.inputs[0], [1, weights.elementCount], "state's")
    let units = weights.shape[0] / rank
    try check.requireShape(node.outputs[0], [1, units])
    try check.requireUnitBias(2, units: units)
    try check.requireFraction(realMultiplier(node, in: graph), "state·weight/output scale")
    // 2^30 each, and the bias, in 48 bits.
    let count = rank * weights.shape[1]
    try check.require(
      count <= Self.mostProducts, .unsupported, "sums of \(count) products are not supported, only of up to \(Self.mostProducts)", tensor: index)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let weights = weights(node, in: graph), bias = bias(node, in: graph), multiplier = multiplier(node, in: graph)
    let count = weights.count / max(bias.count, 1), stage = OutputStage(graph.tensors[node.outputs[0]], activation)
    store[node.outputs[0]] = withInt16(store[node.inputs[0]]) { state in
      makeInt8(bias.count) { y in
        for unit in bias.indices {
          let sum = (unit * count..<(unit + 1) * count).reduce(Int64(bias[unit])) { $0 + Int64(state[$1]) * Int64(weights[$1]) }
          let steps = multiplyByQuantizedMultiplier(wide: sum, multiplier)
          y[unit] = stage.store(Int32(min(max(steps, -1 << 16), 1 << 16)))
        }
      }
    }
  }
}
