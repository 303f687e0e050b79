// Networks of uint8 become networks of int8.
//
// A tensor of uint8 that an operator computes with, or fills, becomes one of int8: its bytes and its zero point are 128 less. Where such
// a tensor is an input or an output of the network, or an operator reads or writes it of which nothing is known for uint8, it stays, and
// a QUANTIZE connects it with a tensor of int8 behind those of the file; that is the host's business then, as any QUANTIZE at an end.
//
// A network that only moves and rescales bytes is treated so, too: it would be the host's alone. Where operators on int8 follow,
// such a beginning or end is the host's.
//
// Weights less their zero point, −255...255, become a constant of their own: int8 where they fit, else int16.

extension Graph {
  /// Makes the operators of uint8 operators of int8. A graph without any, or a damaged one, stays as it is.
  package mutating func centerBytes() {
    let ends = inputs + outputs + states.flatMap { [$0.tensor, $0.next] } + nodes.flatMap { $0.inputs.filter { $0 >= 0 } + $0.outputs }
    guard ends.allSatisfy(tensors.indices.contains) else { return }
    let centered = centeredTensors()
    let isPossible = centered.allSatisfy { tensor in tensors[tensor].quantization.zeroPoints.allSatisfy((0...255).contains) }
    guard !centered.isEmpty, isPossible, states.allSatisfy({ !centered.contains($0.tensor) && !centered.contains($0.next) }) else { return }

    // Those that others use as they are.
    var kept = Set(inputs + outputs)
    for node in nodes where node.operationOnUnsigned == nil { kept.formUnion(node.inputs + node.outputs) }
    var twins: [Int: Int] = [:]
    for tensor in centered.sorted() {
      if kept.contains(tensor) {
        tensors.append(tensors[tensor].centered)
        tensors[tensors.count - 1].name += "/int8"
        twins[tensor] = tensors.count - 1
      } else {
        tensors[tensor] = tensors[tensor].centered
        recentered.insert(tensor)
      }
    }

    var index = (nodes.map(\.index).max() ?? 0) + 1, result: [Node] = []
    func connect(_ from: Int, _ to: Int) {
      result.append(Node(index: index, operation: Quantize(), inputs: [from], outputs: [to]))
      index += 1
    }
    for input in inputs { if let twin = twins[input] { connect(input, twin) } }
    for var node in nodes {
      let isUnsigned = (node.inputs + node.outputs).contains(where: centered.contains)
      guard isUnsigned, let operation = node.operationOnUnsigned else {
        result.append(node)
        for output in node.outputs { if let twin = twins[output] { connect(output, twin) } }
        continue
      }
      node.operation = operation
      let outputs = node.outputs
      node.inputs = node.inputs.map { twins[$0] ?? $0 }
      node.outputs = outputs.map { twins[$0] ?? $0 }
      result.append(node)
      for output in outputs { if let twin = twins[output] { connect(twin, output) } }
    }
    nodes = result
    centerWeights()
  }

  /// The tensors of uint8 that operators compute with, and those that are moved from or to them; all that move where nothing computes.
  private func centeredTensors() -> Set<Int> {
    func bytes(_ node: Node) -> [Int] { (node.inputs + node.outputs).filter { $0 >= 0 && tensors[$0].type == .uint8 } }
    var result = Set<Int>(), waiting: [Int] = [], movers: [Int: [Int]] = [:]
    for (position, node) in nodes.enumerated() {
      if node.operation is any Movement {
        for tensor in bytes(node) { movers[tensor, default: []].append(position) }
      }
      // The host moves bytes of any type, but has none to fill with.
      let isComputed = node.operation is Pad || node.operation is SpaceToBatch || !(node.operation is any HostOperation)
      if isComputed, node.operationOnUnsigned != nil, bytes(node).contains(where: { !tensors[$0].isConstant }) {
        for tensor in bytes(node) where result.insert(tensor).inserted { waiting.append(tensor) }
      }
    }
    let computesOnInt8 = nodes.contains { ($0.inputs + $0.outputs).contains { $0 >= 0 && tensors[$0].type == .int8 } }
    if result.isEmpty, !computesOnInt8 {
      for node in nodes where node.operation is any Movement || node.operation is Quantize && bytes(node).count == 2 {
        for tensor in bytes(node) where result.insert(tensor).inserted { waiting.append(tensor) }
      }
    }
    while let tensor = waiting.popLast() {
      for position in movers.removeValue(forKey: tensor) ?? [] {
        for tensor in bytes(nodes[position]) where result.insert(tensor).inserted { waiting.append(tensor) }
      }
    }
    return result
  }

  /// Takes their zero point from weights of operators on uint8.
  private mutating func centerWeights() {
    var known: [Int: Int] = [:]
    for position in nodes.indices {
      guard let operation = nodes[position].operation as? any Accumulating, operation.isUnsigned else { continue }
      let place = type(of: operation).operands.weights
      guard let tensor = nodes[position].input(place) else { continue }
      let weights = tensors[tensor]
      guard weights.type == .int8, weights.quantization.zeroPoints.count == 1, weights.zeroPoint != 0, let bytes = weights.constant else { continue }
      if known[tensor] == nil {
        let values = weights.integers(bytes).map { $0 - weights.zeroPoint }
        var constant = weights
        constant.type = values.allSatisfy((-128...127).contains) ? .int8 : .int16
        constant.constant = Elements.bytes(values, constant.type)
        constant.quantization.zeroPoints = [0]
        tensors.append(constant)
        known[tensor] = tensors.count - 1
      }
      nodes[position].inputs[place] = known[tensor] ?? tensor
    }
  }
}

extension Tensor {
  /// A tensor of uint8 as one of int8.
  fileprivate var centered: Tensor {
    var tensor = self
    tensor.type = .int8
    tensor.quantization.zeroPoints = quantization.zeroPoints.map { $0 - 128 }
    tensor.constant = constant.map { $0.map { $0 ^ 0x80 } }
    return tensor
  }
}
