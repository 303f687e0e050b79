// UNIDIRECTIONAL_SEQUENCE_LSTM: a layer that walks through a sequence with a hidden state h and a cell state c.
//
// At each step, for the input, forget, cell and output gates g:
//
//     z_g = clamp16(clamp16(MBQM(b_g + Σ w_g·(x − zx), sx·sw_g·2^12)) + clamp16(MBQM(Σ v_g·(h − zh), sh·sv_g·2^12)))
//     i, f, o = LOGISTIC(z), m = TANH(z)                              int16 in steps of 1/32768, of z in steps of 2^−12
//     c = clip(clamp16(MBQM(f·c, 2^−15)) + clamp16(MBQM(i·m, 2^−30/sc)))
//     h = clamp8(zh + MBQM(o·TANH(c), 2^−30/sh))
//
// The hidden state is int8, the cell state int16 in steps of a power of two. There is one sequence, and every gate has weights of its own; nothing is
// projected or normalized, and no gate looks at the cell. State stays from inference to inference. The output's elements are the hidden states.
// Source: UNIDIRECTIONAL_SEQUENCE_LSTM on int8 of TensorFlow Lite Micro.

/// A sequence of LSTM cells: input [1, T, C] or [T, 1, C] of int8, four matrices [U, C] and four [U, U] of int8, four biases [U] of int32, hidden
/// state [1, U] of int8, cell state [1, U] of int16; output [1, T, U] or [T, 1, U] of int8, next hidden and cell state. Gates are in the order input,
/// forget, cell, output.
public struct LongShortTermMemory: StatefulOperation, CompositeOperation {
  public var name: String { "UNIDIRECTIONAL_SEQUENCE_LSTM" }
  public static let statePositions = [18, 19]
  /// The greatest magnitude of the cell state, as a real number; 0 for none.
  public var cellClip: Float
  /// Whether time is the outermost dimension, before the batch.
  public var isTimeMajor: Bool
  public var isResolved = false

  public init(cellClip: Float = 0, isTimeMajor: Bool = false) { (self.cellClip, self.isTimeMajor) = (cellClip, isTimeMajor) }

