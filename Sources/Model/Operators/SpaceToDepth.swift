// SPACE_TO_DEPTH and DEPTH_TO_SPACE: blocks of pixels as the channels of one pixel, and back.
//
// With blocks of b×b, N×H·b×W·b×C and N×H×W×(b·b·C) hold the same bytes; a pixel's channels are its block in C order.

/// Blocks of pixels become pixels of more channels.
public struct SpaceToDepth: Movement {
  public var name: String { "SPACE_TO_DEPTH" }
  /// Rows and columns of a block, at least 1.
  public var blockSize: Int

  public init(blockSize: Int) {
    self.blockSize = blockSize
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireBlocks(blockSize, fine: { $0.inputs[0] }, coarse: { $0.outputs[0] })
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    [blockMove(blockSize, fine: node.inputs[0], coarse: node.outputs[0], in: graph).merged]
  }
}

/// Pixels become blocks of pixels of fewer channels.
public struct DepthToSpace: Movement {
  public var name: String { "DEPTH_TO_SPACE" }
  /// Rows and columns of a block, at least 1.
  public var blockSize: Int

  public init(blockSize: Int) {
    self.blockSize = blockSize
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireBlocks(blockSize, fine: { $0.outputs[0] }, coarse: { $0.inputs[0] })
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    [blockMove(blockSize, fine: node.outputs[0], coarse: node.inputs[0], in: graph).reversed.merged]
  }
}

/// From the tensor of many pixels to the one of many channels, in the order of the latter.
private func blockMove(_ size: Int, fine: Int, coarse: Int, in graph: Graph) -> Move {
  let (pixels, strides) = (graph.tensors[coarse].shape, Move.strides(graph.tensors[fine].shape))
  let shape = [pixels[0], pixels[1], pixels[2], size, size, graph.tensors[fine].shape[3]]
  return Move(
    shape: shape,
    from: Move.Box(
      tensor: fine, strides: [strides[0], size * strides[1], size * strides[2], strides[1], strides[2], strides[3]]),
    to: Move.Box(tensor: coarse, strides: Move.strides(shape)))
}

extension NodeCheck {
  fileprivate func requireBlocks(_ size: Int, fine: (Node) -> Int, coarse: (Node) -> Int) throws(ModelError) {
    try requireCounts(inputs: 1...1)
    try requireMovable()
    try requireRank(node.inputs[0], 4...4, "input")
    try requireRank(node.outputs[0], 4...4, "output")
    try require((1...65_536).contains(size), .invalidGraph, "blocks of \(size)x\(size) pixels")
    let (many, few) = (graph.tensors[fine(node)].shape, graph.tensors[coarse(node)].shape)
    try require(
      many == [few[0], few[1] * size, few[2] * size, many[3]] && few[3] == many[3] * size * size, .invalidShape,
      "\(describe(input().shape)) does not become \(describe(output().shape)) with blocks of \(size)x\(size) pixels",
      tensor: node.outputs[0])
  }
}
