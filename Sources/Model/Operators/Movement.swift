// Operators that compute nothing: they only say which byte goes where.
//
// Whatever such an operator is called, it moves boxes of bytes between tensors. So an operator says which boxes, and the
// golden kernel and the checks that they share are here. Two helpers make the boxes of nearly all of them: parts that
// lie side by side along one dimension, and runs of positions for each dimension on its own.

/// A box of bytes of one tensor that goes to a box of another.
///
/// For every index i in `shape`, the target's byte `to.offset + Σ i·to.strides` is the source's byte
/// `from.offset + Σ i·from.strides`.
public struct Move: Sendable, Equatable {
  /// Where a box lies in a tensor.
  public struct Box: Sendable, Equatable {
    public var tensor: Int
    /// The element at index 0.
    public var offset: Int
    /// Elements between neighbours, per dimension; at a source also 0 (repeats) or negative (backwards).
    public var strides: [Int]

    public init(tensor: Int, offset: Int = 0, strides: [Int]) {
      (self.tensor, self.offset, self.strides) = (tensor, offset, strides)
    }
  }

  /// Sizes, outermost first.
  public var shape: [Int]
  public var from: Box
  public var to: Box

  public init(shape: [Int], from: Box, to: Box) { (self.shape, self.from, self.to) = (shape, from, to) }

  /// The strides of a tensor in C order.
  public static func strides(_ shape: [Int]) -> [Int] {
    var step = 1
    return shape.reversed().map { size in
      defer { step *= size }
      return step
    }.reversed()
  }

  /// The same move with as few dimensions as possible, but at least one.
  public var merged: Move {
    var result = Move(
      shape: [], from: Box(tensor: from.tensor, offset: from.offset, strides: []),
      to: Box(tensor: to.tensor, offset: to.offset, strides: []))
    for (size, (source, target)) in zip(shape, zip(from.strides, to.strides)) where size != 1 {
      if let last = result.shape.indices.last, result.from.strides[last] == source * size,
        result.to.strides[last] == target * size
      {
        result.shape[last] *= size
        (result.from.strides[last], result.to.strides[last]) = (source, target)
      } else {
        result.shape.append(size)
        result.from.strides.append(source)
        result.to.strides.append(target)
      }
    }
    if result.shape.isEmpty { (result.shape, result.from.strides, result.to.strides) = ([1], [1], [1]) }
    return result
  }

  /// The same move of elements of `width` bytes.
  fileprivate func widened(_ width: Int) -> Move {
    guard width != 1 else { return self }
    func wide(_ box: Box) -> Box { Box(tensor: box.tensor, offset: box.offset * width, strides: box.strides.map { $0 * width } + [1]) }
    return Move(shape: shape + [width], from: wide(from), to: wide(to))
  }

  /// The way back.
  var reversed: Move { Move(shape: shape, from: to, to: from) }

  /// The moves from tensors to one in which they lie side by side along dimension `axis`, one per part.
  static func parts(_ parts: [Int], to whole: Int, axis: Int, in graph: Graph) -> [Move] {
    let outer = graph.tensors[whole].shape.prefix(axis).reduce(1, *)
    let row = graph.tensors[whole].elementCount / outer
    var start = 0
    return parts.map { part in
      let run = graph.tensors[part].elementCount / outer
      defer { start += run }
      return Move(
        shape: [outer, run], from: Box(tensor: part, strides: [run, 1]),
        to: Box(tensor: whole, offset: start, strides: [row, 1])).merged
    }
  }

  /// Positions of one dimension: for i in 0..<`count`, `from + i·fromStep` goes to `to + i·toStep`.
  struct Run: Sendable, Equatable {
    var count: Int
    var from = 0
    var fromStep = 1
    var to = 0
    var toStep = 1

