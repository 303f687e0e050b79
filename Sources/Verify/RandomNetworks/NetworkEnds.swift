// What surrounds the layers of a random network: other types at its ends, state, and shapes that are computed.

import Model

extension Node {
  /// Whether it does more than move, where its tensors are int16.
  fileprivate var computesOnInt16: Bool {
    operation is any Accumulating || operation is MaxPool2D || operation is Addition || operation is Multiplication || operation is UnaryFunction
  }
}

extension Int16Activations {
  /// The operators of random networks of int16.
  static let drawn = operators.union(elementwise).union(movements).union(["LOGISTIC", "TANH"])
}

extension NetworkAssembly {
  /// The graphs of a file: the network with more operators at some of its ends, and the initializers of its state.
  /// - Parameter outputs: int8.
  func finished(_ outputs: [Int]) -> [Graph] {
    var result = self
    return result.finish(outputs)
  }

  private mutating func finish(_ outputs: [Int]) -> [Graph] {
    random = SplitMix64(seed: UInt64(nodes.count) ^ UInt64(tensors.count) << 20)
    var last: [Node] = [], ends = outputs
    var first = firstValues.isEmpty ? [] : [Node(index: 0, operation: CallOnce(subgraph: 1), inputs: [], outputs: [])]
    for (position, input) in inputs.enumerated() where random.chance(25) { inputs[position] = begin(input, &first) }
    for (position, output) in outputs.enumerated() where random.chance(35) { ends[position] = end(output, &last) }
    var all = folds + first + nodes + last
    for position in all.indices { all[position].index = position }
    if isUnsigned { for position in tensors.indices { tensors[position].makeUnsigned() } }
    // What only moves int16 would be the host's alone.
    if isInt16, nodes.contains(where: { $0.computesOnInt16 }) { becomeInt16(all) }
    let network = Graph(name: "random", tensors: tensors, nodes: all, inputs: inputs, outputs: ends)
    return firstValues.isEmpty ? [network] : [network, initializer]
  }

  /// The subgraph that gives every variable its first value.
  private var initializer: Graph {
    var graph = Graph(name: "initializer", tensors: [], nodes: [], inputs: [], outputs: [])
    for (name, value) in firstValues {
      let handle = graph.tensors.count
      graph.tensors += [Tensor(name: name, shape: [], type: .resource), value]
      for (operation, inputs, outputs) in [
        (VariableHandle(variable: name), [], [handle]), (AssignVariable(), [handle, handle + 1], []),
      ] as [(any Model.Operation, [Int], [Int])] {
        graph.nodes.append(Node(index: graph.nodes.count, operation: operation, inputs: inputs, outputs: outputs))
      }
    }
    return graph
  }

  /// Makes the tensors that layers of int8 compute with tensors of int16, and their biases those that suit them.
  private mutating func becomeInt16(_ nodes: [Node]) {
    for tensor in tensors.indices where tensors[tensor].type == .int8 && !tensors[tensor].isConstant {
      tensors[tensor].type = .int16
      tensors[tensor].quantization = Quantization(scale: tensors[tensor].scale / 256, zeroPoint: 0)
    }
    for index in firstValues.indices {
      let values = firstValues[index].value.integers(firstValues[index].value.constant ?? [])
      firstValues[index].value.type = .int16
      firstValues[index].value.quantization = Quantization(scale: firstValues[index].value.scale / 256, zeroPoint: 0)
      firstValues[index].value.constant = Elements.bytes(values.map { 256 * $0 + 3 }, .int16)
    }
    for node in nodes {
      guard let operation = node.operation as? any Accumulating, let bias = node.input(type(of: operation).operands.bias) else { continue }
      let values = tensors[bias].integers(tensors[bias].constant ?? [])
      tensors[bias].type = .int64
      tensors[bias].constant = Elements.bytes(values.map { 256 * $0 }, .int64)
    }
  }

  // MARK: Ends

  /// What the host may find in the place of an int8 input: another type, perhaps in another order.
  private mutating func begin(_ input: Int, _ nodes: inout [Node]) -> Int {
    let source = other(isInt16 ? .float32 : random.pick([.float32, .float32, .uint8, .int16, .int32]), beside: input)
    guard random.chance(30) else {
      nodes.append(Node(index: 0, operation: Quantize(), inputs: [source], outputs: [input]))
      return source
    }
    let order = [0, 2, 1, 3]
    var front = tensors[source]
    (front.name, front.shape) = ("e\(tensors.count)", order.map { front.shape[$0] })
    tensors.append(front)
    let place = tensors.count - 1
    nodes.append(Node(index: 0, operation: Transpose(), inputs: [place, indices(order)], outputs: [source]))
    nodes.append(Node(index: 0, operation: Quantize(), inputs: [source], outputs: [input]))
    return place
  }

