// TILE and BROADCAST_TO: a tensor repeated.
//
// TILE repeats every dimension as often as its second input says. BROADCAST_TO repeats dimensions of size 1 and missing
// ones to the shape in its second input. Both are constants.

/// A tensor repeated along its dimensions.
public struct Tile: Movement {
  /// `TILE` or `BROADCAST_TO`.
  public var name: String

  public init(name: String = "TILE") {
    self.name = name
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    let (input, output) = (check.input().shape, check.output().shape)
    if name == "TILE" {
      let multiples = try check.constantPerDimension(1, "multiples")
      let fits = output.count == input.count
        && zip(zip(input, output), multiples).allSatisfy { $1 > 0 && $0.1 % $1 == 0 && $0.1 / $1 == $0.0 }
      try check.require(
        fits, .invalidShape, "\(check.describe(input)) repeated \(multiples) times is not \(check.describe(output))",
        tensor: node.outputs[0])
    } else {
      try check.requireShape(node.outputs[0], try check.constantIndices(1, "sizes"))
      try check.require(
        Broadcast(input, to: output) != nil, .invalidShape,
        "\(check.describe(input)) cannot be broadcast to \(check.describe(output))", tensor: node.outputs[0])
    }
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let (shape, output) = (graph.tensors[node.inputs[0]].shape, graph.tensors[node.outputs[0]].shape)
    let input = [Int](repeating: 1, count: output.count - shape.count) + shape
    let strides = zip(Move.strides(input), Move.strides(output))
    return [
      Move(
        shape: zip(input, output).flatMap { [$1 / $0, $0] },
        from: Move.Box(tensor: node.inputs[0], strides: strides.flatMap { [0, $0.0] }),
        to: Move.Box(tensor: node.outputs[0], strides: zip(input, strides).flatMap { [$0 * $1.1, $1.1] })).merged
    ]
  }
}
