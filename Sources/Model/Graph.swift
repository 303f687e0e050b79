// The network: tensors, and the operators between them in an order that can be executed.
//
// A graph is plain data. It can be built by hand, but only a graph that passes
// `validate()` (every loaded one has) may be executed or mapped to hardware.

/// One operator applied to tensors of a graph.
public struct Node: Sendable {
  /// Position of the operator in the file; messages name it by this.
  public var index: Int
  /// What it computes, with its options.
  public var operation: any Operation
  /// Tensor indices it reads; −1 where an optional input is absent.
  public var inputs: [Int]
  /// Tensor indices it writes.
  public var outputs: [Int]

  public init(index: Int, operation: any Operation, inputs: [Int], outputs: [Int]) {
    self.index = index
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The tensor index of input `position`; `nil` when it is absent.
  public func input(_ position: Int) -> Int? {
    guard inputs.indices.contains(position), inputs[position] >= 0 else { return nil }
    return inputs[position]
  }
}

/// A network.
public struct Graph: Sendable {
  /// The name of the network: by default that of its file, without directory and extension.
  public var name: String
  /// All tensors; nodes refer to them by index.
  public var tensors: [Tensor]
  /// The operators, each after those whose results it reads.
  public var nodes: [Node]
  /// Tensors the user supplies, in the order of the file.
  public var inputs: [Int]
  /// Tensors the user wants, in the order of the file.
  public var outputs: [Int]
  /// The interpreter whose results are the right ones where interpreters differ.
  public var reference = ReferenceInterpreter.tflm
  /// How layers rescale their sums.
  public var rounding = Rounding.fixedPoint
  /// State that is kept from inference to inference.
  public var states: [StateVariable] = []
  /// Operators of the file that were evaluated when it was read: their outputs are constants.
  public var folded: [Node] = []
  /// Tensors of the file that hold uint8 there and int8 here: a byte q of the file is q − 128 here (see `centerBytes`).
  public var recentered: Set<Int> = []
  /// Operators of the file whose results nobody reads.
  public var unread: [Node] = []
  /// What the file holds that no graph can express; validation refuses a graph that has any.
  public var problems: [ModelError] = []

  public init(name: String, tensors: [Tensor], nodes: [Node], inputs: [Int], outputs: [Int]) {
    self.name = name
    self.tensors = tensors
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Multiply-accumulates of one inference, padding included, as the field counts them.
  public var multiplyAccumulates: Int {
    nodes.reduce(0) { $0 &+ $1.operation.multiplyAccumulates($1, in: self) }
  }

  /// The shape of a tensor that has `rank` dimensions; nil for any other, and for an index that names none.
  package func shape(_ tensor: Int?, rank: Int) -> [Int]? {
    guard let tensor, tensors.indices.contains(tensor), tensors[tensor].shape.count == rank else { return nil }
    return tensors[tensor].shape
  }

  /// Bytes of constants that operators read (weights, biases, tables), each counted once.
  public var parameterBytes: Int {
    var seen = Set<Int>()
    for node in nodes {
      for tensor in node.inputs where tensors.indices.contains(tensor) && tensors[tensor].isConstant { seen.insert(tensor) }
    }
    return seen.reduce(0) { $0 &+ tensors[$1].byteCount }
  }

  /// Tensors that are there before the first operator runs and keep what they hold: inputs and state.
  public var supplied: [Int] { inputs + states.map(\.tensor) }

  /// Tensors that are computed or supplied and that an operator or the user touches, in ascending order.
  public var activations: [Int] {
    var used = Set(inputs).union(outputs).union(states.flatMap { [$0.tensor, $0.next] })
    for node in nodes { used.formUnion(node.inputs + node.outputs) }
    return used.filter { tensors.indices.contains($0) && !tensors[$0].isConstant }.sorted()
  }

  /// For each tensor, the position in `nodes` of the operator that writes it; `nil` for inputs and constants.
  public var producers: [Int?] {
    var result = [Int?](repeating: nil, count: tensors.count)
    for (position, node) in nodes.enumerated() {
      for output in node.outputs where tensors.indices.contains(output) { result[output] = position }
    }
    return result
  }

  /// For each tensor, the positions in `nodes` of the operators that read it, ascending, each once.
  public var consumers: [[Int]] {
    var result = [[Int]](repeating: [], count: tensors.count)
    for (position, node) in nodes.enumerated() {
      for input in node.inputs where tensors.indices.contains(input) && result[input].last != position {
        result[input].append(position)
      }
    }
    return result
  }

  /// How messages name a tensor: `tensor 3 'conv1/Relu'`, long names shortened.
  public func label(_ tensor: Int) -> String {
    guard tensors.indices.contains(tensor) else { return "tensor \(tensor)" }
    return "tensor \(tensor) '\(cleanedText(tensors[tensor].name, limit: 80))'"
  }
}