  /// What a network may have behind an int8 output: another type, in another shape, an extreme's place, vectors of length 1.
  private mutating func end(_ output: Int, _ nodes: inout [Node]) -> Int {
    func add(_ operation: any Model.Operation, _ inputs: [Int], _ output: Int) -> Int {
      nodes.append(Node(index: 0, operation: operation, inputs: inputs, outputs: [output]))
      return output
    }
    func converted(_ tensor: Int, _ type: ElementType) -> Int {
      let type = isInt16 ? .float32 : type
      return add(type == .float32 ? Dequantize() : Quantize(), [tensor], other(type, beside: tensor))
    }
    let shape = tensors[output].shape, axis = random.int(0...shape.count - 1)
    switch random.int(0...9) {
    case 0...3: return converted(output, random.pick([.float32, .float32, .uint8, .int16, .int32]))
    case 4 where !isInt16: return converted(converted(output, random.pick([.uint8, .int16])), .float32)
    case 5:
      let source = converted(output, random.pick([.float32, .uint8, .int16, .int32]))
      var flat = tensors[source]
      (flat.name, flat.shape) = ("e\(tensors.count)", [flat.elementCount])
      tensors.append(flat)
      return add(Reshape(), [source], tensors.count - 1)
    case 6 where !isUnsigned && !isInt16:
      return add(L2Normalization(), [output], tensor(shape, Quantization(scale: 1 / 128, zeroPoint: 0)))
    default:
      let source = random.chance(50) ? output : converted(output, random.pick([.float32, .uint8, .int16]))
      let rest = Array(shape[..<axis] + shape[(axis + 1)...])
      tensors.append(Tensor(name: "e\(tensors.count)", shape: rest, type: random.pick([.int32, .int64])))
      let place = tensors.count - 1
      return add(ArgMax(isMinimum: random.chance(30)), [source, indices([axis], [])], place)
    }
  }

  /// A tensor of another type beside `tensor`.
  private mutating func other(_ type: ElementType, beside tensor: Int) -> Int {
    let value = tensors[tensor]
    let quantization: Quantization = switch type {
    case .float32: .none
    case .uint8 where value.type == .int8 && random.chance(50): Quantization(scale: value.scale, zeroPoint: value.zeroPoint + 128)
    case .uint8: Quantization(scale: value.scale * .random(in: 0.5...2, using: &random), zeroPoint: random.int(0...255))
    case .int32: Quantization(scale: value.scale / 0x1p24 * .random(in: 0.5...2, using: &random), zeroPoint: 0)
    default: Quantization(scale: value.scale / 256 * .random(in: 0.5...2, using: &random), zeroPoint: 0)
    }
    tensors.append(Tensor(name: "e\(tensors.count)", shape: value.shape, type: type, quantization: quantization))
    return tensors.count - 1
  }

  // MARK: State and shapes

  /// The last rows of `x` and of the runs before, in front of `x`.
  mutating func stream(_ x: Int) -> [Int]? {
    guard !isUnsigned else { return nil }
    let quantization = tensors[x].quantization, rows = random.int(1...3)
    var kept = tensors[x].shape, all = kept
    (kept[1], all[1]) = (rows, kept[1] + rows)
    let name = "s\(firstValues.count)", state = tensor(kept, quantization)
    guard let whole = moved(Concatenation(axis: 1), [state, x], [all], of: x)?.first else { return nil }
    var begins = kept.map { _ in 0 }
    begins[1] = all[1] - rows
    guard let last = moved(Slice(), [whole, indices(begins), indices(kept)], [kept], of: x)?.first else { return nil }
    tensors.append(Tensor(name: name, shape: [], type: .resource))
    let handle = tensors.count - 1
    // Read before anything else, assigned behind what reads it.
    for (operation, inputs, outputs) in [
      (ReadVariable(), [handle], [state]), (VariableHandle(variable: name), [], [handle]),
    ] as [(any Model.Operation, [Int], [Int])] {
      nodes.insert(Node(index: 0, operation: operation, inputs: inputs, outputs: outputs), at: 0)
    }
    nodes.append(Node(index: 0, operation: AssignVariable(), inputs: [handle, last], outputs: []))
    let first = Elements.bytes((0..<kept.reduce(1, *)).map { _ in random.int(-128...127) }, .int8)
    firstValues.append((name, Tensor(name: name, shape: kept, type: .int8, quantization: quantization, constant: first)))
    if random.chance(50) { wanted.insert(last) }
    return [whole]
  }

