// Concat: tensors side by side, each brought to the scale of the result.

extension ONNXImporter {
  /// Adds tensors side by side, of integers or of real numbers.
  mutating func addConcatenation(_ node: ONNXNode, _ output: String) throws(ModelError) {
    var operands: [ONNXOperand] = []
    for position in node.inputs.indices { operands.append(try value(node, position)) }
    var inputs: [Int] = [], areReal = Set<Bool>()
    for operand in operands {
      switch operand {
      case .feature(let feature):
        inputs.append(feature)
        areReal.insert(false)
      case .real(let feature):
        inputs.append(feature)
        areReal.insert(true)
      case .function: areReal.insert(true)
      case .constant, .scaled, .left, .float, .pending:
        throw notQuantized(node, "an input is no quantized tensor")
      }
    }
    guard let first = inputs.first, areReal.count == 1 else { throw error(node, "joins integers and real numbers") }
    let known = features[first], result = ONNXResult(name: output, quantization: known.quantization, fileType: known.fileType)
    let areAlike = inputs.count == operands.count && inputs.allSatisfy {
      features[$0].quantization == known.quantization && features[$0].fileType == known.fileType && known.quantization != .none
    }
    guard areAlike else {
      guard areReal == [true] else { throw error(node, "joins integers of unlike scales, zero points or types", .invalidQuantization) }
      values[output] = .pending(ONNXCall(node: node, name: "Concat", operands: operands))
      return
    }
    try emitConcatenation(ONNXCall(node: node, name: "Concat", operands: inputs.map { .real($0) }), result)
    if areReal == [true] { values[output] = .real(features.count - 1) }
  }

  /// Adds a concatenation whose result is quantized.
  mutating func emitConcatenation(_ call: ONNXCall, _ result: ONNXResult) throws(ModelError) {
    var parts: [Int] = []
    for (number, operand) in call.operands.enumerated() {
      switch operand {
      case .real(let feature)?:
        parts.append(try requantized(feature, result, "part\(number)", call.node))
      case .function(let function)?:
        let between = ONNXResult(name: "\(result.name)/part\(number)", quantization: result.quantization, fileType: result.fileType)
        try emit(function, between, of: call.node)
        values[between.name] = nil
        parts.append(features.count - 1)
      default: throw error(call.node, "an input is no quantized tensor")
      }
    }
    let shapes = parts.map { features[$0].shape }, rank = shapes.first?.count ?? 0
    let axis = try axis(call.node.integer("axis", default: 0), rank, call.node)
    guard var shape = shapes.first,
      shapes.allSatisfy({ part in part.count == rank && (0..<rank).allSatisfy { $0 == axis || part[$0] == shape[$0] } })
    else { throw error(call.node, "shapes \(shapes.prefix(9)) do not lie side by side along dimension \(axis)", .invalidShape) }
    shape[axis] = shapes.reduce(0) { $0 + $1[axis] }
    let isChannelsLast = (3...4).contains(rank) && parts.contains { features[$0].channelsLast != nil }
    let inputs = try parts.map { part throws(ModelError) in isChannelsLast ? try channelsLast(part) : try plain(part) }
    let place = !isChannelsLast ? axis : rank == 4 ? [0, 3, 1, 2][axis] : [0, 3, 2][axis]
    try append(Concatenation(axis: place), inputs, result, shape: shape, isChannelsLast: isChannelsLast, of: call.node)
  }
}
