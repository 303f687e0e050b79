// FULLY_CONNECTED: a matrix times a vector.
//
// Input of any shape, read as rows of C elements; weights O×C, bias O, output rows of O
// elements. As CONV_2D with a 1×1 window; weights may have a zero point (legacy models),
// which is then subtracted from every weight. On uint8 sums are rounded once, in double. Weights may
// be computed, too, as in attention: then it is a product of two matrices.

/// A fully connected layer.
public struct FullyConnected: Accumulating {
  public var name: String { "FULLY_CONNECTED" }
  public var activation: Activation
  /// Whether the output keeps the input's leading dimensions instead of folding them into one.
  public var keepDimensions: Bool
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  public var isUnsigned = false
  /// Whether sums of int8 become int16, rounded as on int8. No file has that, but parts of operators do.
  public var widens = false

  public init(activation: Activation = .none, keepDimensions: Bool = false) {
    self.activation = activation
    self.keepDimensions = keepDimensions
  }

  /// Number of rows that are multiplied with the weights.
  public func rowCount(_ node: Node, in graph: Graph) -> Int {
    graph.tensors[node.inputs[0]].elementCount / graph.tensors[node.inputs[1]].shape[1]
  }

  /// Constant weights less their zero point, O×C. Validation has made sure that each fits in int8, or on uint8 is within −255...255.
  public func effectiveWeights(_ node: Node, in graph: Graph) -> [Int16] {
    let weights = graph.tensors[node.inputs[1]]
    let depth = weights.shape[1]
    let zeroPoints = weights.quantization.zeroPoints
    return weights.integers(weights.constant ?? []).enumerated().map { index, value in
      let zeroPoint = zeroPoints.count > 1 ? zeroPoints[index / depth] : weights.zeroPoint
      return Int16(truncatingIfNeeded: value - zeroPoint)
    }
  }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    guard let weights = graph.shape(node.input(1), rank: 2), weights[1] > 0, let input = node.input(0), graph.tensors.indices.contains(input)
    else { return 0 }
    return product([graph.tensors[input].elementCount / weights[1]] + weights)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...3)
    if widens { try check.requireActivations(.int8, to: .int16) } else { try check.requireActivations() }
    let isComputed = !check.input(1).isConstant
    if isComputed {
      try check.requireActivations(inputs: [0, 1])
      try check.require(!graph.isInt16(node), .unsupported, "int16 weights that are computed are not supported", tensor: node.inputs[1])
      try check.requireRank(node.inputs[1], 2...2, "weights")
    } else {
      try validateWeights(check, rank: 2)
    }
    let (input, output) = (check.input(), check.output())
    let (channels, depth) = (check.input(1).shape[0], check.input(1).shape[1])
    try check.requireRank(node.inputs[0], 1...Graph.largestRank, "input")
    try check.require(
      input.elementCount % depth == 0, .invalidShape,
      "input of shape \(check.describe(input.shape)) cannot be read as rows of \(depth) elements as the weights have",
      tensor: node.inputs[0])
    if keepDimensions {
      try check.require(
        input.shape.last == depth, .invalidShape,
        "input rows have \(input.shape.last ?? 0) elements, the weights \(depth)", tensor: node.inputs[0])
      try check.requireShape(node.outputs[0], input.shape.dropLast() + [channels])
    } else {
      let rows = input.elementCount / depth
      try check.require(
        output.shape.last == channels && output.elementCount == rows * channels, .invalidShape,
        "output shape is \(check.describe(output.shape)), but \(rows)x\(channels) is computed",
        tensor: node.outputs[0])
    }
    try validateArithmetic(check, symmetric: graph.isInt16(node))
    try check.require(
      !isUnsigned || check.input(1).quantization.scales.count == 1, .unsupported, "uint8 weights with a scale per channel are not supported",
      tensor: node.inputs[1])
    try check.require(!isUnsigned || !isComputed, .unsupported, "uint8 weights that are computed are not supported", tensor: node.inputs[1])
    if !isComputed { try validateWeightZeroPoints(check) }
  }

  private func validateWeightZeroPoints(_ check: NodeCheck) throws(ModelError) {
    let weights = check.input(1)
    let zeroPoints = weights.quantization.zeroPoints
    if zeroPoints.allSatisfy({ $0 == 0 }) { return }
    let depth = weights.shape[1]
    try check.require(
      weights.type == .int8, .invalidQuantization, "int16 weights have no zero point", tensor: check.node.inputs[1])
    for (index, value) in weights.int8Values().enumerated() {
      let zeroPoint = zeroPoints.count > 1 ? zeroPoints[index / depth] : weights.zeroPoint
      try check.require(
        (-128...127).contains(Int(value) - zeroPoint), .unsupported,
        "weight \(value) less its zero point \(zeroPoint) does not fit in 8 bits", tensor: check.node.inputs[1],
        advice: "convert the model with symmetric weights")
    }
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    guard graph.tensors[node.inputs[1]].isConstant else { return evaluateComputed(node, in: graph, on: &store) }
    let x = store[node.inputs[0]]
    store[node.outputs[0]] =
      widens ? output(of: x, as: Int8.self, to: Int16.self, node, in: graph)
      : graph.isInt16(node) ? output(of: x, as: Int16.self, to: Int16.self, node, in: graph)
      : output(of: x, as: Int8.self, to: Int8.self, node, in: graph)
  }

  private func output<Element: SummedElement, Result: SummedElement>(
    of x: [UInt8], as type: Element.Type, to result: Result.Type, _ node: Node, in graph: Graph
  ) -> [UInt8] {
    let input = graph.tensors[node.inputs[0]]
    let output = graph.tensors[node.outputs[0]]
    let arithmetic = arithmetic(node, in: graph)
    let (rows, channels) = (rowCount(node, in: graph), arithmetic.channels)
    let depth = graph.tensors[node.inputs[1]].shape[1]
    let factors = arithmetic.factors
    let stage = OutputStage(output, activation)
    let zeroPoint = Element.Sum(truncatingIfNeeded: input.zeroPoint)
    let effective = effectiveWeights(node, in: graph)

    return Element.withElements(x) { x in
      effective.withUnsafeBufferPointer { weights in
        Result.make(output.elementCount) { y in
          guard let x = x.baseAddress, let weights = weights.baseAddress else { return }
          var bias = arithmetic.bias.map { Element.Sum(truncatingIfNeeded: $0) }
          for channel in 0..<channels {
            var sum: Element.Sum = 0
            for index in 0..<depth { sum = sum &+ Element.Sum(truncatingIfNeeded: weights[channel * depth + index]) }
            bias[channel] = bias[channel] &- sum &* zeroPoint
          }
          for row in 0..<rows {
            for channel in 0..<channels {
              let sum = bias[channel] &+ dotProduct(x + row * depth, weights + channel * depth, depth)
              y[row * channels + channel] = stage.store(Element.steps(sum, factors[channel]))
            }
          }
        }
      }
    }
  }

  /// With weights from the store.
  private func evaluateComputed(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let arithmetic = arithmetic(node, in: graph), stage = OutputStage(graph.tensors[node.outputs[0]], activation)
    let bias = arithmetic.bias, factors = arithmetic.factors
    store[node.outputs[0]] = matrixProduct(
      store[node.inputs[0]], store[node.inputs[1]], rows: rowCount(node, in: graph), depth: graph.tensors[node.inputs[1]].shape[1],
      columns: arithmetic.channels, zeros: node.inputs.prefix(2).map { graph.tensors[$0].zeroPoint }, transposesSecond: true
    ) { sum, column in stage.store(sum &+ bias[column], factors[column]) }
  }
}
