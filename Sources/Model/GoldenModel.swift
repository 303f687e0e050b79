// The integer reference: a graph executed operator by operator.
//
// Whatever hardware is generated must reproduce every tensor of this bit for bit, not
// only the outputs. The arithmetic is that of TensorFlow Lite for Microcontrollers.

/// Runs a validated graph with the golden kernels.
public struct GoldenModel: Sendable {
  /// The graph that is run.
  public let graph: Graph
  /// Those that are computed here.
  private let nodes: [Node]
  /// Of these, the host's behind the accelerator.
  private let after: [Node]
  private let activations: [Int]
  private let constants: TensorStore

  /// - Throws: `ModelError` when `graph` does not pass `Graph.validate()`.
  public init(_ graph: Graph) throws(ModelError) {
    try graph.validate()
    self.graph = graph
    let partition = graph.partition, left = Set(partition.remaining.map(\.index))
    after = partition.after
    nodes = graph.nodes.filter { !left.contains($0.index) }
    let uncomputed = Set(graph.nodes.filter { left.contains($0.index) }.flatMap(\.outputs))
    activations = graph.activations.filter { !uncomputed.contains($0) }
    constants = TensorStore(graph)
  }

  /// One inference.
  ///
  /// - Parameters:
  ///   - inputs: the bytes of every graph input, in the order of `graph.inputs`, C order (NHWC).
  ///   - state: the bytes of every state variable, in the order of `graph.states`; nil before the first inference.
  /// - Returns: the bytes of every tensor that is not constant (inputs, intermediate results, outputs), by index, and of those
  ///   that were folded. Tensors that only operators left to the host make are not among them.
  /// - Throws: `ModelError` when the number or the sizes of the inputs are wrong.
  public func run(inputs: [[UInt8]], state: [[UInt8]]? = nil) throws(ModelError) -> [Int: [UInt8]] {
    guard inputs.count == graph.inputs.count else {
      throw ModelError(.invalidShape, "\(inputs.count) inputs given, the network has \(graph.inputs.count)")
    }
    var store = constants
    for (tensor, bytes) in zip(graph.inputs, inputs) {
      let expected = graph.tensors[tensor].byteCount
      guard bytes.count == expected else {
        throw ModelError(
          .invalidShape, "input has \(bytes.count) bytes, shape \(graph.tensors[tensor].shape) needs \(expected) "
            + "(\(graph.label(tensor)))")
      }
      store[tensor] = bytes
    }
    for (variable, bytes) in zip(graph.states, state ?? graph.states.map(\.initial)) { store[variable.tensor] = bytes }
    for node in nodes { node.operation.evaluate(node, in: graph, on: &store) }
    var results: [Int: [UInt8]] = [:]
    for tensor in activations { results[tensor] = store[tensor] }
    for node in graph.folded { for tensor in node.outputs { results[tensor] = graph.tensors[tensor].constant } }
    return results
  }

  /// What the host makes of `tensors`, those that the accelerator computed among them: the same, and its own.
  public func finished(_ tensors: [Int: [UInt8]]) -> [Int: [UInt8]] {
    var store = constants, results = tensors
    for (tensor, bytes) in tensors { store[tensor] = bytes }
    for node in after {
      node.operation.evaluate(node, in: graph, on: &store)
      for tensor in node.outputs { results[tensor] = store[tensor] }
    }
    return results
  }

  /// The state after an inference that made `tensors`.
  public func state(after tensors: [Int: [UInt8]]) -> [[UInt8]] { graph.states.map { tensors[$0.next] ?? $0.initial } }
}
