// The constants of a random network: as they are in the file, or made of others by operators that are folded when the file is read.

import Model

extension NetworkAssembly {
  /// A constant of `values`, the stored integers of a tensor like `tensor`, in its order. One of bytes may get them in another order.
  mutating func constant(_ values: [Int], _ tensor: Tensor) -> Int {
    // Values of several scales stay where their channels are; layers of int16 read no constants that others make.
    guard !isInt16, tensor.quantization.scales.count <= 1, random.chance(15) else { return stored(values, tensor) }
    return folded(values, tensor) ?? stored(values, tensor)
  }

  private mutating func stored(_ values: [Int], _ tensor: Tensor) -> Int {
    var tensor = tensor
    tensor.constant = Elements.bytes(values, tensor.type)
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// - Returns: what an operator makes of constants; nil when the one that is drawn does not suit.
  private mutating func folded(_ values: [Int], _ tensor: Tensor) -> Int? {
    func like(_ shape: [Int], _ type: ElementType? = nil) -> Tensor {
      Tensor(name: tensor.name + "/source", shape: shape, type: type ?? tensor.type, quantization: type == nil ? tensor.quantization : .none)
    }
    let shape = tensor.shape, isInteger = tensor.type == .int32
    let (operation, inputs): (any Model.Operation, [Int])
    switch random.pick(isInteger ? Self.integerFolds : Self.byteFolds) {
    case "RESHAPE": (operation, inputs) = (Reshape(), [stored(values, like([values.count]))])
    case "EXPAND_DIMS":
      guard shape.first == 1, shape.count > 1 else { return nil }
      (operation, inputs) = (Reshape(name: "EXPAND_DIMS"), [stored(values, like(Array(shape.dropFirst()))), stored([0], like([], .int32))])
    case "SQUEEZE": (operation, inputs) = (Reshape(name: "SQUEEZE"), [stored(values, like([1] + shape))])
    case "CONCATENATION":
      guard let rows = shape.first, rows > 1 else { return nil }
      let first = random.int(1...rows - 1), cut = first * (values.count / rows)
      let parts = [(values[..<cut], first), (values[cut...], rows - first)].map { stored(Array($0.0), like([$0.1] + shape.dropFirst())) }
      (operation, inputs) = (Concatenation(axis: 0), parts)
    case "TRANSPOSE":
      let order = stored(shape.indices.reversed(), like([shape.count], .int32))
      (operation, inputs) = (Transpose(), [stored(values, like(shape.reversed())), order])
    case "QUANTIZE":
      var source = like(shape, .float32)
      source.constant = Elements.bytes(values.map { tensor.scale * Float($0 - tensor.zeroPoint) })
      tensors.append(source)
      (operation, inputs) = (Quantize(), [tensors.count - 1])
    case let name:
      guard let operands = IntegerOperator(rawValue: name).flatMap({ operands(of: $0, values, tensor) }) else { return nil }
      (operation, inputs) = (UnsupportedOperation(name: name), operands)
    }
    tensors.append(tensor)
    folds.append(Node(index: folds.count, operation: operation, inputs: inputs, outputs: [tensors.count - 1]))
    return tensors.count - 1
  }

  private static let byteFolds = ["RESHAPE", "EXPAND_DIMS", "SQUEEZE", "CONCATENATION", "TRANSPOSE", "QUANTIZE"]
  private static let integerFolds = ["RESHAPE", "SQUEEZE", "CONCATENATION"] + IntegerOperator.allCases.map(\.rawValue)

  /// Operands of which `operation` makes `values`.
  private mutating func operands(of operation: IntegerOperator, _ values: [Int], _ tensor: Tensor) -> [Int]? {
    func integers(_ shape: [Int]) -> Tensor { Tensor(name: tensor.name + "/operand", shape: shape, type: .int32) }
    // One number for all, or one for each.
    let isOne = random.chance(50), number = random.int(1...3)
    let others = isOne ? [number] : values.map { _ in random.int(1...3) }, each = isOne ? values.map { _ in number } : others
    func pair(_ first: [Int]) -> [Int] { [stored(first, integers(tensor.shape)), stored(others, integers(isOne ? [] : tensor.shape))] }
    switch operation {
    case .add: return pair(zip(values, each).map { $0 - $1 })
    case .subtract: return pair(zip(values, each).map { $0 + $1 })
    case .multiply:
      return zip(values, each).allSatisfy { $0 % $1 == 0 } ? pair(zip(values, each).map { $0 / $1 }) : nil
    case .divide: return pair(zip(values, each).map { $0 * $1 })
    case .floorDivide: return pair(zip(values, each).map { $0 * $1 + random.int(0...$1 - 1) })
    case .maximum: return values.allSatisfy { $0 >= 3 } ? pair(values) : nil
    case .minimum: return values.allSatisfy { $0 <= 1 } ? pair(values) : nil
    case .cast: return [stored(values, Tensor(name: tensor.name + "/operand", shape: tensor.shape, type: .int64))]
    case .fill:
      guard let value = values.first, !tensor.shape.isEmpty, values.allSatisfy({ $0 == value }) else { return nil }
      return [stored(tensor.shape, integers([tensor.shape.count])), stored([value], integers([]))]
    case .product: return values.count == 1 ? [stored([values[0], 1], integers([2])), stored([0], integers([1]))] : nil
    }
  }
}