  /// Filters over the elements of `x`, as one row of features, whose state is int16 of some thousands.
  mutating func filter(_ x: Int, _ quantization: Quantization) -> [Int]? {
    let depth = tensors[x].elementCount
    guard !isUnsigned, !isInt16, depth <= 200 else { return nil }
    let isRow = tensors[x].shape == [1, depth]
    guard let x = isRow ? x : moved(Reshape(), [x, indices([1, depth])], [[1, depth]], of: x)?.first else { return nil }
    let rank = random.pick([1, 1, 2]), units = random.int(1...6), memory = random.int(1...6), filters = rank * units
    let features = constant([filters, depth], Quantization(scale: .random(in: 0.01...0.1, using: &random), zeroPoint: 0))
    let ofState = tensors[x].scale * tensors[features].scale * 74 * 74 * Float(depth).squareRoot() / .random(in: 500...20_000, using: &random)
    let most = random.pick([100, 127, 128, 5000]), spread = 5000 * Float(most) * Float(rank * memory).squareRoot()
    let ofTime = quantization.scales[0] * .random(in: 20...120, using: &random) / spread / ofState
    let weights = constant(
      (0..<filters * memory).map { _ in random.int(-most...most) },
      Tensor(name: "c\(tensors.count)", shape: [filters, memory], type: .int16, quantization: Quantization(scale: ofTime, zeroPoint: 0)))
    let bias = random.chance(70) ? indices((0..<units).map { _ in random.int(-100_000...100_000) }) : -1
    var state = Tensor(
      name: "v\(tensors.count)", shape: [1, filters * memory], type: .int16, quantization: Quantization(scale: ofState, zeroPoint: 0))
    state.isVariable = true
    tensors.append(state)
    return node(SingularValueFilter(rank: rank), [x, features, weights, bias, tensors.count - 1], [[1, units]], quantization)
  }

  /// Cells that walk through the rows of what is there.
  mutating func memory(_ x: Int) -> [Int]? {
    let shape = tensors[x].shape
    guard !isUnsigned, !isInt16, shape.count >= 2, shape[0] == 1 else { return nil }
    let steps = shape.count == 2 ? 1 : shape[1], depth = shape.dropFirst(shape.count == 2 ? 1 : 2).reduce(1, *), units = random.int(1...5)
    let isTimeMajor = random.chance(30), sequence = isTimeMajor ? [steps, 1, depth] : [1, steps, depth]
    guard steps <= 6, let rows = shape == sequence ? [x] : moved(Reshape(), [x, indices(sequence)], [sequence], of: x) else { return nil }
    let hidden = Quantization(scale: random.pick([1 / 128, 1 / 100]), zeroPoint: random.pick([0, 0, random.int(-20...20)]))
    /// Four matrices for sums of some units.
    func matrices(_ depth: Int, _ scale: Float) -> [Int] {
      (0..<4).map { _ in
        let own = .random(in: 1...4, using: &random) / (74 * 74 * Float(depth).squareRoot() * scale)
        return constant([units, depth], Quantization(scale: own, zeroPoint: 0))
      }
    }
    let weights = matrices(depth, tensors[x].scale), recurrent = matrices(units, hidden.scales[0])
    let biases = (0..<4).map { _ in indices((0..<units).map { _ in random.int(-4000...4000) }) }
    let states = [(ElementType.int8, hidden), (.int16, Quantization(scale: random.pick([0x1p-12, 0x1p-11, 0x1p-10]), zeroPoint: 0))].map { type, quantization in
      var state = Tensor(name: "v\(tensors.count)", shape: [1, units], type: type, quantization: quantization)
      state.isVariable = true
      tensors.append(state)
      return tensors.count - 1
    }
    let absent = [Int](repeating: -1, count: 4)
    return node(
      LongShortTermMemory(cellClip: random.pick([0, 0, 10, 0.7]), isTimeMajor: isTimeMajor),
      rows + weights + recurrent + absent.dropLast() + biases + absent.dropLast(2) + states + absent, [isTimeMajor ? [steps, 1, units] : [1, steps, units]], hidden)
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

extension Tensor {
  /// Makes a tensor of int8 one of uint8 that holds the same numbers.
  fileprivate mutating func makeUnsigned() {
    guard type == .int8 else { return }
    type = .uint8
    quantization.zeroPoints = quantization.zeroPoints.map { $0 + 128 }
    constant = constant.map { $0.map { $0 ^ 0x80 } }
  }
}
