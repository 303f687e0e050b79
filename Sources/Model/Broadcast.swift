// Elementwise operators on operands of different shapes.
//
// Shapes are aligned at their last dimension; a dimension of size 1, or one that is
// missing, repeats. Networks use this for constants, a scalar or one value per channel, and for computed factors: one per
// channel in squeeze-and-excite, one per row in a layer norm.

/// How the elements of an operand map to the elements of the result.
package struct Broadcast: Sendable {
  private let shape: [Int]
  /// Elements of the operand from index to index of the result: 0 where it repeats.
  package let strides: [Int]

  /// The broadcast of `operand` to `result`; `nil` when the shapes do not fit.
  package init?(_ operand: [Int], to result: [Int]) {
    guard operand.count <= result.count else { return nil }
    let missing = result.count - operand.count
    var strides = [Int](repeating: 0, count: result.count)
    var step = 1
    for dimension in operand.indices.reversed() {
      let target = dimension + missing
      guard operand[dimension] == result[target] || operand[dimension] == 1 else { return nil }
      strides[target] = operand[dimension] == 1 ? 0 : step
      step *= operand[dimension]
    }
    shape = result
    self.strides = strides
  }

  /// For each element of the result in C order, the index of the operand's element.
  package func forEach(_ body: (_ result: Int, _ operand: Int) -> Void) {
    let rank = shape.count
    let inner = shape.last ?? 1
    let innerStride = strides.last ?? 0
    let outer = shape.dropLast().reduce(1, *)
    var counters = [Int](repeating: 0, count: max(rank - 1, 0))
    var base = 0
    var position = 0
    for _ in 0..<outer {
      var operand = base
      for _ in 0..<inner {
        body(position, operand)
        position += 1
        operand += innerStride
      }
      var dimension = rank - 2
      while dimension >= 0 {
        counters[dimension] += 1
        base += strides[dimension]
        if counters[dimension] < shape[dimension] { break }
        base -= strides[dimension] * shape[dimension]
        counters[dimension] = 0
        dimension -= 1
      }
    }
  }
}

extension NodeCheck {
  /// Checks the operands of an elementwise operator with two inputs: int8, at least one of them computed, both of shapes that
  /// broadcast to the result's.
  /// - Parameter broadcastsTensors: whether a computed operand may, too, and not a constant alone.
  package func requireElementwiseOperands(broadcastsTensors: Bool = false) throws(ModelError) {
    try requireCounts(inputs: 2...2)
    try requireActivations(inputs: [0, 1])
    let result = output().shape
    try require(
      !(input(0).isConstant && input(1).isConstant), .unsupported,
      "both operands are constants, which is not supported", advice: "fold the constants when converting")
    for position in 0...1 {
      let operand = input(position)
      if operand.shape == result { continue }
      try require(
        Broadcast(operand.shape, to: result) != nil, .invalidShape,
        "operand of shape \(describe(operand.shape)) does not broadcast to the output \(describe(result))",
        tensor: node.inputs[position])
      try require(
        operand.isConstant || broadcastsTensors, .unsupported,
        "broadcasting a computed tensor (\(describe(operand.shape)) to \(describe(result))) is not supported",
        tensor: node.inputs[position])
    }
  }
}

/// Combines two int8 operands element by element. `combine` gets the operands' bytes as 0...255.
package func elementwise(
  _ node: Node, in graph: Graph, on store: inout TensorStore, _ combine: (_ a: Int, _ b: Int) -> Int8
) {
  let output = graph.tensors[node.outputs[0]]
  let (first, second) = (store[node.inputs[0]], store[node.inputs[1]])
  let shapes = node.inputs.map { graph.tensors[$0].shape }
  store[node.outputs[0]] = makeInt8(output.elementCount) { y in
    if shapes[0] == output.shape, shapes[1] == output.shape {
      for index in 0..<y.count { y[index] = combine(Int(first[index]), Int(second[index])) }
    } else if shapes[0] == output.shape, let map = Broadcast(shapes[1], to: output.shape) {
      map.forEach { y[$0] = combine(Int(first[$0]), Int(second[$1])) }
    } else if shapes[1] == output.shape, let map = Broadcast(shapes[0], to: output.shape) {
      map.forEach { y[$0] = combine(Int(first[$1]), Int(second[$0])) }
    } else if let one = Broadcast(shapes[0], to: output.shape), let other = Broadcast(shapes[1], to: output.shape) {
      var elements = [Int](repeating: 0, count: y.count)
      one.forEach { elements[$0] = $1 }
      other.forEach { y[$0] = combine(Int(first[elements[$0]]), Int(second[$1])) }
    }
  }
}

/// Combines two int16 operands of one shape element by element to int16 or int8, whatever the output is.
func int16Elementwise(
  _ node: Node, in graph: Graph, on store: inout TensorStore, _ stage: OutputStage, _ steps: (_ a: Int32, _ b: Int32) -> Int32
) {
  let (first, second) = (Elements.words(store[node.inputs[0]], Int16.self), Elements.words(store[node.inputs[1]], Int16.self))
  func output<Element: SummedElement>(_ type: Element.Type) -> [UInt8] {
    Element.make(first.count) { y in for index in y.indices { y[index] = stage.store(steps(Int32(first[index]), Int32(second[index]))) } }
  }
  store[node.outputs[0]] = graph.isInt16(node) ? output(Int16.self) : output(Int8.self)
}
