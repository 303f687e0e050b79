// Operators that move or compare numbers: results are quantized as inputs are.
//
// They take integers and give integers, or real numbers and give real numbers. What is not yet quantized may be a function of a
// feature's bytes; then the bytes move, and the function comes afterwards. A feature is moved in the order in which it lies.

/// What a movement reads, and how its result is read.
private enum ONNXReading {
  case integers, real
  case function(ONNXFunction)
}

/// Elements of one dimension: `count` from `start` on, `step` apart.
private struct ONNXRange {
  var start: Int, step = 1, count: Int
}

/// A feature as it lies.
private struct ONNXLayout {
  var tensor: Int
  var isChannelsLast: Bool
  /// Dimension d of the tensor is dimension order[d] of the file's.
  var order: [Int]

  /// What is said of the file's dimensions, said of the tensor's.
  func arranged<Value>(_ values: [Value]) -> [Value] { order.map { values[$0] } }
}

extension ONNXImporter {
  /// The operators that move or compare.
  static let movements: Set = [
    "DepthToSpace", "Flatten", "Gather", "MaxPool", "Pad", "Reshape", "Resize", "Slice", "SpaceToDepth", "Split", "Squeeze", "Transpose",
    "Unsqueeze",
  ]

  /// Adds an operator whose result is quantized as its input is.
  mutating func addMovement(_ node: ONNXNode, _ output: String) throws(ModelError) {
    let input: Int, reading: ONNXReading
    switch try value(node, 0) {
    case .feature(let feature): (input, reading) = (feature, .integers)
    case .real(let feature): (input, reading) = (feature, .real)
    case .function(let function): (input, reading) = (function.feature, .function(function))
    case .constant, .scaled, .left, .float, .pending:
      throw notQuantized(node)
    }
    guard features[input].quantization != .none else {
      throw error(node, "reads a graph input that is not quantized yet", advice: "let the first operator be one with a scale")
    }
    if node.name == "Split" { return try addSplit(node, input, reading) }
    if node.name == "Pad", case .real = reading, try border(node) != 0 {
      values[output] = .pending(ONNXCall(node: node, name: "Pad", operands: [.real(input)]))
      return
    }
    try move(node, input, reading, result(output, like: input))
    finish(output, reading)
  }

  private func result(_ name: String, like input: Int) -> ONNXResult {
    ONNXResult(name: name, quantization: features[input].quantization, fileType: features[input].fileType)
  }

  /// Says how the feature that was added last is read.
  private mutating func finish(_ output: String, _ reading: ONNXReading) {
    switch reading {
    case .integers: break
    case .real: values[output] = .real(features.count - 1)
    case .function(var function):
      function.feature = features.count - 1
      values[output] = .function(function)
    }
  }

  /// A feature in the order in which it lies.
  private mutating func layout(_ feature: Int) throws(ModelError) -> ONNXLayout {
    if features[feature].shape.count == 4, let tensor = features[feature].channelsLast {
      return ONNXLayout(tensor: tensor, isChannelsLast: true, order: [0, 2, 3, 1])
    }
    return ONNXLayout(tensor: try plain(feature), isChannelsLast: false, order: Array(features[feature].shape.indices))
  }

