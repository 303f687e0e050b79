// LOGISTIC and TANH of int16.
//
// Both come from one table of 2^16 · 1/(1 + e^(−i/24)) with straight lines between its 256 entries: tanh(x) is twice the logistic
// function of 2x, less one. The input is brought to steps of 1/(3·2^12), in which an entry of LOGISTIC is 2^9 steps long and one of TANH
// 2^8. Negative inputs mirror positive ones. The output's scale is 1/32768, its zero point 0. Source: Logistic and Tanh on int16 of
// TensorFlow Lite's reference kernels, prepared as TensorFlow Lite Micro does.

import Foundation

/// A sigmoid of int16.
public struct Int16Sigmoid: HostOperation {
  public var name: String { isTangent ? "TANH" : "LOGISTIC" }
  /// Whether it is the hyperbolic tangent and not the logistic function.
  public var isTangent: Bool

  public init(isTangent: Bool) { self.isTangent = isTangent }

  public func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError) { try validate(node, in: graph) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 1...1)
    try check.requireInt16Function()
    // A product of 16 bits and the multiplier has 32.
    let scale = check.input().scale
    try check.require(
      Self.steps(scale) < 65_536, .invalidQuantization, "input scale \(scale) is out of range, must be less than 5.3", tensor: node.inputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let factor = factor(graph.tensors[node.inputs[0]].scale)
    store[node.outputs[0]] = withInt16(store[node.inputs[0]]) { x in
      makeInt16(x.count) { y in for index in x.indices { y[index] = value(Int(x[index]), factor) } }
    }
  }

  // MARK: Arithmetic

  /// Steps of 1/(3·2^12) in a number.
  private static func steps(_ scale: Float) -> Double { Double(scale) * 4_096 * 3 }

  /// The exponent of a power of two, for which TensorFlow Lite Micro takes every scale whose logarithm, in float32, is within a thousandth of it.
  private static func exponent(_ scale: Float) -> Float? {
    let logarithm = log(scale) * (1 / log(Float(2))), rounded = logarithm.rounded(.toNearestOrAwayFromZero)
    return abs(logarithm - rounded) < 1e-3 ? rounded : nil
  }

  /// What brings an input to steps of 1/(3·2^12): a multiplier of 15 bits, cut off, and a shift to the right. Some powers of two need no
  /// shift.
  package func factor(_ scale: Float) -> (multiplier: Int, shift: Int) {
    switch Self.exponent(scale) {
    case -12: return (3, 0)
    case -11 where isTangent: return (6, 0)
    default: break
    }
    var (multiplier, shift) = (Self.steps(scale), 0)
    while multiplier <= 32_767 / 2.0, shift <= 30 { (multiplier, shift) = (multiplier * 2, shift + 1) }
    return (Int(multiplier), shift)
  }

  /// The function of x, −32768...32767.
  package func value(_ x: Int, _ factor: (multiplier: Int, shift: Int)) -> Int16 {
    let steps = (x * factor.multiplier + (factor.shift > 0 ? 1 << (factor.shift - 1) : 0)) >> factor.shift
    // An entry is 2^bits steps long; the table's numbers have that many bits more.
    let bits = isTangent ? 8 : 9, index = abs(steps) >> bits
    let isBeyond = index >= Self.table.count - 1
    let line = isBeyond ? 0 : Self.table[index] << bits + (abs(steps) & (1 << bits - 1)) * (Self.table[index + 1] - Self.table[index])
    if isTangent {
      let magnitude = (isBeyond ? 0xFFFF << 8 : line) - 1 << 23
      return Int16((steps >= 0 ? magnitude + 1 << 7 : -magnitude + 1 << 7 - 1) >> 8)
    }
    let magnitude = isBeyond ? 0x7FFF << 10 : line
    return Int16((steps >= 0 ? magnitude + 1 << 9 : 1 << 25 - magnitude + 1 << 9 - 1) >> 10)
  }

  /// The logistic function of i/24 in Q0.16, each entry moved by half of what the middle of the line to the next one is off; the last one
  /// is the limit.
  package static let table: [Int] = {
    func logistic(_ index: Double) -> Double { 65_536 / (1 + exp(-index / 24)) }
    return (0..<255).map { index in
      let start = logistic(Double(index)), end = logistic(Double(index + 1)), middle = logistic(Double(index) + 0.5)
      return Int((start - ((start + end) / 2 - middle) / 2).rounded(.toNearestOrAwayFromZero))
    } + [65_535]
  }()
}
