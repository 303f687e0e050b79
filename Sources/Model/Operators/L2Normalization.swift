// L2_NORMALIZATION: every vector along the last dimension, over its length.
//
// With v = x − zx: y = clamp(MBQM(v, 2^7/√Σv²)). The output's scale is 1/128 and its zero point 0; a vector of zeros, and one of
// length 1, are not divided. One over the root comes from the iteration that RSQRT has. Nothing on the accelerator sums squares,
// so the host runs it, at the end of a network, where embeddings have it.

/// Vectors of length one.
public struct L2Normalization: HostOperation {
  public var name: String { "L2_NORMALIZATION" }

  public init() {}

  /// Never runs on the accelerator.
  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(.unsupported, "L2_NORMALIZATION is not supported inside of a network, only at its end")
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireShape(node.outputs[0], check.input().shape)
    try check.require(
      check.output().scale == 1 / 128 && check.output().zeroPoint == 0, .invalidQuantization,
      "output scale is \(check.output().scale), zero point \(check.output().zeroPoint); \(name) has 1/128 and 0", tensor: node.outputs[0])
    let depth = check.input().shape.last ?? 1
    try check.require(depth <= 8_192, .unsupported, "vectors of \(depth) elements are not supported, only up to 8192", tensor: node.inputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], depth = input.shape.last ?? 1
    let values = input.integers(store[node.inputs[0]]).map { Int32(truncatingIfNeeded: $0 - input.zeroPoint) }
    var result: [UInt8] = []
    for start in stride(from: 0, to: values.count, by: depth) {
      let row = values[start..<start + depth], squares = row.reduce(Int32(0)) { $0 &+ $1 &* $1 }
      var factor = squares > 1 ? reciprocalSquareRoot(squares) : QuantizedMultiplier(multiplier: .max, exponent: 0)
      factor.exponent += 7
      result += row.map { UInt8(bitPattern: Int8(min(max(multiplyByQuantizedMultiplier($0, factor), -128), 127))) }
    }
    store[node.outputs[0]] = result
  }
}