    /// The runs of target positions that are `step` apart, cut where their sources stop being an arithmetic progression.
    static func progressions(_ places: [(to: Int, from: Int)], step: Int) -> [Run] {
      var runs: [Run] = []
      for place in places {
        if let last = runs.last, last.count == 1 || place.from == last.from + last.count * last.fromStep {
          if last.count == 1 { runs[runs.count - 1].fromStep = place.from - last.from }
          runs[runs.count - 1].count += 1
        } else {
          runs.append(Run(count: 1, from: place.from, to: place.to, toStep: step))
        }
      }
      return runs
    }
  }

  /// The moves between two tensors of one rank: one for every choice of a run per dimension.
  static func product(_ runs: [[Run]], from source: Int, to target: Int, in graph: Graph) -> [Move] {
    let strides = zip(Self.strides(graph.tensors[source].shape), Self.strides(graph.tensors[target].shape))
    var moves = [Move(shape: [], from: Box(tensor: source, strides: []), to: Box(tensor: target, strides: []))]
    for (runs, (sourceStride, targetStride)) in zip(runs, strides) {
      moves = moves.flatMap { move in
        runs.filter { $0.count > 0 }.map { run in
          Move(
            shape: move.shape + [run.count],
            from: Box(
              tensor: source, offset: move.from.offset + run.from * sourceStride,
              strides: move.from.strides + [run.fromStep * sourceStride]),
            to: Box(
              tensor: target, offset: move.to.offset + run.to * targetStride,
              strides: move.to.strides + [run.toStep * targetStride]))
        }
      }
    }
    return moves.map(\.merged)
  }

  /// Does it.
  fileprivate func copy(_ x: UnsafeBufferPointer<UInt8>, _ y: UnsafeMutableBufferPointer<UInt8>) {
    func copy(_ dimension: Int, _ source: Int, _ target: Int) {
      let (fromStride, toStride) = (from.strides[dimension], to.strides[dimension])
      if dimension < shape.count - 1 {
        for i in 0..<shape[dimension] { copy(dimension + 1, source + i * fromStride, target + i * toStride) }
      } else if fromStride == 1, toStride == 1 {
        _ = UnsafeMutableBufferPointer(rebasing: y[target..<(target + shape[dimension])])
          .update(fromContentsOf: x[source..<(source + shape[dimension])])
      } else {
        for i in 0..<shape[dimension] { y[target + i * toStride] = x[source + i * fromStride] }
      }
    }
    if !shape.contains(0) { copy(0, from.offset, to.offset) }
  }
}

/// An operator that only moves elements. On the accelerator they are bytes; a host may move elements of any type.
public protocol Movement: HostOperation {
  /// The moves of a validated node. They write every output byte once, except where `fill` says otherwise; their
  /// dimensions are merged as far as possible.
  func moves(_ node: Node, in graph: Graph) -> [Move]

  /// The value of output bytes that no move of a validated node writes; nil when there are none.
  func fill(_ node: Node, in graph: Graph) -> Int8?

  /// Of the inputs, those whose elements move; the others say where to. Positions in `node.inputs`.
  func moved(_ node: Node) -> [Int]
}

extension Movement {
  public func fill(_ node: Node, in graph: Graph) -> Int8? { nil }

