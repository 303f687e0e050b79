// RESHAPE, EXPAND_DIMS and SQUEEZE: the same bytes with another shape.
//
// The output's own shape in the file decides; a target shape given as a constant is
// checked against it.

/// A change of shape.
public struct Reshape: Movement {
  /// `RESHAPE`, `EXPAND_DIMS` or `SQUEEZE`.
  public var name: String

  public init(name: String = "RESHAPE") {
    self.name = name
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    switch name {
    case "SQUEEZE": try check.requireCounts(inputs: 1...1)
    case "EXPAND_DIMS": try check.requireCounts(inputs: 2...2)
    default: try check.requireCounts(inputs: 1...2)
    }
    try check.requireMovable()
    let (input, output) = (check.input(), check.output())
    try check.require(
      input.elementCount == output.elementCount, .invalidShape,
      "input of shape \(check.describe(input.shape)) has \(input.elementCount) elements, "
        + "output of shape \(check.describe(output.shape)) has \(output.elementCount)", tensor: node.outputs[0])
    if name != "RESHAPE" {
      try check.require(
        input.shape.filter { $0 != 1 } == output.shape.filter { $0 != 1 }, .invalidShape,
        "shape \(check.describe(input.shape)) becomes \(check.describe(output.shape)): "
          + "\(name) only adds or removes sizes of 1", tensor: node.outputs[0])
    } else if node.input(1) != nil {
      try validateTarget(try check.constantIndices(1, "target sizes"), check)
    }
  }

  private func validateTarget(_ sizes: [Int], _ check: NodeCheck) throws(ModelError) {
    let output = check.output().shape
    // −1 stands for whatever is left over.
    let agrees = sizes.count == output.count && zip(sizes, output).allSatisfy { $0 == -1 || $0 == $1 }
    try check.require(
      agrees && sizes.filter { $0 == -1 }.count <= 1, .invalidShape,
      "the target shape is \(sizes), but the output has shape \(check.describe(output))",
      tensor: check.node.outputs[0])
  }

  /// One move of all bytes in their order.
  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    [
      Move(
        shape: [graph.tensors[node.outputs[0]].elementCount], from: Move.Box(tensor: node.inputs[0], strides: [1]),
        to: Move.Box(tensor: node.outputs[0], strides: [1]))
    ]
  }
}
