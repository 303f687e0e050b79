// Operators that are others one after the other.
//
// Some operators need no kernel of their own: what they compute, bit for bit, is what a few other operators compute. The
// maximum of two tensors, for one, is the second one plus what the first one is more. For such an operator hardware runs
// the others, in a graph that has them in its place. The golden kernel stays the operator's own, so that a test can hold
// one against the other.

/// An operator that other operators can stand for.
public protocol CompositeOperation: Operation {
  /// Operators that compute what a validated `node` does; nil where the node stands for itself.
  ///
  /// They have the node's number. Tensors between them are added to `graph`, behind all that are there, and constants, too.
  func parts(_ node: Node, in graph: inout Graph) -> [Node]?
}

extension Graph {
  /// The same network with the parts of operators in their places. Tensors that were there keep their indices, inputs and
  /// outputs stay, and a decomposed graph stays as it is.
  public var decomposed: Graph {
    var result = self
    result.nodes = []
    for node in nodes { result.append(node) }
    return result
  }

  private mutating func append(_ node: Node) {
    if let operation = node.operation as? any CompositeOperation, let parts = operation.parts(node, in: &self) {
      for part in parts { append(part) }
    } else {
      nodes.append(node)
    }
  }

  /// A new tensor between the parts of an operator: another one but for its shape or its quantization.
  mutating func addTensor(like other: Int, _ suffix: String, _ quantization: Quantization? = nil, shape: [Int]? = nil) -> Int {
    var tensor = tensors[other]
    (tensor.name, tensor.constant) = ("\(tensor.name)/\(suffix)", nil)
    if let quantization { tensor.quantization = quantization }
    if let shape { tensor.shape = shape }
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// New constant axes, or other indices.
  mutating func addIndices(_ indices: [Int], shape: [Int]? = nil) -> Int {
    let bytes = indices.flatMap { index in (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) } }
    tensors.append(Tensor(name: "", shape: shape ?? [indices.count], type: .int32, constant: bytes))
    return tensors.count - 1
  }

  /// A new int8 constant of one element for the parts of an operator.
  mutating func addConstant(_ value: Int, _ quantization: Quantization) -> Int {
    tensors.append(
      Tensor(name: "", shape: [], type: .int8, quantization: quantization, constant: [UInt8(truncatingIfNeeded: value)]))
    return tensors.count - 1
  }
}
