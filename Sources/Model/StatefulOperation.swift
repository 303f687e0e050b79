// Operators that keep state in tensors of their own.
//
// In a file such a tensor is an input that is marked as variable and that the operator overwrites. `Graph.resolveOwnState` makes two of it: a
// new input that holds what the last inference left, and as an output the file's tensor, with what the next one finds.

/// An operator with state.
public protocol StatefulOperation: Operation {
  /// The positions of state among the inputs, ascending; of any node.
  static var statePositions: [Int] { get }
  /// Whether the state's next values are outputs, behind the others, in the order of `statePositions`.
  var isResolved: Bool { get set }
}

extension NodeCheck {
  /// Checks that there are as many tensors as an operator with state has.
  func requireCounts<Operator: StatefulOperation>(_ operation: Operator, inputs: Int, needed: [Int]) throws(ModelError) {
    let states = Operator.statePositions
    try require(
      operation.isResolved, .unsupported, "its state is no tensor that is marked as variable and that nothing else uses",
      advice: "convert the model again")
    try require(node.inputs.count == inputs, .invalidGraph, "has \(node.inputs.count) inputs, expected \(inputs)")
    try require(
      node.outputs.count == 1 + states.count, .invalidGraph, "has \(node.outputs.count - states.count) outputs, expected 1")
    for position in needed + states {
      try require(node.inputs[position] >= 0, .invalidGraph, "input \(position) is absent but needed")
    }
  }

  /// Checks that the weights at input `position` are an int8 constant of `shape` with one scale and zero point 0.
  func requireMatrix(_ position: Int, _ shape: [Int]) throws(ModelError) {
    let index = node.inputs[position], weights = input(position)
    try require(
      weights.type == .int8 && weights.isConstant, .unsupported,
      "weights must be int8 constants, are \(weights.isConstant ? "" : "computed ")\(weights.type)", tensor: index)
    try requireShape(index, shape, "the weights'")
    try requireOneScale(index)
    try require(
      weights.zeroPoint == 0, .invalidQuantization, "int8 \(node.operation.name) weights must have zero point 0, have \(weights.zeroPoint)",
      tensor: index, advice: "convert the model with symmetric weights")
  }

  /// Checks that a tensor that is computed is int16 with one scale and zero point 0.
  func requireInt16State(_ index: Int) throws(ModelError) {
    let tensor = graph.tensors[index]
    try require(
      tensor.type == .int16 && !tensor.isConstant, .unsupported, "the state must be int16, is \(tensor.isConstant ? "a constant" : "\(tensor.type)")",
      tensor: index)
    try requireOneScale(index)
    try require(
      tensor.zeroPoint == 0, .invalidQuantization, "int16 state must have zero point 0, has \(tensor.zeroPoint)", tensor: index)
  }

  /// Checks that the bias at input `position`, if there is one, is an int32 constant with an element for each unit and zero point 0.
  func requireUnitBias(_ position: Int, units: Int) throws(ModelError) {
    guard let index = node.input(position) else { return }
    let bias = graph.tensors[index]
    try require(
      bias.type == .int32 && bias.isConstant, .unsupported, "bias must be an int32 constant, is \(bias.isConstant ? "" : "computed ")\(bias.type)",
      tensor: index)
    try require(
      bias.elementCount == units, .invalidShape, "bias has \(bias.elementCount) elements for \(units) units", tensor: index)
    try requireContents(index)
    try require(
      bias.quantization.zeroPoints.allSatisfy { $0 == 0 }, .invalidQuantization, "bias must have zero point 0, has \(bias.zeroPoint)", tensor: index)
  }
}

extension Tensor {
  /// Stored elements of this tensor less its zero point.
  func centered(_ bytes: [UInt8]) -> [Int32] { integers(bytes).map { Int32(truncatingIfNeeded: $0 - zeroPoint) } }

  /// Per row of this matrix of int8 its product with `x` and the row's bias, summed in 32 bits that wrap, and rescaled to int16.
  func int16Products(_ x: ArraySlice<Int32>, bias: [Int32] = [], _ multiplier: QuantizedMultiplier) -> [Int16] {
    let weights = int8Values()
    return (0..<shape[0]).map { row in
      let sum = zip(x, weights[row * x.count..<(row + 1) * x.count]).reduce(bias.isEmpty ? 0 : bias[row]) { $0 &+ $1.0 &* Int32($1.1) }
      return Int16(clamping: multiplyByQuantizedMultiplier(sum, multiplier))
    }
  }
}
