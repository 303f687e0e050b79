// BATCH_MATMUL: products of matrices, one for every index of the dimensions before the last two.
//
// y = clamp(zy + MBQM(Σ (a − za)·(b − zb), sa·sb/sy)), the sum over k = 0..<K: a is M×K and b is K×N, either of them stored transposed if the
// operator says so. Where one operand has a leading dimension of 1, its matrices meet all of the other's.

/// Products of matrices that may both be computed.
public struct BatchMatrixMultiplication: CompositeOperation {
  public var name: String { "BATCH_MATMUL" }
  /// Whether the first operand is stored as K×M.
  public var transposesFirst: Bool
  /// Whether the second operand is stored as N×K.
  public var transposesSecond: Bool

  public init(transposesFirst: Bool = false, transposesSecond: Bool = false) {
    (self.transposesFirst, self.transposesSecond) = (transposesFirst, transposesSecond)
  }

  /// The sizes of the products.
  public struct Sizes: Sendable {
    /// M, K and N.
    public var rows: Int, depth: Int, columns: Int
    /// Dimensions of the output before the last two.
    public var leading: [Int] = []
    /// Which matrix of each operand makes each matrix of the output, in the output's order.
    public var pairs = [(first: 0, second: 0)]
  }

  /// The sizes of a `node`; nil where the operands do not fit each other.
  public func sizes(_ node: Node, in graph: Graph) -> Sizes? {
    let shapes = node.inputs.compactMap { graph.tensors.indices.contains($0) ? graph.tensors[$0].shape : nil }
    guard shapes.count == 2, shapes.allSatisfy({ $0.count >= 2 && $0.allSatisfy { $0 >= 1 } }) else { return nil }
    func matrix(_ shape: [Int], _ isTransposed: Bool) -> (Int, Int) {
      let last = shape.suffix(2)
      return isTransposed ? (last[last.endIndex - 1], last[last.startIndex]) : (last[last.startIndex], last[last.endIndex - 1])
    }
    let (rows, depth) = matrix(shapes[0], transposesFirst)
    let (inner, columns) = matrix(shapes[1], transposesSecond)
    guard inner == depth else { return nil }
    var sizes = Sizes(rows: rows, depth: depth, columns: columns)
    let rank = max(shapes[0].count, shapes[1].count)
    let ones = shapes.map { [Int](repeating: 1, count: rank - $0.count) + $0 }
    for (a, b) in zip(ones[0], ones[1]).prefix(rank - 2) {
      guard a == b || a == 1 || b == 1, product(sizes.leading + [a, b]) <= Graph.largestTensor else { return nil }
      sizes.leading.append(max(a, b))
      sizes.pairs = sizes.pairs.flatMap { pair in
        (0..<max(a, b)).map { (pair.first * a + (a == 1 ? 0 : $0), pair.second * b + (b == 1 ? 0 : $0)) }
      }
    }
    return sizes
  }

  /// The multiplier of a validated `node`: sa·sb/sy.
  public func multiplier(_ node: Node, in graph: Graph) -> QuantizedMultiplier { QuantizedMultiplier(Self.realMultiplier(node, in: graph)) }

