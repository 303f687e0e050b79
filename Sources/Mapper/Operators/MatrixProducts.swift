// BATCH_MATMUL, and FULLY_CONNECTED with computed weights: a product of two matrices per index of the leading dimensions.

import Model

extension BatchMatrixMultiplication: Mappable {
  /// A part for every matrix of the output.
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, plan = LayerPlan(node, parts: [])
    guard let sizes = sizes(node, in: graph), !transposesFirst else { throw plan.error("its first operand is transposed", in: graph) }
    for input in node.inputs where network.constant(input) != nil {
      throw plan.error("one of its operands is constant, with several matrices", in: graph, advice: "convert it to FULLY_CONNECTED")
    }
    let most = 4096
    guard sizes.pairs.count <= most else {
      throw plan.error("multiplying \(sizes.pairs.count) pairs of matrices needs as many parts, at most \(most)", in: graph)
    }
    let (rows, depth, columns) = (sizes.rows, sizes.depth, sizes.columns), factor = SumFactor.fixedPoint(multiplier(node, in: graph))
    return [
      LayerPlan(
        node,
        parts: sizes.pairs.enumerated().map { index, pair in
          var part = Part(
            product: node, in: graph, rows: rows, firstAt: pair.first * rows * depth,
            second: Box(
              node.inputs[1], offset: pair.second * depth * columns, shape: [columns, depth],
              strides: transposesSecond ? [depth, 1] : [1, columns]),
            outputAt: index * rows * columns, bias: [Int32](repeating: 0, count: columns), factors: [SumFactor](repeating: factor, count: columns))
          if sizes.pairs.count > 1 { part.detail = "matrix \(index)" }
          return part
        })
    ]
  }
}

extension FullyConnected {
  /// The layer with weights that are computed.
  func product(_ node: Node, in graph: Graph) -> LayerPlan {
    let arithmetic = arithmetic(node, in: graph), shape = graph.tensors[node.inputs[1]].shape
    return LayerPlan(
      node,
      parts: [
        Part(
          product: node, in: graph, rows: rowCount(node, in: graph), firstAt: 0, second: Box(whole: node.inputs[1], shape), outputAt: 0,
          bias: arithmetic.bias, factors: arithmetic.factors)
      ], ending: Ending(limits: activation, of: graph.tensors[node.outputs[0]]))
  }
}

extension Part {
  /// One product: `rows` rows of the node's first input from an element on times a matrix, `second` of columns × depth.
  fileprivate init(
    product node: Node, in graph: Graph, rows: Int, firstAt first: Int, second: Box, outputAt output: Int, bias: [Int32],
    factors: [SumFactor]
  ) {
    let (columns, depth) = (second.shape[0], second.shape[1])
    let zeros = node.inputs.prefix(2).map { graph.tensors[$0].zeroPoint }
    func pixels(_ tensor: Int, _ offset: Int, _ channels: Int) -> Box {
      Box(tensor, offset: offset, shape: [1, 1, rows, channels], strides: [0, 0, channels, 1])
    }
    self.init(
      kernel: .product(MatrixProduct(rows: rows, depth: depth, second: second, zeros: (zeros[0], zeros[1]))),
      from: pixels(node.inputs[0], first, depth), to: pixels(node.outputs[0], output, columns),
      rescaling: .sums(
        bias: bias, factors: factors, zeroIn: zeros[0],
        zeroOut: graph.tensors[node.outputs[0]].zeroPoint))
  }
}