  public func moved(_ node: Node) -> [Int] { [0] }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let fill = UInt8(bitPattern: fill(node, in: graph) ?? 0)
    let moves = Dictionary(grouping: moves(node, in: graph), by: \.to.tensor)
    for output in node.outputs {
      let width = (graph.tensors[output].type.bitCount ?? 8) / 8
      var bytes = [UInt8](repeating: fill, count: graph.tensors[output].elementCount * width)
      bytes.withUnsafeMutableBufferPointer { y in
        for move in moves[output] ?? [] { store[move.from.tensor].withUnsafeBufferPointer { move.widened(width).copy($0, y) } }
      }
      store[output] = bytes
    }
  }

  /// Checks the shapes as for bytes, whatever the type of the elements is.
  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    let inputs = moved(node).compactMap { node.input($0) }
    guard let first = inputs.first ?? node.outputs.first else { throw check.error(.invalidGraph, "moves nothing") }
    let type = graph.tensors[first].type, quantization = graph.tensors[first].quantization
    // The node by itself, with bytes in the places of what moves.
    let all = Array(Set(node.inputs.filter { $0 >= 0 } + node.outputs)).sorted()
    let place = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($0.element, $0.offset) })
    var alone = node
    (alone.inputs, alone.outputs) = (node.inputs.map { place[$0] ?? -1 }, node.outputs.map { place[$0] ?? -1 })
    var bytes = Graph(name: graph.name, tensors: all.map { graph.tensors[$0] }, nodes: [alone], inputs: [], outputs: [])
    for tensor in inputs + node.outputs {
      let number = place[tensor] ?? 0
      let value = graph.tensors[tensor]
      try check.require(
        value.type == type && (value.type.bitCount ?? 0) % 8 == 0 && value.type.bitCount != nil, .unsupported,
        "\(name) from \(type) to \(value.type) is not supported", tensor: tensor)
      try check.require(
        value.quantization.scales == quantization.scales && value.quantization.zeroPoints == quantization.zeroPoints, .unsupported,
        "\(name) that rescales \(type) is not supported", tensor: tensor)
      try check.require(
        value.elementCount <= Graph.largestTensor, .resourceLimit, "shape \(value.shape) is too large", tensor: tensor)
      if value.isConstant {
        try check.requireContents(tensor)
        bytes.tensors[number].constant = [UInt8](repeating: 0, count: value.elementCount)
      }
      bytes.tensors[number].type = .int8
      bytes.tensors[number].quantization = Quantization(scale: 1, zeroPoint: 0)
    }
    try validate(alone, in: bytes)
    try check.require(
      fill(alone, in: bytes) == nil, .unsupported, "\(name) of \(type) with new elements is not supported", tensor: node.outputs[0])
  }
}

extension NodeCheck {
  /// Checks that the tensors are int8 and that no byte would have to change its value: inputs at `positions` and all
  /// outputs have one scale and zero point.
  func requireMovable(inputs positions: [Int] = [0], advice: String? = nil) throws(ModelError) {
    try requireKnownWayOut()
    try requireActivations(inputs: positions)
    for position in positions {
      for output in node.outputs { try requireSameQuantization(node.inputs[position], output, advice: advice) }
    }
  }

  /// A dimension of `tensor` counted from 0, from one that may count from the end.
  func axis(_ axis: Int, of tensor: Int) throws(ModelError) -> Int {
    let rank = graph.tensors[tensor].shape.count
    try require(
      axis >= -rank && axis < rank, .invalidGraph,
      "\(node.operation.name) axis \(axis) is out of range for rank \(rank)", tensor: tensor)
    return axis < 0 ? axis + rank : axis
  }

  /// Checks that `parts` lie side by side in `whole` along dimension `axis`.
  func requireParts(_ parts: [Int], of whole: Int, axis: Int) throws(ModelError) {
    var rest = graph.tensors[whole].shape[axis]
    for part in parts {
      var shape = graph.tensors[whole].shape
      let size = graph.tensors[part].shape.indices.contains(axis) ? graph.tensors[part].shape[axis] : 1
      shape[axis] = size
      try requireShape(part, shape, "part's")
      rest -= size
    }
    try require(
      rest == 0, .invalidShape,
      "the parts have \(graph.tensors[whole].shape[axis] - rest) elements along dimension \(axis), the whole has "
        + "\(graph.tensors[whole].shape[axis])", tensor: whole)
  }

  /// The constant integers at input `position`, one for every dimension of input 0.
  func constantPerDimension(_ position: Int, _ role: String) throws(ModelError) -> [Int] {
    let (values, rank) = (try constantIndices(position, role), input().shape.count)
    try require(
      values.count == rank, .invalidShape, "there are \(values.count) \(role) for rank \(rank)", tensor: node.inputs[position])
    return values
  }
}
