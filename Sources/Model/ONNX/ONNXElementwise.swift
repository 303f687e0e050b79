// Operators on two tensors: sums, differences, products, and what of them is a function of one byte.
//
// An operator on a feature and a number, or on two functions of one feature's bytes, is a function of that byte. An operator on two
// features waits for its QuantizeLinear as every other does. ONNX Runtime makes one kernel of DequantizeLinear, Add or Mul, and
// QuantizeLinear, and rounds otherwise than the three do one after the other; a Relu or Clip in between hinders it, unless it does nothing.

extension ONNXImporter {
  /// Adds an operator on two operands of real numbers.
  mutating func addElementwise(_ node: ONNXNode, _ output: String) throws(ModelError) {
    guard node.inputs.count == 2 else { throw error(node, "has \(node.inputs.count) inputs, only 2 are supported") }
    let operands = [try value(node, 0), try value(node, 1)]
    if let function = try joinedFunction(node, operands) {
      values[output] = .function(function)
      return
    }
    guard ["Add", "Sub", "Mul"].contains(node.name) else { throw error(node, "is supported with a constant number only") }
    for operand in operands {
      switch operand {
      case .real, .scaled: continue
      default: throw notQuantized(node, "its operands are no quantized tensors")
      }
    }
    values[output] = .pending(ONNXCall(node: node, name: node.name, operands: operands))
  }

  /// An operator on numbers that all depend on one byte; nil for another.
  private func joinedFunction(_ node: ONNXNode, _ operands: [ONNXOperand]) throws(ModelError) -> ONNXFunction? {
    let join: (Float, Float) -> Float
    switch node.name {
    case "Add": join = { $0 + $1 }
    case "Sub": join = { $0 - $1 }
    case "Mul": join = { $0 * $1 }
    case "Div": join = { $0 / $1 }
    case "Max": join = { max($0, $1) }
    case "Min": join = { min($0, $1) }
    default: return nil
    }
    func number(_ operand: ONNXOperand) -> Float? {
      guard case .constant(let tensor) = operand, tensor.type == .float32, tensor.elementCount == 1, tensor.shape.count < 2 else { return nil }
      return Elements.floats(tensor.constant ?? []).first
    }
    if let function = function(operands[0]), let second = number(operands[1]) { return function.followed(by: node.name) { join($0, second) } }
    if let function = function(operands[1]), let first = number(operands[0]) { return function.followed(by: node.name) { join(first, $0) } }
    // Of two quantized tensors the same operator is a kernel of its own.
    if case (.real, .real) = (operands[0], operands[1]) { return nil }
    guard let first = function(operands[0]), let second = function(operands[1]), first.feature == second.feature else { return nil }
    return ONNXFunction(
      feature: first.feature, values: zip(first.values, second.values).map(join), names: first.names + second.names + [node.name])
  }

  /// Adds a sum, difference or product whose result is quantized.
  mutating func emitElementwise(_ call: ONNXCall, _ result: ONNXResult) throws(ModelError) {
    let node = call.node, rule: FloatJoin.Rule = call.name == "Add" ? .sum : call.name == "Sub" ? .difference : .product
    var shapes: [[Int]] = [], used: [Int] = [], types: Set<ElementType> = [result.fileType]
    for operand in call.operands {
      switch operand {
      case .real(let feature)?:
        shapes.append(features[feature].shape)
        used.append(feature)
        types.insert(features[feature].fileType)
      case .scaled(let tensor)?:
        guard tensor.type == .int8, tensor.quantization.scales.count == 1 else {
          throw error(node, "a constant operand of \(tensor.type) with \(tensor.quantization.scales.count) scales is not supported")
        }
        shapes.append(tensor.shape)
      default: throw error(node, "its operands are no quantized tensors")
      }
    }
    guard let shape = Self.broadcast(shapes) else { throw error(node, "shapes \(shapes[0]) and \(shapes[1]) do not fit", .invalidShape) }
    try requireSizes(shape, node.place)
    let isFused = types.count == 1 && rule != .difference && call.limits.map { bytes($0, result) == -128...127 } ?? true
    guard isFused || rule != .product else {
      throw error(node, "a product that is limited before it is quantized, or of unlike types, is not supported", advice: "quantize the product")
    }
    let operation = FloatArithmetic(
      rule, isFused: isFused, isUnsigned: result.fileType == .uint8, startsWithSecond: Self.repeatsAlongLast(shapes[0], in: shape))
    if used.count == 1, features[used[0]].shape == shape, let number = Self.number(call.operands) {
      return try emit(operation, on: used[0], number.constant, isFirst: number.position == 0, result, of: node)
    }
    let isImage = (3...4).contains(shape.count) && used.allSatisfy { features[$0].shape.count == shape.count }
    let isChannelsLast = isImage && used.contains { features[$0].channelsLast != nil }
    var inputs: [Int] = []
    for operand in call.operands {
      switch operand {
      case .real(let feature)?: inputs.append(isChannelsLast ? try channelsLast(feature) : try plain(feature))
      case .scaled(var tensor)?:
        try charge(tensor, node)
        if isChannelsLast {
          tensor.shape = Self.image([Int](repeating: 1, count: shape.count - tensor.shape.count) + tensor.shape)
          tensor = tensor.permuted([0, 2, 3, 1])
        }
        inputs.append(append(constant: tensor))
      default: break
      }
    }
    try append(operation, inputs, result, shape: shape, isChannelsLast: isChannelsLast, of: node)
  }

  /// A quantized constant of one element among two operands.
  private static func number(_ operands: [ONNXOperand?]) -> (position: Int, constant: Tensor)? {
    for (position, operand) in operands.enumerated() {
      if case .scaled(let tensor)? = operand, tensor.elementCount == 1, tensor.quantization.scales.count == 1 { return (position, tensor) }
    }
    return nil
  }

  /// Adds a sum or product with one number: a function of a byte, computed as for two tensors.
  private mutating func emit(
    _ operation: FloatArithmetic, on feature: Int, _ number: Tensor, isFirst: Bool, _ result: ONNXResult, of node: ONNXNode
  ) throws(ModelError) {
    let input = Tensor(name: "", shape: [], type: .int8, quantization: features[feature].quantization)
    let output = Tensor(name: "", shape: [], type: .int8, quantization: result.quantization), byte = Int(number.int8Values().first ?? 0)
    let join = FloatJoin(operation, isFirst ? [number, input] : [input, number], output, .exact)
    let outputs = (-128...127).map { other in
      Int8(truncatingIfNeeded: min(max(isFirst ? join.exactValue(byte, other) : join.exactValue(other, byte), -128), 127))
    }
    try append(ByteFunction(name: operation.name, outputs: outputs), of: feature, result, node)
  }

  /// The shape of two operands together; nil when they do not fit.
  private static func broadcast(_ shapes: [[Int]]) -> [Int]? {
    let rank = shapes.map(\.count).max() ?? 0
    let sizes = shapes.map { [Int](repeating: 1, count: rank - $0.count) + $0 }
    let result = (0..<rank).map { dimension in sizes.map { $0[dimension] }.first { $0 != 1 } ?? 1 }
    return shapes.allSatisfy { Broadcast($0, to: result) != nil } ? result : nil
  }

  /// Whether an operand repeats along the last dimension that has more than one element.
  private static func repeatsAlongLast(_ operand: [Int], in shape: [Int]) -> Bool {
    guard let last = shape.lastIndex(where: { $0 > 1 }) else { return false }
    let dimension = last - (shape.count - operand.count)
    return dimension < 0 || operand[dimension] == 1
  }
}
