// Scales and zero points, and the operators that put them to tensors: QuantizeLinear and DequantizeLinear.

extension ONNXImporter {
  /// An error about a node.
  func error(
    _ node: ONNXNode, _ what: String, _ category: ModelError.Category = .unsupported, advice: String? = nil
  ) -> ModelError {
    ModelError(category, what: what, place: node.place, advice: advice)
  }

  /// An error about an operand of a node.
  func notQuantized(_ node: ONNXNode, _ what: String = "its input is no quantized tensor") -> ModelError {
    error(node, what, advice: "put a QuantizeLinear and a DequantizeLinear in front of it")
  }

  /// The value that a node reads at `position`.
  func value(_ node: ONNXNode, _ position: Int) throws(ModelError) -> ONNXOperand {
    guard let name = node.input(position) else { throw error(node, "input \(position) is absent but needed", .invalidGraph) }
    guard let value = values[name] else {
      throw error(node, "reads '\(cleanedText(name, limit: 80))', which is no constant, no graph input and no earlier result", .invalidGraph)
    }
    return value
  }

  /// A constant that a node reads; nil when it is absent.
  func constant(_ node: ONNXNode, _ position: Int, _ what: String) throws(ModelError) -> Tensor? {
    guard node.input(position) != nil else { return nil }
    guard case .constant(let tensor) = try value(node, position) else { throw error(node, "\(what) that are computed are not supported") }
    return tensor
  }

  /// Scales and zero points at two inputs, and the type of the integers that they are for.
  ///
  /// Zero points of uint8 are 128 less, as the integers will be.
  mutating func quantization(_ node: ONNXNode, scale: Int, zeroPoint: Int, axis: Int = 0) throws(ModelError) -> (Quantization, ElementType) {
    guard let scales = try constant(node, scale, "scales"), scales.type == .float32 else {
      throw error(node, "scales are absent or no float32", .invalidQuantization)
    }
    try charge(scales, node)
    let values = Elements.floats(scales.constant ?? [])
    guard values.allSatisfy({ $0 > 0 && $0.isFinite }), !values.isEmpty else {
      throw error(node, "scales are not finite and positive", .invalidQuantization)
    }
    let zeros = try constant(node, zeroPoint, "zero points"), type = zeros?.type ?? .uint8
    guard [.int8, .uint8, .int32].contains(type) else { throw error(node, "\(type) is not supported, only int8 and uint8") }
    if let zeros { try charge(zeros, node) }
    var zeroPoints = zeros.map { $0.integers($0.constant ?? []) } ?? [Int](repeating: 0, count: values.count)
    guard zeroPoints.count == values.count else {
      throw error(node, "\(values.count) scales but \(zeroPoints.count) zero points", .invalidQuantization)
    }
    if type == .uint8 { zeroPoints = zeroPoints.map { $0 - 128 } }
    return (Quantization(scales: values, zeroPoints: zeroPoints, dimension: axis), type)
  }

  /// What a node says of its result by a scale and a zero point.
  mutating func result(_ node: ONNXNode, scale: Int, zeroPoint: Int) throws(ModelError) -> ONNXResult {
    let (quantization, type) = try quantization(node, scale: scale, zeroPoint: zeroPoint)
    guard let name = node.outputs.first, !name.isEmpty else { throw error(node, "has no output", .invalidGraph) }
    guard quantization.scales.count == 1, type != .int32 else {
      throw error(node, "results of \(type) with \(quantization.scales.count) scales are not supported, only int8 and uint8 with one")
    }
    return ONNXResult(name: name, quantization: quantization, fileType: type)
  }

  /// The real numbers of a tensor with its scale and zero point.
  mutating func real(_ node: ONNXNode, _ tensor: Int, scale: Int, zeroPoint: Int, axis: Int = 0) throws(ModelError) -> ONNXOperand {
    let (quantization, type) = try quantization(node, scale: scale, zeroPoint: zeroPoint, axis: axis)
    switch try value(node, tensor) {
    case .feature(let feature):
      guard type == features[feature].fileType, quantization.scales.count == 1 else {
        throw error(
          node, "a tensor of \(features[feature].fileType) is read as \(type) with \(quantization.scales.count) scales", .invalidQuantization)
      }
      if features[feature].quantization == .none {
        // A graph input, whose first reader says what it means.
        features[feature].quantization = Quantization(scale: quantization.scales[0], zeroPoint: quantization.zeroPoints[0])
        if let tensor = features[feature].plain { tensors[tensor].quantization = features[feature].quantization }
      }
      let known = features[feature].quantization
      guard known.scales == quantization.scales, known.zeroPoints == quantization.zeroPoints else {
        throw error(node, "a tensor is read with another scale or zero point than it was written with", .invalidQuantization)
      }
      return .real(feature)
    case .constant(var tensor):
      guard tensor.type == type || (tensor.type == .int32 && quantization.zeroPoints.allSatisfy { $0 == 0 || $0 == -128 }) else {
        throw error(node, "a constant of \(tensor.type) is read with zero points of \(type)", .invalidQuantization)
      }
      try charge(tensor, node)
      tensor.quantization = quantization
      if axis < 0 { tensor.quantization.dimension = axis + tensor.shape.count }
      if tensor.type == .uint8 {
        (tensor.type, tensor.constant) = (.int8, tensor.constant?.map { $0 ^ 0x80 })
      } else if tensor.type == .int32 {
        tensor.quantization.zeroPoints = quantization.scales.map { _ in 0 }
      }
      return .scaled(tensor)
    case .left: throw error(node, "reads what is left to the host")
    case .real, .function, .scaled, .float, .pending: throw error(node, "real numbers are read as integers", .invalidGraph)
    }
  }

  /// Real numbers to integers: whoever made them learns how they are quantized.
  mutating func quantize(_ node: ONNXNode) throws(ModelError) {
    let result = try result(node, scale: 1, zeroPoint: 2)
    switch try value(node, 0) {
    case .float(let tensor):
      try append(Quantize(halvesToEven: true), [tensor], result, shape: tensors[tensor].shape, of: node)
    case .pending(let call): try emit(call, result)
    case .function(let function): try emit(function, result, of: node)
    case .left(let tensor): leave(node, tensor, result)
    case .real(let feature):
      let known = features[feature]
      guard known.quantization.scales == result.quantization.scales, known.quantization.zeroPoints == result.quantization.zeroPoints,
        known.fileType == result.fileType
      else {
        guard let function = function(.real(feature)) else { throw error(node, "reads a graph input that is not quantized yet") }
        return try emit(function, result, of: node)
      }
      rename(feature, result.name)
      values[result.name] = .feature(feature)
    case .feature, .constant, .scaled: throw error(node, "quantizes what is no computed real number")
    }
  }

  /// A feature that a node on real numbers moved has their name until its integers get one.
  private mutating func rename(_ feature: Int, _ name: String) {
    guard case .real(let other)? = values[features[feature].name], other == feature else { return }
    let known = features[feature]
    for tensor in [known.plain, known.channelsLast].compactMap({ $0 }) where tensors[tensor].name == known.name {
      tensors[tensor].name = cleanedText(name, limit: 1_024)
    }
    features[feature].name = name
  }
}
