// A function of a byte that is known by its outputs alone.
//
// An ONNX file has functions on real numbers between a DequantizeLinear and a QuantizeLinear. Whatever they are, and however many
// of them one after the other, an output depends on one byte: the importer computes all 256, and here is nothing left to compute.

/// An elementwise function, by its outputs.
public struct ByteFunction: TableOperation {
  /// The operators that it is, `HardSigmoid · Mul`.
  public var name: String
  /// For the stored inputs −128...127.
  public var outputs: [Int8]

  public init(name: String, outputs: [Int8]) { (self.name, self.outputs) = (name, outputs) }

  public func table(_ node: Node, in graph: Graph) -> [Int8] { outputs }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireShape(node.outputs[0], check.input().shape)
    try check.require(outputs.count == 256, .invalidGraph, "has \(outputs.count) outputs for 256 bytes")
  }
}