  /// The longest sequence, and the most steps of all sequences of a network: they are operators one after the other.
  public static let longestSequence = 256, mostSteps = 512
  /// The steps of the gates' sums.
  private static let gateScale: Float = 0x1p-12
  /// The steps of what LOGISTIC and TANH give.
  private static let fraction: Float = 0x1p-15
  /// The positions of a gate's operands among the inputs.
  private static let (weights, recurrent, biases, hidden, cell) = (1...4, 5...8, 12...15, 18, 19)

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    let matrices = (Self.weights.lowerBound...Self.recurrent.upperBound).reduce(0) { $0 &+ (graph.shape(node.input($1), rank: 2).map(product) ?? 0) }
    return product([matrices, graph.shape(node.input(0), rank: 3).map { $0[isTimeMajor ? 0 : 1] } ?? 1])
  }

  // MARK: Checks

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try validateKind(check)
    try check.requireCounts(self, inputs: 24, needed: [0] + Self.weights + Self.recurrent + Self.biases)
    try check.requireActivation(node.inputs[0])
    let input = check.input()
    try check.require(!input.isConstant, .unsupported, "a constant input is not supported", tensor: node.inputs[0])
    try check.requireRank(node.inputs[0], 3...3, "input")
    let (batch, steps, depth) = (input.shape[isTimeMajor ? 1 : 0], input.shape[isTimeMajor ? 0 : 1], input.shape[2])
    try check.require(
      batch == 1, .unsupported, "a batch of \(batch) is not supported", tensor: node.inputs[0], advice: "convert with a fixed batch of 1")
    try check.require(
      steps <= Self.longestSequence, .unsupported, "a sequence of \(steps) steps is not supported, only of up to \(Self.longestSequence)",
      tensor: node.inputs[0])
    let all = graph.nodes.reduce(0) { steps, node in
      guard let other = node.operation as? LongShortTermMemory, let shape = graph.shape(node.input(0), rank: 3) else { return steps }
      return steps &+ min(shape[other.isTimeMajor ? 0 : 1], Self.mostSteps + 1)
    }
    try check.require(
      all <= Self.mostSteps, .unsupported, "sequences of more than \(Self.mostSteps) steps together are not supported", tensor: node.inputs[0])
    let units = try validateState(check)
    try check.requireActivation(node.outputs[0])
    try check.requireShape(node.outputs[0], isTimeMajor ? [steps, 1, units] : [1, steps, units])
    try check.requireSameQuantization(node.inputs[Self.hidden], node.outputs[0])
    for position in Self.weights { try check.requireMatrix(position, [units, depth]) }
    for position in Self.recurrent { try check.requireMatrix(position, [units, units]) }
    for position in Self.biases { try check.requireUnitBias(position, units: units) }
    let factors = factors(node, in: graph)
    for (gate, factor) in (factors.input + factors.hidden).enumerated() {
      try check.requireMultiplier(factor, "input·weight scale·2^12", tensor: node.inputs[1 + gate])
    }
    try check.requireFraction(factors.memory, "2^-30/cell state scale")
    try check.requireFraction(factors.output, "2^-30/hidden state scale")
    try check.require(cellClip.isFinite && cellClip >= 0, .invalidGraph, "cell_clip is \(cellClip), must be finite and at least 0")
  }

  /// Checks that it is none of the kinds of LSTM that compute something else.
  private func validateKind(_ check: NodeCheck) throws(ModelError) {
    func refuse(_ positions: [Int], _ what: String) throws(ModelError) {
      for position in positions {
        guard let tensor = check.node.input(position) else { continue }
        throw check.error(.unsupported, "\(what) is not supported", tensor: tensor)
      }
    }
    try refuse([9, 10, 11], "an LSTM whose gates look at the cell (peephole weights)")
    try refuse([16, 17], "an LSTM with a projection")
    try refuse([20, 21, 22, 23], "an LSTM with layer normalization")
    try check.require(
      check.node.input(1) != nil || check.node.input(5) != nil, .unsupported, "an LSTM whose input and forget gates are coupled is not supported")
  }

  /// Checks hidden and cell state.
  /// - Returns: the number of units.
  private func validateState(_ check: NodeCheck) throws(ModelError) -> Int {
    let (hidden, cell) = (check.node.inputs[Self.hidden], check.node.inputs[Self.cell])
    try check.requireActivation(hidden)
    try check.requireInt16State(cell)
    try check.requireRank(cell, 2...2, "cell state")
    let units = check.input(Self.cell).shape[1], scale = check.input(Self.cell).scale
    try check.requireShape(cell, [1, units], "cell state's")
    try check.requireShape(hidden, [1, units], "hidden state's")
    try check.require(
      scale.significand == 1 && scale <= 0x1p-9, .invalidQuantization,
      "cell state scale is \(scale), must be a power of two of at most 2^-9", tensor: cell)
    return units
  }

  // MARK: Arithmetic

  /// The real factors of a gate's sums over inputs and hidden states, of what is added to the cell, and of the output.
  private func factors(_ node: Node, in graph: Graph) -> (input: [Double], hidden: [Double], memory: Double, output: Double) {
    func scale(_ position: Int) -> Double { Double(graph.tensors[node.inputs[position]].scale) }
    return (
      Self.weights.map { scale(0) * scale($0) / Double(Self.gateScale) }, Self.recurrent.map { scale(Self.hidden) * scale($0) / Double(Self.gateScale) },
      0x1p-30 / scale(Self.cell), 0x1p-30 / scale(Self.hidden)
    )
  }

  /// The greatest magnitude of the cell state in its steps, cut off; nil for none.
  private func bound(_ cell: Tensor) -> Int16? {
    cellClip > 0 ? Int16(min(Double(cellClip) / Double(cell.scale), 32_767)) : nil
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    func tensor(_ position: Int) -> Tensor { graph.tensors[node.inputs[position]] }
    let factors = factors(node, in: graph), (hidden, cell) = (tensor(Self.hidden), tensor(Self.cell))
    let (logistic, tangent) = (Int16Sigmoid(isTangent: false), Int16Sigmoid(isTangent: true))
    let gateFactors = (logistic.factor(Self.gateScale), tangent.factor(Self.gateScale)), cellFactor = tangent.factor(cell.scale)
    let (keep, memory, output) = (QuantizedMultiplier(0x1p-15), QuantizedMultiplier(factors.memory), QuantizedMultiplier(factors.output))
    let bound = Int32(bound(cell) ?? .max), lowest = bound == Int32(Int16.max) && cellClip == 0 ? Int32(Int16.min) : -bound
    let x = tensor(0).centered(store[node.inputs[0]]), depth = tensor(0).shape[2], stage = OutputStage(hidden, .none)
    var h = store[node.inputs[Self.hidden]], c = cell.centered(store[node.inputs[Self.cell]]), y: [UInt8] = []
    for start in stride(from: 0, to: x.count, by: depth) {
      let centered = hidden.centered(h)
      let gates = (0..<4).map { gate in
        let present = tensor(Self.weights.lowerBound + gate).int16Products(
          x[start..<start + depth], bias: tensor(Self.biases.lowerBound + gate).int32Values(), QuantizedMultiplier(factors.input[gate]))
        let past = tensor(Self.recurrent.lowerBound + gate).int16Products(centered[...], QuantizedMultiplier(factors.hidden[gate]))
        return zip(present, past).map { a, b in
          let sum = Int(Int16(clamping: Int(a) + Int(b)))
          return Int32(gate == 2 ? tangent.value(sum, gateFactors.1) : logistic.value(sum, gateFactors.0))
        }
      }
      func product(_ a: Int32, _ b: Int32, _ factor: QuantizedMultiplier) -> Int32 {
        Int32(Int16(clamping: multiplyByQuantizedMultiplier(a * b, factor)))
      }
      for unit in c.indices {
        c[unit] = min(max(product(gates[1][unit], c[unit], keep) + product(gates[0][unit], gates[2][unit], memory), lowest), bound)
        let value: Int8 = stage.store(gates[3][unit] * Int32(tangent.value(Int(c[unit]), cellFactor)), output)
        h[unit] = UInt8(bitPattern: value)
      }
      y += h
    }
    store[node.outputs[0]] = y
    (store[node.outputs[1]], store[node.outputs[2]]) = (h, Elements.bytes(of: c.map { Int16(truncatingIfNeeded: $0) }))
  }

  // MARK: Parts

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    var steps = Steps(self, node, in: graph)
    let nodes = steps.nodes
    graph = steps.graph
    return nodes
  }

  /// The operators of a sequence. Gates lie in the order input, forget, output, cell, so that those of LOGISTIC are one run.
  private struct Steps {
    let lstm: LongShortTermMemory
    let node: Node
    var graph: Graph
    private let units: Int
    private let cell: Int
    private var made: [Node] = []

    init(_ lstm: LongShortTermMemory, _ node: Node, in graph: Graph) {
      (self.lstm, self.node, self.graph) = (lstm, node, graph)
      cell = node.inputs[LongShortTermMemory.cell]
      units = graph.tensors[cell].shape[1]
    }

    private static let order = [0, 1, 3, 2]

    var nodes: [Node] {
      mutating get {
        let shape = graph.tensors[node.inputs[0]].shape, (count, depth) = (shape[0] * shape[1], shape[2])
        let rows = add(Reshape(), node.inputs[0], to: graph.addTensor(like: node.inputs[0], "rows", shape: [count, depth]))
        let present = product(rows, count, gates(LongShortTermMemory.weights), bias: biases())
        let recurrent = gates(LongShortTermMemory.recurrent)
        var (h, c) = (node.inputs[LongShortTermMemory.hidden], cell), states: [Int] = []
        for step in 0..<count {
          let isLast = step == count - 1
          let sum = add(
            Addition(), count == 1 ? present : slice(present, row: step, 0..<4 * units), product(h, 1, recurrent),
            to: int16("step\(step)", 4, LongShortTermMemory.gateScale))
          let opened = add(Int16Sigmoid(isTangent: false), slice(sum, 0..<3 * units), to: int16("step\(step)/gates", 3, LongShortTermMemory.fraction))
          let new = add(Int16Sigmoid(isTangent: true), slice(sum, 3 * units..<4 * units), to: int16("step\(step)/new", 1, LongShortTermMemory.fraction))
          let gates = (0..<3).map { slice(opened, $0 * units..<($0 + 1) * units) }
          let kept = add(Multiplication(), gates[1], c, to: graph.addTensor(like: cell, "step\(step)/kept"))
          let added = add(Multiplication(), gates[0], new, to: graph.addTensor(like: cell, "step\(step)/added"))
          var sumOfCell = Addition(), output = Multiplication()
          (sumOfCell.bound, output.narrows) = (lstm.bound(graph.tensors[cell]), true)
          c = add(sumOfCell, kept, added, to: isLast ? node.outputs[2] : graph.addTensor(like: cell, "step\(step)"))
          let tangent = add(Int16Sigmoid(isTangent: true), c, to: int16("step\(step)/tanh", 1, LongShortTermMemory.fraction))
          h = add(output, gates[2], tangent, to: isLast ? node.outputs[1] : graph.addTensor(like: node.outputs[1], "step\(step)"))
          states.append(h)
        }
        let all = count == 1 ? h : add(Concatenation(axis: 0), states, to: graph.addTensor(like: node.outputs[1], "all", shape: [count, units]))
        _ = add(Reshape(), all, to: node.outputs[0])
        return made
      }
    }

    // MARK: Operators

    private mutating func add(_ operation: any Operation, _ inputs: Int..., to output: Int) -> Int { add(operation, inputs, to: output) }

    private mutating func add(_ operation: any Operation, _ inputs: [Int], to output: Int) -> Int {
      made.append(Node(index: node.index, operation: operation, inputs: inputs, outputs: [output]))
      return output
    }

    /// Rows of all gates' sums, [`rows`, 4·U].
    private mutating func product(_ x: Int, _ rows: Int, _ weights: Int, bias: Int? = nil) -> Int {
      var operation = FullyConnected()
      operation.widens = true
      return add(operation, [x, weights] + (bias.map { [$0] } ?? []), to: int16("sums", 4, LongShortTermMemory.gateScale, rows: rows))
    }

    /// A part of one row.
    private mutating func slice(_ x: Int, row: Int = 0, _ columns: Range<Int>) -> Int {
      let (begin, size) = (graph.addIndices([row, columns.lowerBound]), graph.addIndices([1, columns.count]))
      return add(Slice(), x, begin, size, to: graph.addTensor(like: x, "part", shape: [1, columns.count]))
    }

    // MARK: Tensors

    /// A tensor of int16 with `gates` elements for each unit.
    private mutating func int16(_ suffix: String, _ gates: Int, _ scale: Float, rows: Int = 1) -> Int {
      graph.addTensor(like: cell, suffix, Quantization(scale: scale, zeroPoint: 0), shape: [rows, gates * units])
    }

    /// The matrices of all gates one behind the other, a scale for each row.
    private mutating func gates(_ positions: ClosedRange<Int>) -> Int {
      let parts = Self.order.map { graph.tensors[node.inputs[positions.lowerBound + $0]] }
      var matrix = parts[0]
      matrix.shape[0] *= parts.count
      matrix.constant = parts.flatMap { $0.constant ?? [] }
      let scales = parts.flatMap { [Float](repeating: $0.scale, count: units) }
      matrix.quantization = Quantization(scales: scales, zeroPoints: scales.map { _ in 0 })
      graph.tensors.append(matrix)
      return graph.tensors.count - 1
    }

    /// The biases of all gates one behind the other.
    private mutating func biases() -> Int {
      let bytes = Self.order.flatMap { graph.tensors[node.inputs[LongShortTermMemory.biases.lowerBound + $0]].constant ?? [] }
      graph.tensors.append(Tensor(name: "", shape: [4 * units], type: .int32, constant: bytes))
      return graph.tensors.count - 1
    }
  }
}
