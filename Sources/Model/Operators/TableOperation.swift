// Functions of one byte: operators whose every output byte depends on one input byte alone.
//
// Whatever the arithmetic behind such an operator is, it has 256 cases. So the operator's whole kernel is the table of
// its outputs, and hardware can run it exactly by looking bytes up.

/// An elementwise function of one int8 tensor.
public protocol TableOperation: Operation {
  /// The outputs of a validated `node` for the stored inputs −128...127.
  func table(_ node: Node, in graph: Graph) -> [Int8]
}

extension TableOperation {
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let table = table(node, in: graph)
    store[node.outputs[0]] = store[node.inputs[0]].map { UInt8(bitPattern: table[Int($0 ^ 0x80)]) }
  }
}
