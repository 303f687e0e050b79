// RELU on its own: rescale, then clamp at zero.
//
// y = clamp(zy + MBQM(x − zx, sx/sy)), from zy up, the quotient of the
// scales formed in double, or in float32 where LiteRT is the reference.

/// A rectifier.
public struct Relu: TableOperation {
  public var name: String { "RELU" }

  public init() {}

  public func table(_ node: Node, in graph: Graph) -> [Int8] { rectifierTable(.relu, node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try validateRectifier(node, in: graph) }
}

/// sx/sy.
package func rectifierFactor(_ node: Node, in graph: Graph) -> Double {
  let (input, output) = (graph.tensors[node.inputs[0]].scale, graph.tensors[node.outputs[0]].scale)
  return graph.reference == .litert ? Double(input / output) : Double(input) / Double(output)
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
  try check.requireUnary()
  try check.requireMultiplier(
    rectifierFactor(node, in: graph), "input scale/output scale", tensor: node.outputs[0])
}
