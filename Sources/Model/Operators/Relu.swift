// RELU on its own: rescale, then clamp at zero.
//
// y = clamp(zy + MBQM(x − zx, sx/sy)), from zy up, the quotient of the
// scales formed in double. RELU6 shares everything but its upper limit.

/// A rectifier.
public struct Relu: Operation {
  public var name: String { "RELU" }

  public init() {}

  /// The outputs of a validated `node` for the stored inputs −128...127.
  public func table(_ node: Node, in graph: Graph) -> [Int8] { rectifierTable(.relu, node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try validateRectifier(node, in: graph) }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    evaluateTable(table(node, in: graph), node, in: graph, on: &store)
  }
}

/// sx/sy.
private func rectifierFactor(_ node: Node, in graph: Graph) -> Double {
  Double(graph.tensors[node.inputs[0]].scale) / Double(graph.tensors[node.outputs[0]].scale)
}

/// The outputs of a rectifier for the stored inputs −128...127.
package func rectifierTable(_ activation: Activation, _ node: Node, in graph: Graph) -> [Int8] {
  let stage = OutputStage(graph.tensors[node.outputs[0]], activation)
  let zeroPoint = Int32(truncatingIfNeeded: graph.tensors[node.inputs[0]].zeroPoint)
  let multiplier = QuantizedMultiplier(rectifierFactor(node, in: graph))
  return (Int32(-128)...127).map { stage.store($0 &- zeroPoint, multiplier) }
}

package func validateRectifier(_ node: Node, in graph: Graph) throws(ModelError) {
  let check = NodeCheck(node, in: graph)
  try check.requireCounts(inputs: 1...1)
  try check.requireInt8Activations()
  try check.requireShape(node.outputs[0], check.input().shape)
  try check.requireMultiplier(
    rectifierFactor(node, in: graph), "input scale/output scale", tensor: node.outputs[0])
}

/// Applies a table of 256 outputs, ordered by stored input from −128 to 127, to every element.
package func evaluateTable(_ table: [Int8], _ node: Node, in graph: Graph, on store: inout TensorStore) {
  store[node.outputs[0]] = store[node.inputs[0]].map { UInt8(bitPattern: table[Int($0 ^ 0x80)]) }
}
