// Windows of convolutions and pools, and the operators that move or compare numbers.

/// A window with what is around its input.
struct ONNXWindow {
  var options: Window2D
  /// Rows and columns around the input that a PAD has to add: top, left, bottom, right; none where the padding is the window's own.
  var pads: [Int]
  /// Rows and columns of the output.
  var output: [Int]
}

extension ONNXImporter {
  /// The window of a node over an input N×C×H×W.
  func window(_ node: ONNXNode, _ shape: [Int], kernel: [Int]) throws(ModelError) -> ONNXWindow {
    func sizes(_ name: String, count: Int, default value: Int, least: Int) throws(ModelError) -> [Int] {
      let sizes = node.integers(name) ?? [Int](repeating: value, count: count)
      guard sizes.count == count, sizes.allSatisfy({ (least...65_536).contains($0) }) else {
        throw error(node, "\(name) are \(sizes.prefix(8)), expected \(count) numbers from \(least) to 65536", .invalidGraph)
      }
      return sizes
    }
    let strides = try sizes("strides", count: 2, default: 1, least: 1), dilations = try sizes("dilations", count: 2, default: 1, least: 1)
    var pads = try sizes("pads", count: 4, default: 0, least: 0)
    guard kernel.allSatisfy({ (1...65_536).contains($0) }), node.integers("kernel_shape") ?? kernel == kernel
    else { throw error(node, "kernel_shape is not the shape of the weights \(kernel)", .invalidShape) }
    func geometry(_ padding: Padding) -> WindowGeometry2D {
      Window2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding
      ).geometry(on: [1, shape[2], shape[3], 1], height: kernel[0], width: kernel[1])
    }
    let same = geometry(.same)
    switch node.text("auto_pad", default: "NOTSET") {
    case "NOTSET", "": break
    case "VALID": pads = [0, 0, 0, 0]
    case "SAME_UPPER": pads = [same.rows.before, same.columns.before, same.rows.after, same.columns.after]
    case "SAME_LOWER": pads = [same.rows.after, same.columns.after, same.rows.before, same.columns.before]
    case let other: throw error(node, "auto_pad \(other) is not known", .invalidGraph)
    }
    let output = (0..<2).map { axis in
      let extent = (kernel[axis] - 1) * dilations[axis] + 1, size = shape[2 + axis] + pads[axis] + pads[2 + axis]
      return size < extent ? 0 : (size - extent) / strides[axis] + 1
    }
    var options = Window2D(
      strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: .valid)
    guard pads != [0, 0, 0, 0] else { return ONNXWindow(options: options, pads: [], output: output) }
    guard output == [same.rows.output, same.columns.output], pads[0] == same.rows.before, pads[1] == same.columns.before else {
      return ONNXWindow(options: options, pads: pads, output: output)
    }
    options.padding = .same
    return ONNXWindow(options: options, pads: [], output: output)
  }

  /// A tensor N×H×W×C with zeros around it.
  mutating func padded(_ tensor: Int, _ pads: [Int], _ node: ONNXNode) throws(ModelError) -> Int {
    guard !pads.isEmpty else { return tensor }
    var output = tensors[tensor]
    (output.name, output.constant, output.fileForm) = (output.name + "/padded", nil, nil)
    output.shape[1] += pads[0] + pads[2]
    output.shape[2] += pads[1] + pads[3]
    try requireSizes(output.shape, node.place)
    return append(Pad(), [tensor, append(integers: [0, 0, pads[0], pads[2], pads[1], pads[3], 0, 0], shape: [4, 2])], output)
  }

  /// Adds an operator whose result is quantized as its input is: integers from integers, real numbers from real numbers.
  mutating func addMovement(_ node: ONNXNode, _ output: String) throws(ModelError) {
    let input: Int, isReal: Bool
    switch try value(node, 0) {
    case .feature(let feature): (input, isReal) = (feature, false)
    case .real(let feature): (input, isReal) = (feature, true)
    case .constant, .scaled, .function, .float, .pending:
      throw error(node, "its input is no quantized tensor", advice: "put a QuantizeLinear and a DequantizeLinear in front of it")
    }
    let feature = features[input], shape = feature.shape
    guard feature.quantization != .none else {
      throw error(node, "reads a graph input that is not quantized yet", advice: "let the first operator be one with a scale")
    }
    let result = ONNXResult(name: output, quantization: feature.quantization, fileType: feature.fileType)
    switch node.name {
    case "MaxPool":
      guard shape.count == 4, node.outputs.count == 1, let kernel = node.integers("kernel_shape"), kernel.count == 2,
        node.integer("ceil_mode", default: 0) == 0, node.integers("dilations") ?? [1, 1] == [1, 1]
      else { throw error(node, "pools with indices, ceil_mode, dilations or other than 2 dimensions are not supported") }
      let window = try window(node, shape, kernel: kernel)
      guard window.pads.isEmpty else { throw error(node, "padding other than that of SAME_UPPER is not supported") }
      let pool = MaxPool2D(filterHeight: kernel[0], filterWidth: kernel[1], window: window.options, activation: .none)
      try append(pool, [try channelsLast(input)], result, shape: Array(shape[..<2]) + window.output, isChannelsLast: true, of: node)
    case "Transpose":
      let order = node.integers("perm") ?? Array(shape.indices.reversed())
      guard order.sorted() == Array(shape.indices) else {
        throw error(node, "perm \(order.prefix(9)) is no order of \(shape.count) dimensions", .invalidGraph)
      }
      try append(Transpose(), [try plain(input), append(integers: order)], result, shape: order.map { shape[$0] }, of: node)
    default: try append(Reshape(), [try plain(input)], result, shape: try reshaped(node, shape), of: node)
    }
    if isReal { values[output] = .real(features.count - 1) }
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
  private func places(_ axes: [Int], _ rank: Int, _ node: ONNXNode) throws(ModelError) -> Set<Int> {
    guard axes.allSatisfy({ $0 >= -rank && $0 < rank }) else { throw error(node, "axes \(axes.prefix(9)) are out of range", .invalidGraph) }
    return Set(axes.map { $0 < 0 ? $0 + rank : $0 })
  }
}
