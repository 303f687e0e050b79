// Resize: every output pixel is a copy of the nearest input pixel.
//
// A file says by three names where an output position lies between input positions and which of two is nearer. ONNX Runtime computes
// both in float32. Rules that are RESIZE_NEAREST_NEIGHBOR's become one; others are a choice of rows, then of columns.

extension ONNXImporter {
  /// Adds a change of rows and columns.
  mutating func addResize(_ node: ONNXNode, _ input: Int, _ result: ONNXResult) throws(ModelError) {
    let shape = features[input].shape
    guard file.operatorSets[""] ?? 0 >= 11, shape.count == 4, node.text("mode", default: "nearest") == "nearest", node.integers("axes") == nil,
      node.text("keep_aspect_ratio_policy", default: "stretch") == "stretch"
    else { throw error(node, "only mode nearest of 4 dimensions, from operator set 11 on, is supported") }
    let output: [Int], scales: [Float]
    if let sizes = try constant(node, 3, "sizes")?.indexValues(), sizes.count == 4 {
      output = sizes
      scales = zip(sizes, shape).map { Float($0) / Float($1) }
    } else if let tensor = try constant(node, 2, "scales"), tensor.type == .float32, tensor.elementCount == 4 {
      scales = Elements.floats(tensor.constant ?? [])
      guard scales.allSatisfy({ $0 > 0 && $0 <= 65_536 }) else { throw error(node, "scales are not positive", .invalidGraph) }
      output = zip(shape, scales).map { Int((Float($0) * $1).rounded(.down)) }
    } else {
      throw error(node, "has neither sizes nor scales that are constants of 4 numbers")
    }
    try requireSizes(output, node.place)
    guard output[..<2] == shape[..<2] else { throw error(node, "resizing images or channels is not supported") }
    guard max(output[2], output[3]) <= ResizeNearestNeighbor.largestSize else {
      throw error(node, "more than \(ResizeNearestNeighbor.largestSize) rows or columns are not supported")
    }
    let places = try [2, 3].map { axis throws(ModelError) in try sources(node, shape[axis], output[axis], scales[axis]) }
    let tensor = try channelsLast(input)
    for (aligns, half) in [(false, false), (false, true), (true, false)] {
      let operation = ResizeNearestNeighbor(alignsCorners: aligns, halfPixelCenters: half)
      let agrees = [2, 3].allSatisfy { axis in
        (0..<output[axis]).allSatisfy { operation.source($0, shape[axis], output[axis]) == places[axis - 2][$0] }
      }
      guard agrees else { continue }
      return try append(operation, [tensor, append(integers: Array(output[2...]))], result, shape: output, isChannelsLast: true, of: node)
    }
    var rows = tensors[tensor]
    (rows.name, rows.fileForm) = (rows.name + "/rows", nil)
    rows.shape[1] = output[2]
    let chosen = append(Gather(axis: 1), [tensor, append(integers: places[0])], rows)
    try append(Gather(axis: 2), [chosen, append(integers: places[1])], result, shape: output, isChannelsLast: true, of: node)
  }

  /// The input position that each output position shows.
  private func sources(_ node: ONNXNode, _ input: Int, _ output: Int, _ scale: Float) throws(ModelError) -> [Int] {
    // ONNX Runtime copies a dimension that does not change.
    if scale == 1 { return Array(0..<output) }
    let transformation = node.text("coordinate_transformation_mode", default: "half_pixel")
    let rule = node.text("nearest_mode", default: "round_prefer_floor")
    let place: (Float) -> Float
    switch transformation {
    case "half_pixel": place = { ($0 + 0.5) / scale - 0.5 }
    case "pytorch_half_pixel": place = { output > 1 ? ($0 + 0.5) / scale - 0.5 : 0 }
    case "tf_half_pixel_for_nn": place = { ($0 + 0.5) / scale }
    case "asymmetric": place = { $0 / scale }
    case "align_corners": place = { output > 1 ? $0 * Float(input - 1) / Float(output - 1) : 0 }
    default: throw error(node, "coordinate_transformation_mode \(transformation) is not supported")
    }
    let nearest: (Float) -> Float
    switch rule {
    case "round_prefer_floor": nearest = { ($0 - 0.5).rounded(.up) }
    case "round_prefer_ceil": nearest = { ($0 + 0.5).rounded(.down) }
    case "floor": nearest = { $0.rounded(.down) }
    case "ceil": nearest = { $0.rounded(.up) }
    default: throw error(node, "nearest_mode \(rule) is not supported")
    }
    return (0..<output).map { Int(min(max(nearest(place(Float($0))), 0), Float(input - 1))) }
  }
}