  private static func realMultiplier(_ node: Node, in graph: Graph) -> Double {
    Double(graph.tensors[node.inputs[0]].scale) * Double(graph.tensors[node.inputs[1]].scale) / Double(graph.tensors[node.outputs[0]].scale)
  }

  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int {
    guard let sizes = sizes(node, in: graph) else { return 0 }
    return product([sizes.pairs.count, sizes.rows, sizes.depth, sizes.columns])
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireActivations(inputs: [0, 1])
    for input in node.inputs { try check.requireRank(input, 2...5, "operand") }
    guard let sizes = sizes(node, in: graph) else {
      throw check.error(
        .invalidShape,
        "matrices of shape \(check.describe(check.input().shape))\(transposesFirst ? " (transposed)" : "") and "
          + "\(check.describe(check.input(1).shape))\(transposesSecond ? " (transposed)" : "") have no product", tensor: node.inputs[1])
    }
    try check.requireShape(node.outputs[0], sizes.leading + [sizes.rows, sizes.columns])
    try check.requireMultiplier(
      Self.realMultiplier(node, in: graph), "product of the input scales/output scale", tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    guard let sizes = sizes(node, in: graph) else { return }
    let stage = OutputStage(graph.tensors[node.outputs[0]], .none), multiplier = multiplier(node, in: graph)
    let (a, b) = (store[node.inputs[0]], store[node.inputs[1]])
    let (first, second) = (sizes.rows * sizes.depth, sizes.depth * sizes.columns)
    store[node.outputs[0]] = sizes.pairs.flatMap { pair in
      matrixProduct(
        Array(a[pair.first * first..<(pair.first + 1) * first]), Array(b[pair.second * second..<(pair.second + 1) * second]),
        rows: sizes.rows, depth: sizes.depth, columns: sizes.columns, zeros: node.inputs.map { graph.tensors[$0].zeroPoint },
        transposesFirst: transposesFirst, transposesSecond: transposesSecond
      ) { sum, _ in stage.store(sum, multiplier) }
    }
  }
}

extension BatchMatrixMultiplication {
  /// A transposed first operand is transposed before; one constant matrix is the weights of FULLY_CONNECTED.
  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
    let (first, second) = (node.inputs[0], node.inputs[1]), weights = graph.tensors[second]
    func part(_ operation: any Operation, _ inputs: [Int], output: Int) -> Node {
      Node(index: node.index, operation: operation, inputs: inputs, outputs: [output])
    }
    if transposesFirst {
      let shape = graph.tensors[first].shape, rank = shape.count
      let transposed = graph.addTensor(like: first, "transposed", shape: shape.dropLast(2) + [shape[rank - 1], shape[rank - 2]])
      let order = graph.addIndices(Array(0..<rank - 2) + [rank - 1, rank - 2])
      return [
        part(Transpose(), [first, order], output: transposed),
        part(BatchMatrixMultiplication(transposesSecond: transposesSecond), [transposed, second], output: node.outputs[0]),
      ]
    }
    guard let sizes = sizes(node, in: graph), weights.isConstant, weights.elementCount == sizes.depth * sizes.columns,
      weights.int8Values().allSatisfy({ (-128...127).contains(Int($0) - weights.zeroPoint) })
    else { return nil }
    var matrix = weights
    matrix.shape = [sizes.columns, sizes.depth]
    if !transposesSecond, let bytes = weights.constant {
      matrix.constant = (0..<bytes.count).map { bytes[$0 % sizes.depth * sizes.columns + $0 / sizes.depth] }
    }
    graph.tensors.append(matrix)
    return [part(FullyConnected(keepDimensions: true), [first, graph.tensors.count - 1], output: node.outputs[0])]
  }
}

/// Σ (a − za)·(b − zb) of a, M×K, and b, K×N, in wrapping int32, and what `finish` makes of the sum of each column.
/// - Parameters:
///   - zeros: za and zb.
///   - transposesFirst: a is stored as K×M.
///   - transposesSecond: b is stored as N×K.
/// - Returns: M×N bytes.
func matrixProduct(
  _ a: [UInt8], _ b: [UInt8], rows: Int, depth: Int, columns: Int, zeros: [Int], transposesFirst: Bool = false, transposesSecond: Bool,
  _ finish: (Int32, Int) -> Int8
) -> [UInt8] {
  let zeros = zeros.map { Int32(truncatingIfNeeded: $0) }
  return withInt8(a) { a in
    withInt8(b) { b in
      makeInt8(rows * columns) { y in
        for row in 0..<rows {
          for column in 0..<columns {
            var sum: Int32 = 0
            for k in 0..<depth {
              let x = Int32(a[transposesFirst ? k * rows + row : row * depth + k]) &- zeros[0]
              let w = Int32(b[transposesSecond ? column * depth + k : k * columns + column]) &- zeros[1]
              sum = sum &+ x &* w
            }
            y[row * columns + column] = finish(sum, column)
          }
        }
      }
    }
  }
}
