// QUANTIZE and DEQUANTIZE: numbers of one type as numbers of another.
//
// From float32: y = clamp(zy + round(x / sy)), divided in float32, halves away from zero. Between integers:
// y = clamp(zy + MBQM(x − zx, sx/sy)), sx/sy in double. To float32: y = sx·(x − zx), rounded once.
//
// From int8 to int8 a QUANTIZE is a function of a byte that the accelerator computes. All others are the ends of a network
// and run on the host.

/// A QUANTIZE.
public struct Quantize: TableOperation, HostOperation {
  public var name: String { "QUANTIZE" }
  /// Whether a float32 that is halfway between two steps goes to the even one, as in ONNX Runtime.
  public var halvesToEven: Bool

  public init(halvesToEven: Bool = false) { self.halvesToEven = halvesToEven }

  /// y for an integer x.
  public struct Rescaling: Equatable, Sendable {
    public var inputZero: Int
    public var multiplier: QuantizedMultiplier
    public var outputZero: Int
    /// The values of the output's type.
    public var range: ClosedRange<Int>

    /// clamp(outputZero + MBQM(x − inputZero, multiplier)).
    public func value(_ x: Int) -> Int {
      let scaled = multiplyByQuantizedMultiplier(Int32(truncatingIfNeeded: x - inputZero), multiplier)
      return min(max(Int(scaled) + outputZero, range.lowerBound), range.upperBound)
    }
  }

  /// How a validated node rescales integers.
  public func rescaling(_ node: Node, in graph: Graph) -> Rescaling {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    return Rescaling(
      inputZero: input.zeroPoint, multiplier: QuantizedMultiplier(Double(input.scale) / Double(output.scale)),
      outputZero: output.zeroPoint, range: output.type.integerRange ?? -128...127)
  }

  /// clamp(zy + round(x/sy)) of a finite number; the nearest end of the range for an infinite one, the zero point for none.
  public static func quantized(_ x: Float, to tensor: Tensor, halvesToEven: Bool = false) -> Int {
    let range = tensor.type.integerRange ?? -128...127
    guard !x.isNaN else { return tensor.zeroPoint }
    // Far outside of any type of at most 32 bits already; keeps the conversion defined.
    let steps = Int(min(max((x / tensor.scale).rounded(halvesToEven ? .toNearestOrEven : .toNearestOrAwayFromZero), -0x1p40), 0x1p40))
    return min(max(steps + tensor.zeroPoint, range.lowerBound), range.upperBound)
  }

  public func table(_ node: Node, in graph: Graph) -> [Int8] {
    let rescaling = rescaling(node, in: graph)
    return (-128...127).map { Int8(truncatingIfNeeded: rescaling.value($0)) }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireKnownWayOut()
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireShape(node.outputs[0], check.input().shape)
    try requireMultiplier(check)
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireShape(node.outputs[0], check.input().shape)
    let (from, to) = (check.input().type, check.output().type)
    let integers: [ElementType] = [.int8, .uint8, .int16, .int32]
    try check.require(
      integers.contains(to) && (from == .float32 || integers.contains(from)), .unsupported, "QUANTIZE from \(from) to \(to) is not supported",
      tensor: node.outputs[0])
    try check.requireOneScale(node.outputs[0])
    if from != .float32 {
      try check.requireOneScale(node.inputs[0])
      try requireMultiplier(check)
    }
  }

  private func requireMultiplier(_ check: NodeCheck) throws(ModelError) {
    try check.requireMultiplier(
      Double(check.input().scale) / Double(check.output().scale), "input scale/output scale", tensor: check.node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    if input.type == .float32 {
      store[node.outputs[0]] = Elements.bytes(Elements.floats(store[node.inputs[0]]).map { Self.quantized($0, to: output, halvesToEven: halvesToEven) }, output.type)
    } else {
      let rescaling = rescaling(node, in: graph)
      store[node.outputs[0]] = Elements.bytes(Elements.integers(store[node.inputs[0]], input.type).map(rescaling.value), output.type)
    }
  }
}

/// A DEQUANTIZE.
public struct Dequantize: HostOperation {
  public var name: String { "DEQUANTIZE" }

  public init() {}

  /// Never runs on the accelerator.
  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireKnownWayOut()
    throw check.error(.unsupported, "DEQUANTIZE is not supported")
  }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireShape(node.outputs[0], check.input().shape)
    let (from, to) = (check.input().type, check.output().type)
    try check.require(
      to == .float32 && [.int8, .uint8, .int16].contains(from), .unsupported, "DEQUANTIZE from \(from) to \(to) is not supported",
      tensor: node.outputs[0])
    try check.requireOneScale(node.inputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let input = graph.tensors[node.inputs[0]]
    store[node.outputs[0]] = Elements.bytes(
      Elements.integers(store[node.inputs[0]], input.type).map { input.scale * Float($0 - input.zeroPoint) })
  }
}
