// From tensors that operators keep for themselves to state.
//
// A file marks such a tensor as variable, and the operator reads and overwrites it. The file's tensor becomes an output, what the next inference
// finds; a new tensor, behind all that are there, holds what the last one left. Before the first inference that is zero.

extension Graph {
  /// Resolves the state of operators that keep it in tensors of their own, which nothing else may use. What cannot be resolved stays.
  mutating func resolveOwnState() {
    let uses = usesOfTensors, ends = Set(inputs)
    var budget = Self.largestTensor
    for position in nodes.indices {
      guard var operation = nodes[position].operation as? any StatefulOperation, !operation.isResolved else { continue }
      let places = type(of: operation).statePositions, own = places.compactMap { nodes[position].input($0) }
      guard own.count == places.count, own.allSatisfy({ !ends.contains($0) && isOwnState($0, uses) }) else { continue }
      // Counted before anything is made of it: a file may have many large tensors without bytes.
      budget -= own.reduce(0) { $0 &+ min(tensors[$1].byteCount, Self.largestTensor + 1) }
      guard budget >= 0 else { continue }
      for (place, tensor) in zip(places, own) {
        var previous = tensors[tensor]
        previous.name += "/previous"
        previous.isVariable = false
        tensors[tensor].isVariable = false
        tensors.append(previous)
        states.append(StateVariable(name: tensors[tensor].name, tensor: tensors.count - 1, next: tensor, initial: previous.zeros))
        nodes[position].inputs[place] = tensors.count - 1
        nodes[position].outputs.append(tensor)
      }
      operation.isResolved = true
      nodes[position].operation = operation
    }
  }

  /// Why tensors that the file marks as variable are no state, once all that can be is resolved.
  func unresolvedState() -> [ModelError] {
    let variables = Set(tensors.indices.filter { tensors[$0].isVariable }), uses = usesOfTensors, ends = Set(inputs)
    var owners: [Int: [Node]] = [:]
    for node in nodes { for tensor in Set(node.inputs + node.outputs) where variables.contains(tensor) { owners[tensor, default: []].append(node) } }
    return variables.sorted().map { tensor in
      let owners = owners[tensor] ?? []
      let place = owners.prefix(2).map { "operator \($0.index) \($0.operation.name)" } + [label(tensor)]
      let isKnown = owners.contains { $0.operation is any StatefulOperation }
      let what =
        !isKnown ? "state that an operator keeps in a tensor of its own is not supported"
        : ends.contains(tensor) ? "state that an operator keeps in a graph input is not supported"
        : tensors[tensor].isConstant ? "state that begins with a value of the file is not supported"
        : uses[tensor] > 1 ? "state that is used more than once is not supported" : "state where the operator has none is not supported"
      return ModelError(.unsupported, "\(what) (\(place.joined(separator: ", ")))")
    }
  }

  /// How often operators read or write each tensor.
  private var usesOfTensors: [Int] {
    var result = [Int](repeating: 0, count: tensors.count)
    for node in nodes { for tensor in node.inputs + node.outputs where tensors.indices.contains(tensor) { result[tensor] += 1 } }
    return result
  }

  /// Whether a tensor is marked as variable and one operator's alone.
  private func isOwnState(_ tensor: Int, _ uses: [Int]) -> Bool {
    tensors.indices.contains(tensor) && tensors[tensor].isVariable && !tensors[tensor].isConstant && uses[tensor] == 1
  }
}

extension Tensor {
  /// The bytes of zeros: zero points.
  fileprivate var zeros: [UInt8] { [UInt8](repeating: type == .int8 ? UInt8(truncatingIfNeeded: zeroPoint) : 0, count: byteCount) }
}
