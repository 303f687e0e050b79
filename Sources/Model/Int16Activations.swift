// Activations of 16 bits: which operators compute on them.
//
// In TensorFlow Lite's 16x8 quantization activations are int16 with zero point 0, weights int8 with zero point 0, biases int64. Sums are
// exact in 48 bits and rounded once, by a multiplier that is reduced to 15 bits (`SumFactor.reduced`). Where the bias of a CONV_2D or a
// FULLY_CONNECTED is int32, TensorFlow Lite Micro adds in 32 bits and rounds twice, as on int8. A DEPTHWISE_CONV_2D reads any bias as
// int64, so that one of int32 is refused. Pools and changes of shape do what they do on int8. Sums and products of two tensors are rounded
// twice.
//
// TensorFlow Lite Micro is followed whatever `Graph.reference` says: LiteRT rounds a FULLY_CONNECTED on int16 otherwise and refuses a
// CONV_2D without a bias.

/// What computes on int16.
package enum Int16Activations {
  /// The operators that compute on int16 as on int8, by name.
  package static let operators: Set = [
    "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "MAX_POOL_2D", "RESHAPE", "EXPAND_DIMS", "SQUEEZE",
  ]

  /// The operators that combine two tensors of int16, by name.
  package static let elementwise: Set = ["ADD", "MUL"]

  /// Whether an operator works element by element on int16, on operands of one shape.
  package static func worksByElement(_ operation: any Operation) -> Bool { elementwise.contains(operation.name) || operation is Int16Sigmoid }

  /// The operators that move elements of int16 beside those that compute, by name; of int16 alone, or of other names, they are the host's.
  package static let movements: Set = ["SLICE", "STRIDED_SLICE", "SPLIT", "SPLIT_V", "CONCATENATION", "PACK", "UNPACK", "TRANSPOSE"]

  /// By name, the operators that compute something else on int16, and the operator that does.
  package static let functions: [String: @Sendable (any Operation) -> (any HostOperation)?] = [
    "SOFTMAX": { ($0 as? Softmax).map { Int16Softmax(beta: $0.beta) } },
    "LOGISTIC": { ($0 as? UnaryFunction).map { _ in Int16Sigmoid(isTangent: false) } },
    "TANH": { ($0 as? UnaryFunction).map { _ in Int16Sigmoid(isTangent: true) } },
  ]

  /// Of these functions those that a host runs, at the end of a network.
  package static let onHost: Set = ["SOFTMAX"]

  /// Whether a node may compute on int16: what ONNX Runtime or networks of uint8 do there is another matter.
  static func areKnown(by node: Node, in graph: Graph) -> Bool {
    let isUnsigned = (node.operation as? any Accumulating)?.isUnsigned ?? false
    let isKnown = [operators, elementwise, movements].contains { $0.contains(node.operation.name) } || node.operation is AssignVariable
    return isKnown && graph.rounding == .fixedPoint && !isUnsigned
  }
}

extension Graph {
  /// Whether layers compute on int16. Where none does, what moves int16 is the host's, as what moves other types is.
  /// - Parameter errors: why nodes cannot run on the accelerator, by position.
  func computesInt16(_ errors: [Int: ModelError]) -> Bool {
    nodes.enumerated().contains { position, node in errors[position] == nil && !(node.operation is any Movement) && isInt16(node) }
  }

  /// Whether the activations of a validated node are int16.
  public func isInt16(_ node: Node) -> Bool { node.outputs.contains { tensors[$0].type == .int16 } }
}

extension NodeCheck {
  /// Checks the operands of an elementwise operator on int16: two tensors of the output's shape that are computed.
  /// - Parameter type: the output's.
  func requireInt16Operands(to type: ElementType = .int16) throws(ModelError) {
    try requireCounts(inputs: 2...2)
    try requireActivations(inputs: [0, 1], .int16, to: type)
    for (position, tensor) in node.inputs.enumerated() {
      try require(
        !input(position).isConstant, .unsupported, "a constant operand of int16 is not supported, only two tensors that are computed", tensor: tensor)
      try require(
        input(position).shape == output().shape, .unsupported,
        "an operand of int16 that repeats (\(describe(input(position).shape)) to \(describe(output().shape))) is not supported", tensor: tensor)
    }
  }

  /// Checks a function from int16 to fractions of int16: types, shapes and quantization.
  func requireInt16Function() throws(ModelError) {
    let (input, output) = (input(), output()), name = node.operation.name
    try require(
      input.type == .int16 && output.type == .int16, .unsupported, "\(name) from \(input.type) to \(output.type) is not supported",
      tensor: node.outputs[0])
    try requireOneScale(node.inputs[0])
    try requireOneScale(node.outputs[0])
    try requireShape(node.outputs[0], input.shape)
    try require(
      output.scale == 1 / 32_768 && output.zeroPoint == 0 && input.zeroPoint == 0, .invalidQuantization,
      "\(name) on int16 must have zero points 0 and output scale 1/32768, has \(input.zeroPoint), \(output.zeroPoint) and \(output.scale)",
      tensor: node.outputs[0])
  }
}
