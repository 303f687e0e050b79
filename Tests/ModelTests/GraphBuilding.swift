// Small graphs for tests.

import Model

/// An int8 activation.
func activation(
  _ shape: [Int], scale: Float = 1, zeroPoint: Int = 0, name: String = "t"
) -> Tensor {
  Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zeroPoint))
}

/// An int16 activation, whose zero point is 0.
func int16Activation(_ shape: [Int], scale: Float = 1, name: String = "t") -> Tensor {
  Tensor(name: name, shape: shape, type: .int16, quantization: Quantization(scale: scale, zeroPoint: 0))
}

/// An int8 constant.
func weights(_ shape: [Int], _ values: [Int8], scale: Float = 1, zeroPoint: Int = 0, name: String = "w") -> Tensor {
  Tensor(
    name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zeroPoint),
    constant: values.map { UInt8(bitPattern: $0) })
}

/// An int32 constant without quantization: a bias, axes, paddings.
func integers(_ shape: [Int], _ values: [Int32], name: String = "b") -> Tensor {
  Tensor(
    name: name, shape: shape, type: .int32,
    constant: values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> Int32(8 * $0)) } })
}

/// An int64 constant without quantization: a bias of int16 activations.
func int64Integers(_ shape: [Int], _ values: [Int], name: String = "b") -> Tensor {
  Tensor(name: name, shape: shape, type: .int64, constant: Elements.bytes(values, .int64))
}

/// A graph of one operator; all inputs that are not constant are graph inputs.
func graph(_ operation: any Operation, _ inputs: [Tensor?], output: Tensor) -> Graph {
  var tensors: [Tensor] = []
  var indices: [Int] = []
  for input in inputs {
    if let input {
      indices.append(tensors.count)
      tensors.append(input)
    } else {
      indices.append(-1)
    }
  }
  tensors.append(output)
  return Graph(
    name: "test", tensors: tensors,
    nodes: [Node(index: 0, operation: operation, inputs: indices, outputs: [tensors.count - 1])],
    inputs: tensors.indices.dropLast().filter { !tensors[$0].isConstant }, outputs: [tensors.count - 1])
}

/// The output of a graph of one operator, as int8.
func run(_ graph: Graph, _ inputs: [Int8]...) throws -> [Int8] {
  let results = try GoldenModel(graph).run(inputs: inputs.map { $0.map { UInt8(bitPattern: $0) } })
  return (results[graph.outputs[0]] ?? []).map { Int8(bitPattern: $0) }
}

/// The output of a graph of one operator on int16.
func runInt16(_ graph: Graph, _ inputs: [Int]...) throws -> [Int] {
  let results = try GoldenModel(graph).run(inputs: inputs.map { Elements.bytes($0, .int16) })
  return Elements.integers(results[graph.outputs[0]] ?? [], .int16)
}

/// The error of a graph that must not pass validation; a category that no test expects when it does pass.
func validationError(_ graph: Graph) -> ModelError {
  do throws(ModelError) {
    try graph.validate()
    return ModelError(.unreadable, "the graph passed validation")
  } catch {
    return error
  }
}