  private mutating func move(_ node: ONNXNode, _ input: Int, _ reading: ONNXReading, _ result: ONNXResult) throws(ModelError) {
    let shape = features[input].shape
    switch node.name {
    case "MaxPool":
      if case .function(let function) = reading, !zip(function.values, function.values.dropFirst()).allSatisfy(<=) {
        throw error(node, "the maximum of a function that decreases is not supported", advice: "quantize in front of it")
      }
      try addMaximum(node, input, result)
    case "Transpose":
      let order = node.integers("perm") ?? Array(shape.indices.reversed())
      guard order.sorted() == Array(shape.indices) else {
        throw error(node, "perm \(order.prefix(9)) is no order of \(shape.count) dimensions", .invalidGraph)
      }
      try append(Transpose(), [try plain(input), append(integers: order)], result, shape: order.map { shape[$0] }, of: node)
    case "Slice": try addSlice(of: input, try slices(node, shape), result, node)
    case "Gather":
      let axis = try axis(node.integer("axis", default: 0), shape.count, node)
      guard let indices = try constant(node, 1, "indices"), let places = indices.indexValues() else {
        throw error(node, "has no indices", .invalidGraph)
      }
      let size = shape[axis], positive = places.map { $0 < 0 ? $0 + size : $0 }
      guard positive.allSatisfy((0..<size).contains) else {
        throw error(node, "indices are out of range for \(size) elements", .invalidGraph)
      }
      let rest = Array(shape[..<axis]) + indices.shape + shape[(axis + 1)...]
      try append(Gather(axis: axis), [try plain(input), append(integers: positive, shape: indices.shape)], result, shape: rest, of: node)
    case "Pad":
      if case .function = reading {
        throw error(node, "a border around what is not quantized is not supported", advice: "quantize in front of it")
      }
      try addPad(node, input, try borderByte(node, input, reading), result)
    case "Resize": try addResize(node, input, result)
    case "DepthToSpace", "SpaceToDepth":
      let size = node.integer("blocksize", default: 1), isInverse = node.name == "DepthToSpace"
      guard shape.count == 4, node.text("mode", default: "DCR") == "DCR", (1...65_536).contains(size),
        isInverse ? shape[1] % (size * size) == 0 : shape[2] % size == 0 && shape[3] % size == 0
      else { throw error(node, "blocks of \(size), or in another order than DCR, are not supported for shape \(shape)") }
      let blocks =
        isInverse
        ? [shape[1] / (size * size), shape[2] * size, shape[3] * size] : [shape[1] * size * size, shape[2] / size, shape[3] / size]
      let operation: any Operation = isInverse ? DepthToSpace(blockSize: size) : SpaceToDepth(blockSize: size)
      try append(operation, [try channelsLast(input)], result, shape: [shape[0]] + blocks, isChannelsLast: true, of: node)
    default: try append(Reshape(), [try plain(input)], result, shape: try reshaped(node, shape), of: node)
    }
  }

  // MARK: Windows

  private mutating func addMaximum(_ node: ONNXNode, _ input: Int, _ result: ONNXResult) throws(ModelError) {
    let shape = features[input].shape
    let kernel = try poolKernel(node, shape)
    guard node.outputs.count == 1 else { throw error(node, "indices of maxima are not supported") }
    let window = try window(node, shape, kernel: kernel)
    guard window.pads.isEmpty || zip(window.pads, kernel + kernel).allSatisfy(<) else {
      throw error(node, "pads are as large as the window", .invalidGraph)
    }
    let pool = MaxPool2D(filterHeight: kernel[0], filterWidth: kernel[1], window: window.options, activation: .none)
    let tensor = try padded(try channelsLast(input), window.pads, value: -128, node)
    try append(pool, [tensor], result, shape: Array(shape[..<2]) + window.output, isChannelsLast: true, of: node)
  }

  // MARK: Parts

  /// Adds some elements of each dimension.
  private mutating func addSlice(of input: Int, _ ranges: [ONNXRange], _ result: ONNXResult, _ node: ONNXNode) throws(ModelError) {
    let layout = try layout(input), arranged = layout.arranged(ranges), shape = ranges.map(\.count)
    guard !shape.contains(0) else { throw error(node, "leaves no element of shape \(features[input].shape)", .invalidShape) }
    // One before the first element is no end that a number can say.
    let ends = arranged.map { $0.start + $0.count * $0.step }, masks = ends.indices.reduce(0) { $0 | (ends[$1] < 0 ? 1 << $1 : 0) }
    let constants = [arranged.map(\.start), ends.map { max($0, 0) }, arranged.map(\.step)].map { append(integers: $0) }
    let operation = Slice(name: "STRIDED_SLICE", endMask: masks)
    try append(operation, [layout.tensor] + constants, result, shape: shape, isChannelsLast: layout.isChannelsLast, of: node)
  }

