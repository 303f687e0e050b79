// SVDF: a layer whose weights over features and over time are separate.
//
// Each of F filters makes a feature of the present input, x_f = clamp16(MBQM(Σ w_f·(x − zx), sx·sw/ss)), and keeps the last T of them; R filters
// are a unit, whose output is a sum over time and over its filters (`StateSum`). The state [1, F·T] is int16 with zero point 0. Source: SVDF on
// int8 of TensorFlow Lite Micro. It has a fused activation in its options, looks at it nowhere on int8, and needs a bias; LiteRT takes one that is
// missing for zeros, and so it is here.

/// A filter with state: input [1, C] of int8, weights [F, C] of int8, weights over time [F, T] of int16, perhaps a bias [F/R] of int32, state
/// [1, F·T] of int16; output [1, F/R] of int8, next state.
public struct SingularValueFilter: StatefulOperation, CompositeOperation {
  public var name: String { "SVDF" }
  public static let statePositions = [4]
  /// Filters of a unit, at least 1.
  public var rank: Int
  public var isResolved = false

  public init(rank: Int) { self.rank = rank }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    [1, 2].reduce(0) { $0 &+ (graph.shape(node.input($1), rank: 2).map(product) ?? 0) }
  }

  /// The sum over time of what the state holds next.
  private func sum(_ node: Node) -> Node {
    Node(
      index: node.index, operation: StateSum(rank: rank), inputs: [node.outputs[1], node.inputs[2], node.input(3) ?? -1],
      outputs: [node.outputs[0]])
  }

  /// From sums of products to features: sx·sw/ss.
  private func featureMultiplier(_ node: Node, in graph: Graph) -> Double {
    let scales = [0, 1, 4].map { Double(graph.tensors[node.inputs[$0]].scale) }
    return scales[0] * scales[1] / scales[2]
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(self, inputs: 5, needed: [0, 1, 2])
    try check.requireActivation(node.inputs[0])
    try check.require(!check.input().isConstant, .unsupported, "a constant input is not supported", tensor: node.inputs[0])
    try check.requireRank(node.inputs[0], 2...2, "input")
    let shape = check.input().shape
    try check.require(
      shape[0] == 1, .unsupported, "a batch of \(shape[0]) is not supported", tensor: node.inputs[0], advice: "convert with a fixed batch of 1")
    try check.requireInt16State(node.inputs[4])
    try check.requireRank(node.inputs[2], 2...2, "weights over time")
    try check.requireMatrix(1, [check.input(2).shape[0], shape[1]])
    let sum = sum(node)
    try sum.operation.validate(sum, in: graph)
    try check.requireMultiplier(featureMultiplier(node, in: graph), "input·weight/state scale", tensor: node.inputs[4])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let x = graph.tensors[node.inputs[0]].centered(store[node.inputs[0]])
    let features = graph.tensors[node.inputs[1]].int16Products(x[...], QuantizedMultiplier(featureMultiplier(node, in: graph)))
    // Every filter forgets its oldest element.
    var state = Elements.words(store[node.inputs[4]], Int16.self).dropFirst() + [0]
    let count = state.count / features.count
    for (filter, feature) in features.enumerated() { state[state.startIndex + (filter + 1) * count - 1] = feature }
    store[node.outputs[1]] = Elements.bytes(of: Array(state))
    let sum = sum(node)
    sum.operation.evaluate(sum, in: graph, on: &store)
  }

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    let (state, next) = (node.inputs[4], node.outputs[1]), shape = graph.tensors[node.inputs[2]].shape, (filters, count) = (shape[0], shape[1])
    func part(_ operation: any Operation, _ inputs: Int..., output: Int) -> Node {
      Node(index: node.index, operation: operation, inputs: inputs, outputs: [output])
    }
    var product = FullyConnected()
    product.widens = true
    let feature = graph.addTensor(like: state, "feature", shape: [1, filters])
    let column = graph.addTensor(like: state, "column", shape: [filters, 1]), shifted = graph.addTensor(like: state, "shifted", shape: shape)
    var nodes = [part(product, node.inputs[0], node.inputs[1], output: feature), part(Reshape(), feature, output: column)]
    var columns = [column]
    if count > 1 {
      let rows = graph.addTensor(like: state, "rows", shape: shape), kept = graph.addTensor(like: state, "kept", shape: [filters, count - 1])
      nodes += [
        part(Reshape(), state, output: rows), part(Slice(), rows, graph.addIndices([0, 1]), graph.addIndices([filters, count - 1]), output: kept),
      ]
      columns.insert(kept, at: 0)
    }
    // Of one column, too: features lie in one row, what is summed over time does not.
    nodes += [
      Node(index: node.index, operation: Concatenation(axis: 1), inputs: columns, outputs: [shifted]), part(Reshape(), shifted, output: next),
    ]
    return nodes + [sum(node)]
  }
}
