// Functions of one byte: operators on real numbers whose results depend on one element alone.
//
// A feature's bytes stand for 256 real numbers, s·(q − z). An operator on each of them makes 256 others, the next operator others
// again, and a QuantizeLinear makes bytes of them: one table, whatever stood between. Every step is rounded to float32 as ONNX
// Runtime does; functions of the C library are taken in double and then rounded. ONNX Runtime approximates these by polynomials
// of its own, whose last bits no rounding to a byte has been seen to show.

import Foundation

/// Real numbers of which each depends on one byte of a feature.
struct ONNXFunction: Sendable {
  /// The feature, an index into `features`.
  var feature: Int
  /// For the stored bytes −128...127.
  var values: [Float]
  /// The operators so far.
  var names: [String] = []

  /// Each number through another function.
  func followed(by name: String, _ function: (Float) -> Float) -> ONNXFunction {
    ONNXFunction(feature: feature, values: values.map(function), names: names + [name])
  }
}

/// The operators that are functions of one real number.
let onnxFunctionNames = (Array(ONNXImporter.functions.keys) + ["Clip"]).sorted()

extension ONNXImporter {
  /// What the functions of one real number make of it, by the operator's name.
  fileprivate static let functions: [String: @Sendable (ONNXNode) -> @Sendable (Float) -> Float] = [
    "Abs": { _ in { abs($0) } },
    "Ceil": { _ in { $0.rounded(.up) } },
    "Celu": { node in
      let alpha = node.real("alpha", default: 1)
      return { max($0, 0) + min(0, alpha * Float(Foundation.expm1(Double($0 / alpha)))) }
    },
    "Elu": { node in
      let alpha = node.real("alpha", default: 1)
      return { $0 < 0 ? alpha * Float(Foundation.expm1(Double($0))) : $0 }
    },
    "Erf": { _ in { Float(Foundation.erf(Double($0))) } },
    "Exp": { _ in { Float(Foundation.exp(Double($0))) } },
    "Floor": { _ in { $0.rounded(.down) } },
    "HardSigmoid": { node in
      let alpha = node.real("alpha", default: 0.2), beta = node.real("beta", default: 0.5)
      return { max(0, min(1, alpha * $0 + beta)) }
    },
    "HardSwish": { _ in { $0 * max(0, min(1, Float(1) / 6 * $0 + 0.5)) } },
    "LeakyRelu": { node in
      let alpha = node.real("alpha", default: 0.01)
      return { $0 < 0 ? alpha * $0 : $0 }
    },
    "Log": { _ in { Float(Foundation.log(Double($0))) } },
    "Neg": { _ in { -$0 } },
    "Reciprocal": { _ in { 1 / $0 } },
    "Relu": { _ in { max($0, 0) } },
    "Round": { _ in { $0.rounded(.toNearestOrEven) } },
    "Selu": { node in
      let alpha = node.real("alpha", default: 1.673_263_2), gamma = node.real("gamma", default: 1.050_701)
      return { gamma * ($0 > 0 ? $0 : alpha * Float(Foundation.expm1(Double($0)))) }
    },
    "Sigmoid": { _ in { Float(1 / (1 + Foundation.exp(-Double($0)))) } },
    "Softplus": { _ in { Float(max(Double($0), 0) + Foundation.log1p(Foundation.exp(-abs(Double($0))))) } },
    "Softsign": { _ in { $0 / (1 + abs($0)) } },
    "Sqrt": { _ in { $0.squareRoot() } },
    "Tanh": { _ in { Float(Foundation.tanh(Double($0))) } },
    "ThresholdedRelu": { node in
      let alpha = node.real("alpha", default: 1)
      return { $0 > alpha ? $0 : 0 }
    },
  ]

  /// Whether a node is a function of one real number.
  func isFunction(_ node: ONNXNode) -> Bool { Self.functions[node.name] != nil || node.name == "Clip" }

  /// Adds a function of one real number; Relu and Clip of integers, too, and of what waits for its QuantizeLinear.
  mutating func addFunction(_ node: ONNXNode, _ output: String) throws(ModelError) {
    switch try value(node, 0) {
    case .pending(var call) where onlyLimits(node) && call.limits == nil:
      call.limits = try bounds(node)
      values[output] = .pending(call)
    case .feature(let feature) where onlyLimits(node): try limit(feature, node, output)
    case let operand:
      guard let function = function(operand) else {
        throw notQuantized(node)
      }
      let apply = try map(node, node.name)
      values[output] = .function(function.followed(by: node.name, apply))
    }
  }

  /// The function of a node.
  /// - Parameter name: the operator's on real numbers.
  func map(_ node: ONNXNode, _ name: String) throws(ModelError) -> (Float) -> Float {
    if let function = Self.functions[name] { return function(node) }
    let bounds = try bounds(node)
    return { min(max($0, bounds.lowerBound), bounds.upperBound) }
  }

