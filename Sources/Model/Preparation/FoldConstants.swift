// Constants through operators: what depends on nothing but the model is computed when the model is read.
//
// Converters leave arithmetic on shapes in a network (SHAPE, a slice of it, PACK, then RESHAPE), constants that are reshaped or
// quantized, and initializers of state. All of that is evaluated here with the kernels of the operators themselves, and with a
// few on integers that no layer has.

extension Graph {
  /// The most bytes of all folded tensors together.
  private static let largestFolding = 64 << 20
  /// The most multiply-accumulates of one folded node.
  private static let largestWork = 1 << 24

  /// Evaluates the nodes that read constants only. Their outputs become constants; the nodes move to `folded`.
  package mutating func foldConstants() {
    var kept: [Node] = [], budget = Self.largestFolding
    for node in nodes {
      guard (node.inputs.filter { $0 >= 0 } + node.outputs).allSatisfy(tensors.indices.contains), !node.outputs.isEmpty,
        node.outputs.allSatisfy({ !tensors[$0].isConstant && tensors[$0].shape.allSatisfy { $0 > 0 } && !inputs.contains($0) }), isFoldable(node)
      else {
        kept.append(node)
        continue
      }
      // Counted before anything is done: a file may ask for the same large constant many times.
      budget -= (node.inputs.filter { $0 >= 0 } + node.outputs).reduce(0) { $0 &+ min(tensors[$1].byteCount, Self.largestFolding) }
      guard budget >= 0, let results = values(of: node), zip(results, node.outputs).allSatisfy({ $0.count == tensors[$1].byteCount }) else {
        kept.append(node)
        continue
      }
      for (bytes, tensor) in zip(results, node.outputs) { tensors[tensor].constant = bytes }
      folded.append(node)
    }
    nodes = kept
  }

  /// Whether a node reads constants only, and is little work. Windows may cost much more than their tensors are large.
  private func isFoldable(_ node: Node) -> Bool {
    if node.operation is Shape { return true }
    return node.inputs.contains { $0 >= 0 } && node.inputs.allSatisfy { $0 < 0 || tensors[$0].isConstant }
      && !(node.operation is any Pooling) && node.operation.multiplyAccumulates(node, in: self) <= Self.largestWork
  }

  /// What a node computes of constants; nil when that is not known.
  private func values(of node: Node) -> [[UInt8]]? {
    if let integers = IntegerFolding(node, in: self)?.values { return [Elements.bytes(integers, tensors[node.outputs[0]].type)] }
    let isPossible: Bool
    if let operation = node.operation as? any HostOperation {
      isPossible = (try? operation.validateOnHost(node, in: self)) != nil
    } else {
      isPossible = (try? node.operation.validate(node, in: self)) != nil
    }
    guard isPossible else { return nil }
    var store = TensorStore()
    for tensor in node.inputs where tensor >= 0 { store[tensor] = tensors[tensor].constant ?? [] }
    node.operation.evaluate(node, in: self, on: &store)
    return node.outputs.map { store[$0] }
  }
}

/// The operators on integers of 32 or 64 bits, which only shapes are made of; movements are folded besides.
package enum IntegerOperator: String, CaseIterable {
  case add = "ADD"
  case subtract = "SUB"
  case multiply = "MUL"
  case divide = "DIV"
  case floorDivide = "FLOOR_DIV"
  case maximum = "MAXIMUM"
  case minimum = "MINIMUM"
  case cast = "CAST"
  case fill = "FILL"
  case product = "REDUCE_PROD"
}

/// What an operator on constant integers gives.
private struct IntegerFolding {
  let values: [Int]

  init?(_ node: Node, in graph: Graph) {
    guard node.outputs.count == 1, node.inputs.allSatisfy({ $0 >= 0 }) else { return nil }
    let output = graph.tensors[node.outputs[0]], inputs = node.inputs.map { graph.tensors[$0] }
    guard [.int32, .int64].contains(output.type), inputs.allSatisfy({ [.int32, .int64].contains($0.type) && $0.constant?.count == $0.byteCount })
    else { return nil }
    let operands = inputs.map { $0.indexValues() ?? [] }
    func elementwise(_ function: (Int, Int) -> Int?) -> [Int]? {
      guard inputs.count == 2, let first = Broadcast(inputs[0].shape, to: output.shape), let second = Broadcast(inputs[1].shape, to: output.shape)
      else { return nil }
      var (a, b) = ([Int](repeating: 0, count: output.elementCount), [Int](repeating: 0, count: output.elementCount))
      first.forEach { a[$0] = operands[0][$1] }
      second.forEach { b[$0] = operands[1][$1] }
      let results = zip(a, b).compactMap { function($0, $1) }
      return results.count == a.count ? results : nil
    }
    let results: [Int]?
    guard let operation = IntegerOperator(rawValue: node.operation.name) else { return nil }
    switch operation {
    case .add: results = elementwise { $0 &+ $1 }
    case .subtract: results = elementwise { $0 &- $1 }
    case .multiply: results = elementwise { $0 &* $1 }
    case .maximum: results = elementwise { max($0, $1) }
    case .minimum: results = elementwise { min($0, $1) }
    case .floorDivide, .divide:
      results = elementwise { a, b in
        guard b != 0, !(a == .min && b == -1) else { return nil }
        return a / b - (operation == .floorDivide && a % b != 0 && (a < 0) != (b < 0) ? 1 : 0)
      }
    case .cast: results = inputs.count == 1 && inputs[0].shape == output.shape ? operands[0] : nil
    case .fill: results = inputs.count == 2 && operands[0] == output.shape && operands[1].count == 1
      ? [Int](repeating: operands[1][0], count: output.elementCount) : nil
    case .product: results = inputs.count == 2 && output.elementCount == 1 && operands[1].count == inputs[0].shape.count
      ? [operands[0].reduce(1) { $0 &* $1 }] : nil
    }
    guard let results, let range = output.type.integerRange, results.allSatisfy(range.contains) else { return nil }
    values = results
  }
}
