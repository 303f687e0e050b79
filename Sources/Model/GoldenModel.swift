// The integer reference: a graph executed operator by operator.
//
// Whatever hardware is generated must reproduce every tensor of this bit for bit, not
// only the outputs. The arithmetic is that of TensorFlow Lite for Microcontrollers.

/// Runs a validated graph with the golden kernels.
public struct GoldenModel: Sendable {
  /// The graph that is run.
  public let graph: Graph
  private let activations: [Int]
  private let constants: TensorStore

  /// - Throws: `ModelError` when `graph` does not pass `Graph.validate()`.
  public init(_ graph: Graph) throws(ModelError) {
    try graph.validate()
    self.graph = graph
    activations = graph.activations
    constants = TensorStore(graph)
  }

  /// One inference.
  ///
  /// - Parameter inputs: the bytes of every graph input, in the order of `graph.inputs`, C order (NHWC).
  /// - Returns: the bytes of every tensor that is not constant (inputs, intermediate results, outputs), by index.
  /// - Throws: `ModelError` when the number or the sizes of the inputs are wrong.
  public func run(inputs: [[UInt8]]) throws(ModelError) -> [Int: [UInt8]] {
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
    for node in graph.nodes { node.operation.evaluate(node, in: graph, on: &store) }
    var results: [Int: [UInt8]] = [:]
    for tensor in activations { results[tensor] = store[tensor] }
    return results
  }
}