  /// Real numbers as functions of the bytes that they stand for; nil for others.
  func function(_ operand: ONNXOperand) -> ONNXFunction? {
    switch operand {
    case .function(let function): return function
    case .real(let feature):
      let quantization = features[feature].quantization
      guard let scale = quantization.scales.first, let zero = quantization.zeroPoints.first else { return nil }
      return ONNXFunction(feature: feature, values: (-128...127).map { scale * Float($0 - zero) })
    case .feature, .constant, .scaled, .left, .float, .pending: return nil
    }
  }

  /// Adds a function whose result is quantized: a table.
  mutating func emit(_ function: ONNXFunction, _ result: ONNXResult, of node: ONNXNode) throws(ModelError) {
    guard function.values.allSatisfy({ !$0.isNaN }) else {
      throw error(node, "\(function.names.joined(separator: " · ")) has no result for some of the bytes in front of it")
    }
    let output = Tensor(name: "", shape: [], type: .int8, quantization: result.quantization)
    let outputs = function.values.map { Int8(truncatingIfNeeded: Quantize.quantized($0, to: output, halvesToEven: true)) }
    let name = function.names.isEmpty ? "QUANTIZE" : function.names.joined(separator: " · ")
    try append(ByteFunction(name: cleanedText(name, limit: 120), outputs: outputs), of: function.feature, result, node)
  }

  /// Adds a function of each byte of a feature, which lies in one order as its result does.
  mutating func append(_ function: ByteFunction, of feature: Int, _ result: ONNXResult, _ node: ONNXNode) throws(ModelError) {
    let isChannelsLast = features[feature].channelsLast != nil
    let input = isChannelsLast ? try channelsLast(feature) : try plain(feature)
    try append(function, [input], result, shape: features[feature].shape, isChannelsLast: isChannelsLast, of: node)
  }

  // MARK: Limits

  /// Whether a node only limits numbers.
  private func onlyLimits(_ node: ONNXNode) -> Bool { node.name == "Relu" || node.name == "Clip" }

  /// What a Relu or Clip leaves of the real numbers.
  private func bounds(_ node: ONNXNode) throws(ModelError) -> ClosedRange<Float> {
    guard node.name == "Clip" else { return 0 ... .infinity }
    let low = try scalar(node, 1, "limits") ?? node.real("min", default: -.greatestFiniteMagnitude)
    let high = try scalar(node, 2, "limits") ?? node.real("max", default: .greatestFiniteMagnitude)
    guard low <= high else { throw error(node, "its limits \(low) and \(high) leave nothing", .invalidGraph) }
    return low...high
  }

  /// A constant of one float32 that a node reads; nil when it is absent.
  func scalar(_ node: ONNXNode, _ position: Int, _ what: String) throws(ModelError) -> Float? {
    guard let tensor = try constant(node, position, what) else { return nil }
    guard tensor.type == .float32, tensor.elementCount == 1, let value = Elements.floats(tensor.constant ?? []).first, !value.isNaN else {
      throw error(node, "\(what) other than one float32 are not supported")
    }
    return value
  }

  /// Limits the integers of a feature.
  private mutating func limit(_ feature: Int, _ node: ONNXNode, _ output: String) throws(ModelError) {
    let known = features[feature], offset = known.fileType == .uint8 ? 128 : 0
    guard known.quantization != .none else {
      throw error(node, "reads a graph input that is not quantized yet", advice: "let the first operator be one with a scale")
    }
    func bound(_ position: Int, _ value: Int) throws(ModelError) -> Int {
      guard node.name == "Clip", let tensor = try constant(node, position, "limits") else { return value }
      guard tensor.type == known.fileType, let limit = tensor.integers(tensor.constant ?? []).first else {
        throw error(node, "limits of \(tensor.type) for a tensor of \(known.fileType)", .invalidGraph)
      }
      return limit - offset
    }
    let low = try bound(1, node.name == "Clip" ? -128 : -offset), high = try bound(2, 127)
    let outputs = (-128...127).map { Int8(truncatingIfNeeded: min(max($0, low), high)) }
    try append(
      ByteFunction(name: node.name, outputs: outputs), of: feature,
      ONNXResult(name: output, quantization: known.quantization, fileType: known.fileType), node)
  }

  /// The stored bytes that limits of real numbers leave of a result: rounding comes behind them, but never reverses an order.
  func bytes(_ bounds: ClosedRange<Float>, _ result: ONNXResult) -> ClosedRange<Int> {
    let tensor = Tensor(name: "", shape: [], type: .int8, quantization: result.quantization)
    let low = Quantize.quantized(bounds.lowerBound, to: tensor, halvesToEven: true)
    return low...max(low, Quantize.quantized(bounds.upperBound, to: tensor, halvesToEven: true))
  }

  /// Limits a result that is there already, under another name.
  mutating func limit(_ unlimited: ONNXResult, to bytes: ClosedRange<Int>, _ result: ONNXResult, of node: ONNXNode) throws(ModelError) {
    guard case .feature(let feature)? = values.removeValue(forKey: unlimited.name) else { return }
    let outputs = (-128...127).map { Int8(truncatingIfNeeded: min(max($0, bytes.lowerBound), bytes.upperBound)) }
    try append(ByteFunction(name: "Clip", outputs: outputs), of: feature, result, node)
  }
}