  /// What a Slice takes of every dimension.
  private func slices(_ node: ONNXNode, _ shape: [Int]) throws(ModelError) -> [ONNXRange] {
    func numbers(_ position: Int, _ what: String) throws(ModelError) -> [Int]? { try constant(node, position, what)?.indexValues() }
    guard let starts = try numbers(1, "starts"), let ends = try numbers(2, "ends"), starts.count == ends.count else {
      throw error(node, "starts and ends are absent or unlike many", .invalidGraph)
    }
    let axes = try numbers(3, "axes") ?? Array(starts.indices), steps = try numbers(4, "steps") ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count, !steps.contains(0) else {
      throw error(node, "axes or steps do not fit", .invalidGraph)
    }
    var ranges = shape.map { ONNXRange(start: 0, count: $0) }
    for (number, given) in axes.enumerated() {
      let axis = try axis(given, shape.count, node), size = shape[axis], step = min(max(steps[number], -size), size)
      func place(_ index: Int) -> Int {
        min(max(index < 0 ? max(index, -size - 1) + size : index, step > 0 ? 0 : -1), step > 0 ? size : size - 1)
      }
      let start = step > 0 ? place(starts[number]) : max(place(starts[number]), 0), distance = place(ends[number]) - start
      let count = distance != 0 && (distance > 0) == (step > 0) ? (abs(distance) - 1) / abs(step) + 1 : 0
      ranges[axis] = ONNXRange(start: start, step: step, count: count)
    }
    return ranges
  }

  /// Adds the parts of a Split, a slice each.
  private mutating func addSplit(_ node: ONNXNode, _ input: Int, _ reading: ONNXReading) throws(ModelError) {
    let shape = features[input].shape, axis = try axis(node.integer("axis", default: 0), shape.count, node), count = node.outputs.count
    let whole = (shape[axis] + count - 1) / count
    let given = try constant(node, 1, "sizes")?.indexValues() ?? node.integers("split")
    let sizes = given ?? (0..<count).map { min(whole, shape[axis] - $0 * whole) }
    guard sizes.count == count, sizes.allSatisfy({ (1...shape[axis]).contains($0) }), sizes.reduce(0, +) == shape[axis] else {
      throw error(node, "sizes \(sizes.prefix(9)) do not make up the \(shape[axis]) elements of dimension \(axis)", .invalidShape)
    }
    var start = 0
    for (name, size) in zip(node.outputs, sizes) {
      var ranges = shape.map { ONNXRange(start: 0, count: $0) }
      ranges[axis] = ONNXRange(start: start, count: size)
      start += size
      if name.isEmpty { continue }
      try addSlice(of: input, ranges, result(name, like: input), node)
      finish(name, reading)
    }
  }

  // MARK: Borders

  /// The real number around what a Pad reads.
  private func border(_ node: ONNXNode) throws(ModelError) -> Float {
    if node.text("mode", default: "constant") != "constant" { return 0 }
    return try scalar(node, 2, "borders") ?? node.real("value", default: 0)
  }

  /// The byte of a border; nil for zero.
  private func borderByte(_ node: ONNXNode, _ input: Int, _ reading: ONNXReading) throws(ModelError) -> Int8? {
    guard case .integers = reading, node.text("mode", default: "constant") == "constant" else { return nil }
    let offset = features[input].fileType == .uint8 ? 128 : 0
    let value = try constant(node, 2, "borders").flatMap { $0.integers($0.constant ?? []).first } ?? 0
    return Int8(truncatingIfNeeded: value - offset)
  }

  /// Adds a border around real numbers whose result is quantized: the numbers first, then the border.
  mutating func emitPad(_ call: ONNXCall, _ input: Int, _ result: ONNXResult) throws(ModelError) {
    let tensor = Tensor(name: "", shape: [], type: .int8, quantization: result.quantization)
    let byte = Int8(truncatingIfNeeded: Quantize.quantized(try border(call.node), to: tensor, halvesToEven: true))
    try addPad(call.node, try requantized(input, result, "unpadded", call.node), byte, result)
  }

