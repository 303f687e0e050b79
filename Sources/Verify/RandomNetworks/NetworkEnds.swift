// What surrounds the int8 layers of a random network: other types at its ends, state, and shapes that are computed.

import Model

extension NetworkAssembly {
  /// The network with some of its ends in other types, prepared as a file's is.
  /// - Parameter outputs: int8.
  func finished(_ outputs: [Int]) -> Graph {
    var result = self
    return result.finish(outputs)
  }

  private mutating func finish(_ outputs: [Int]) -> Graph {
    random = SplitMix64(seed: UInt64(nodes.count) ^ UInt64(tensors.count) << 20)
    var (first, last, ends) = ([Node](), [Node](), outputs)
    let others = [ElementType.float32, .float32, .uint8, .int16]
    for (position, input) in inputs.enumerated() where random.chance(25) {
      let end = end(random.pick(others), of: input)
      first.append(Node(index: nodes.count + first.count, operation: Quantize(), inputs: [end], outputs: [input]))
      inputs[position] = end
    }
    for (position, output) in outputs.enumerated() where random.chance(25) {
      let type = random.pick(others), end = end(type, of: output)
      let operation: any Model.Operation = type == .float32 ? Dequantize() : Quantize()
      last.append(Node(index: nodes.count + first.count + last.count, operation: operation, inputs: [output], outputs: [end]))
      ends[position] = end
    }
    var nodes = first + self.nodes + last
    for (position, state) in states.enumerated() {
      let next = tensor(tensors[state.tensor].shape, tensors[state.tensor].quantization)
      nodes.append(Node(index: nodes.count, operation: AssignVariable(), inputs: [state.next], outputs: [next]))
      states[position].next = next
    }
    var graph = Graph(name: "random", tensors: tensors, nodes: nodes, inputs: inputs, outputs: ends)
    graph.states = states
    graph.prepare()
    return graph
  }

  /// A tensor of another type beside `tensor`.
  private mutating func end(_ type: ElementType, of tensor: Int) -> Int {
    let value = tensors[tensor]
    let quantization: Quantization = switch type {
    case .float32: .none
    case .uint8 where random.chance(50): Quantization(scale: value.scale, zeroPoint: value.zeroPoint + 128)
    case .uint8: Quantization(scale: value.scale * .random(in: 0.5...2, using: &random), zeroPoint: random.int(0...255))
    default: Quantization(scale: value.scale / 256 * .random(in: 0.5...2, using: &random), zeroPoint: 0)
    }
    tensors.append(Tensor(name: "e\(tensors.count)", shape: value.shape, type: type, quantization: quantization))
    return tensors.count - 1
  }

  /// The last rows of `x` and of the runs before, in front of `x`.
  mutating func stream(_ x: Int) -> [Int]? {
    let quantization = tensors[x].quantization, rows = random.int(1...3)
    var kept = tensors[x].shape, all = kept
    (kept[1], all[1]) = (rows, kept[1] + rows)
    let state = tensor(kept, quantization)
    guard let whole = moved(Concatenation(axis: 1), [state, x], [all], of: x)?.first else { return nil }
    var begins = kept.map { _ in 0 }
    begins[1] = all[1] - rows
    guard let last = moved(Slice(), [whole, indices(begins), indices(kept)], [kept], of: x)?.first else { return nil }
    states.append(StateVariable(name: "s\(states.count)", tensor: state, next: last, initial: random.bytes(kept.reduce(1, *))))
    return [whole]
  }

  /// A shape as converters write it: the first size taken from SHAPE, the others constants, packed.
  mutating func computedShape(_ target: [Int], of x: Int) -> Int {
    func number(_ shape: [Int]) -> Int {
      tensors.append(Tensor(name: "n\(tensors.count)", shape: shape, type: .int32))
      return tensors.count - 1
    }
    func add(_ operation: any Model.Operation, _ inputs: [Int], _ output: Int) -> Int {
      nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: [output]))
      return output
    }
    // A batch that is not the target's is no dimension of it.
    guard tensors[x].shape[0] == target[0] else { return indices(target) }
    let sizes = add(Shape(), [x], number([tensors[x].shape.count]))
    let batch = add(Slice(name: "STRIDED_SLICE", shrinkMask: 1), [sizes, indices([0]), indices([1]), indices([1])], number([]))
    return add(Pack(axis: 0), [batch] + target.dropFirst().map { indices([$0], []) }, number([target.count]))
  }
}
