// Windows of convolutions and pools.

/// A window with what is around its input.
struct ONNXWindow {
  var options: Window2D
  /// Rows and columns around the input that a PAD has to add: top, left, bottom, right; none where the padding is the window's own.
  var pads: [Int]
  /// Rows and columns of the output; columns alone where the file has no rows.
  var output: [Int]
}

extension ONNXImporter {
  /// The window of a node over an input N×C×H×W, or N×C×W as an image of one row.
  /// - Parameter hasOwnPadding: whether the window can pad as SAME does.
  func window(_ node: ONNXNode, _ shape: [Int], kernel: [Int], hasOwnPadding: Bool = true) throws(ModelError) -> ONNXWindow {
    let rows = shape.count == 4 ? 1 : 0, image = Self.image(shape)
    /// Numbers for rows and columns, `count` of each; those for rows that the file does not have are `value`.
    func sizes(_ name: String, count: Int, default value: Int, least: Int) throws(ModelError) -> [Int] {
      let given = node.integers(name) ?? [Int](repeating: value, count: count * (rows + 1))
      guard given.count == count * (rows + 1), given.allSatisfy({ (least...65_536).contains($0) }) else {
        throw error(node, "\(name) are \(given.prefix(8)), expected \(count * (rows + 1)) numbers from \(least) to 65536", .invalidGraph)
      }
      return rows == 1 ? given : given.flatMap { [value, $0] }
    }
    let strides = try sizes("strides", count: 1, default: 1, least: 1), dilations = try sizes("dilations", count: 1, default: 1, least: 1)
    var pads = try sizes("pads", count: 2, default: 0, least: 0)
    let given = node.integers("kernel_shape").map { rows == 1 ? $0 : [1] + $0 } ?? kernel
    guard kernel.allSatisfy({ (1...65_536).contains($0) }), given == kernel else {
      throw error(node, "kernel_shape is not the shape of the weights \(kernel)", .invalidShape)
    }
    func geometry(_ padding: Padding) -> WindowGeometry2D {
      Window2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding
      ).geometry(on: [1, image[2], image[3], 1], height: kernel[0], width: kernel[1])
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
      let extent = (kernel[axis] - 1) * dilations[axis] + 1, size = image[2 + axis] + pads[axis] + pads[2 + axis]
      return size < extent ? 0 : (size - extent) / strides[axis] + 1
    }
    var options = Window2D(
      strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: .valid)
    let fileOutput = rows == 1 ? output : [output[1]]
    guard pads != [0, 0, 0, 0] else { return ONNXWindow(options: options, pads: [], output: fileOutput) }
    guard hasOwnPadding, output == [same.rows.output, same.columns.output], pads[0] == same.rows.before, pads[1] == same.columns.before else {
      return ONNXWindow(options: options, pads: pads, output: fileOutput)
    }
    options.padding = .same
    return ONNXWindow(options: options, pads: [], output: fileOutput)
  }

  /// A tensor N×H×W×C with zeros around it.
  /// - Parameter value: the byte in the place of zeros.
  mutating func padded(_ tensor: Int, _ pads: [Int], value: Int8? = nil, _ node: ONNXNode) throws(ModelError) -> Int {
    guard !pads.isEmpty else { return tensor }
    var output = tensors[tensor]
    (output.name, output.constant, output.fileForm) = (output.name + "/padded", nil, nil)
    output.shape[1] += pads[0] + pads[2]
    output.shape[2] += pads[1] + pads[3]
    try requireSizes(output.shape, node.place)
    let amounts = append(integers: [0, 0, pads[0], pads[2], pads[1], pads[3], 0, 0], shape: [4, 2])
    guard let value else { return append(Pad(), [tensor, amounts], output) }
    let constant = Tensor(name: "", shape: [], type: .int8, quantization: output.quantization, constant: [UInt8(bitPattern: value)])
    return append(Pad(name: "PADV2"), [tensor, amounts, append(constant: constant)], output)
  }

  /// Adds an average pool.
  mutating func emitAverage(_ call: ONNXCall, _ input: Int, _ result: ONNXResult) throws(ModelError) {
    let node = call.node, shape = features[input].shape
    let kernel = try poolKernel(node, shape)
    let window = try window(node, shape, kernel: kernel, hasOwnPadding: false)
    guard window.pads.isEmpty || node.integer("count_include_pad", default: 0) != 0 else {
      throw error(node, "padding that does not count is not supported", advice: "set count_include_pad, or pad by a Pad in front")
    }
    let pool = FloatAveragePool(
      filterHeight: kernel[0], filterWidth: kernel[1], window: window.options, isUnsigned: result.fileType == .uint8)
    let tensor = try padded(try channelsLast(input), window.pads, node)
    try append(pool, [tensor], result, shape: Array(shape[..<2]) + window.output, isChannelsLast: true, of: node)
  }

  /// Adds a mean along constant dimensions.
  mutating func emitMean(_ call: ONNXCall, _ input: Int, _ result: ONNXResult) throws(ModelError) {
    let node = call.node, shape = features[input].shape, keeps = node.integer("keepdims", default: 1) != 0
    var given = node.integers("axes")
    if call.operands.count > 1, case .constant(let tensor)? = call.operands[1] { given = tensor.indexValues() }
    let axes = try places(given ?? [], shape.count, node)
    guard !axes.isEmpty, axes.count == given?.count else { throw error(node, "is supported along constant axes only") }
    var mean = Reduction(.mean, keepDimensions: keeps)
    mean.addsReals = true
    let isChannelsLast = shape.count == 4 && keeps && features[input].channelsLast != nil
    let tensor = isChannelsLast ? try channelsLast(input) : try plain(input)
    let order = isChannelsLast ? [0, 2, 3, 1] : Array(shape.indices)
    let reduced = shape.indices.filter { axes.contains(order[$0]) }
    let left = shape.indices.compactMap { axes.contains($0) ? (keeps ? 1 : nil) : shape[$0] }
    try append(mean, [tensor, append(integers: reduced)], result, shape: left, isChannelsLast: isChannelsLast, of: node)
  }

  /// Rows and columns of a pool's window.
  func poolKernel(_ node: ONNXNode, _ shape: [Int]) throws(ModelError) -> [Int] {
    guard (3...4).contains(shape.count), let kernel = node.integers("kernel_shape"), kernel.count == shape.count - 2,
      node.integer("ceil_mode", default: 0) == 0, node.integers("dilations") ?? [1] == (node.integers("dilations") ?? [1]).map({ _ in 1 })
    else { throw error(node, "pools with ceil_mode, dilations or other than 1 or 2 dimensions are not supported") }
    return shape.count == 4 ? kernel : [1] + kernel
  }
}