  private mutating func addPad(_ node: ONNXNode, _ input: Int, _ value: Int8?, _ result: ONNXResult) throws(ModelError) {
    let shape = features[input].shape, given = try constant(node, 1, "pads")?.indexValues() ?? node.integers("pads") ?? []
    let axes = try constant(node, 3, "axes")?.indexValues() ?? Array(shape.indices)
    guard given.count == 2 * axes.count, given.allSatisfy({ (0...65_536).contains($0) }) else {
      throw error(node, "pads are \(given.prefix(10)), expected \(2 * axes.count) numbers from 0 to 65536")
    }
    var amounts = shape.map { _ in [0, 0] }
    for (number, place) in axes.enumerated() { amounts[try axis(place, shape.count, node)] = [given[number], given[number + axes.count]] }
    let layout = try layout(input), numbers = append(integers: layout.arranged(amounts).flatMap { $0 }, shape: [shape.count, 2])
    let padded = zip(shape, amounts).map { $0 + $1[0] + $1[1] }
    var (operation, inputs): (any Operation, [Int]) = (Pad(), [layout.tensor, numbers])
    switch node.text("mode", default: "constant") {
    case "constant":
      guard let value else { break }
      operation = Pad(name: "PADV2")
      let constant = Tensor(name: "", shape: [], type: .int8, quantization: result.quantization, constant: [UInt8(bitPattern: value)])
      inputs.append(append(constant: constant))
    case "reflect": operation = MirrorPad(reflects: true)
    case let other: throw error(node, "mode \(other) is not supported")
    }
    try append(operation, inputs, result, shape: padded, isChannelsLast: layout.isChannelsLast, of: node)
  }

  /// A feature of the same numbers with the scale and zero point of a result: itself where it has them.
  mutating func requantized(_ input: Int, _ result: ONNXResult, _ suffix: String, _ node: ONNXNode) throws(ModelError) -> Int {
    let known = features[input].quantization
    if known.scales == result.quantization.scales, known.zeroPoints == result.quantization.zeroPoints { return input }
    guard let function = function(.real(input)) else { throw error(node, "reads a graph input that is not quantized yet") }
    var between = result
    between.name += "/" + suffix
    try emit(function, between, of: node)
    values[between.name] = nil
    return features.count - 1
  }

  /// The shape that a node gives the same elements.
  private func reshaped(_ node: ONNXNode, _ shape: [Int]) throws(ModelError) -> [Int] {
    let axes = try constant(node, 1, "axes")?.indexValues() ?? node.integers("axes")
    var result: [Int]
    switch node.name {
    case "Flatten":
      let axis = node.integer("axis", default: 1), first = axis < 0 ? axis + shape.count : axis
      guard (0...shape.count).contains(first) else { throw error(node, "axis \(axis) is out of range", .invalidGraph) }
      result = [shape[..<first].reduce(1, *), shape[first...].reduce(1, *)]
    case "Squeeze":
      let dropped = try axes.map { axes throws(ModelError) in try places(axes, shape.count, node) } ?? Set(shape.indices.filter { shape[$0] == 1 })
      result = shape.indices.filter { !dropped.contains($0) }.map { shape[$0] }
    case "Unsqueeze":
      let rank = shape.count + (axes?.count ?? 0)
      guard rank <= Graph.largestRank else { throw error(node, "a result of \(rank) dimensions is not supported") }
      let added = try places(axes ?? [], rank, node)
      var rest = shape[...]
      result = (0..<rank).map { added.contains($0) ? 1 : rest.popFirst() ?? 1 }
    default:
      guard let target = axes, node.integer("allowzero", default: 0) == 0 else {
        throw error(node, "a shape that is no constant, or allowzero, is not supported")
      }
      result = target.enumerated().map { $1 == 0 && shape.indices.contains($0) ? shape[$0] : $1 }
      if let open = result.firstIndex(of: -1) {
        let known = product(result.filter { $0 != -1 })
        result[open] = known > 0 ? shape.reduce(1, *) / known : 0
      }
    }
    guard product(result) == shape.reduce(1, *) else {
      throw error(node, "shape \(shape) cannot become \(result.prefix(9))", .invalidShape)
    }
    return result
  }

  /// Dimensions from numbers that may count from the end.
  func places(_ axes: [Int], _ rank: Int, _ node: ONNXNode) throws(ModelError) -> Set<Int> {
    guard axes.allSatisfy({ $0 >= -rank && $0 < rank }) else { throw error(node, "axes \(axes.prefix(9)) are out of range", .invalidGraph) }
    return Set(axes.map { $0 < 0 ? $0 + rank : $0 })
  }

  /// One dimension, which may be counted from the end.
  func axis(_ axis: Int, _ rank: Int, _ node: ONNXNode) throws(ModelError) -> Int {
    guard axis >= -rank, axis < rank else { throw error(node, "axis \(axis) is out of range for \(rank) dimensions", .invalidGraph) }
    return axis < 0 ? axis + rank : axis
  }
}
