// Sums, differences and products of two tensors as ONNX Runtime computes them: in float32.
//
// There are two ways. Between a DequantizeLinear and a QuantizeLinear, operands become real numbers, which are joined and divided by the
// output's scale: y = clamp(zy + round((s1·(x1 − z1) ∘ s2·(x2 − z2))/sy)). One kernel for all three, QLinearAdd or QLinearMul, works with
// quotients of scales, and has the output's zero point in the sum that is rounded:
//
//   sum:      y = clamp(round(r1·x1 + (r2·x2 + c))),    ri = si/sy,  c = zy − (r1·z1 + r2·z2)
//   product:  y = clamp(round((x1 − z1)·(x2 − z2)·r + zy)),  r = s1·s2/sy
//
// Every operation is rounded to float32, but in a sum each multiplication and the addition behind it together (r2·z2 is rounded by
// itself). Halves go to even. The bytes of a sum are the file's: without sign they are 128 more. That is how the kernels for x86-64
// with fused multiply-add compute; others round some of these numbers twice.
//
// The machine's lanes have integers. What is nearest to all of that is one rounding of an affine form, halves up.

import Foundation

/// Two bytes joined.
public struct FloatJoin: Hashable, Sendable {
  /// What becomes of two real numbers.
  public enum Rule: String, Sendable, CaseIterable {
    case sum = "ADD"
    case difference = "SUB"
    case product = "MUL"
  }

  /// ⌊(a·d1 + b·d2)/2^shift + 1/2⌋ of the differences d = x − z, or ⌊a·d1·d2/2^shift + 1/2⌋.
  public struct Nearest: Hashable, Sendable {
    public var a: Int, b: Int, shift: Int
  }

  public let rule: Rule
  /// Of the operands and of the output, in the graph's bytes.
  public let zeros: [Int], scales: [Float], outputZero: Int, outputScale: Float
  /// The integers that are nearest; nil where the scales are too far apart for them to be near.
  public let nearest: Nearest?
  private let isFused: Bool, startsWithSecond: Bool
  /// Whether the nearest form is the one that is followed.
  public let isNearest: Bool
  /// What the file's bytes are more than the graph's.
  private let offset: Int
  /// Of a kernel for all three: r1 and r2, or r alone, and c.
  private let factors: [Float], constant: Float
  /// Whether the operands come the other way round.
  public private(set) var isSwapped = false

  /// - Parameters:
  ///   - inputs: int8, each with one scale.
  ///   - output: the same.
  init(_ operation: FloatArithmetic, _ inputs: [Tensor], _ output: Tensor, _ rounding: Rounding) {
    rule = operation.rule
    (zeros, scales, outputZero, outputScale) = (inputs.map(\.zeroPoint), inputs.map(\.scale), output.zeroPoint, output.scale)
    (isFused, startsWithSecond, isNearest) = (operation.isFused, operation.startsWithSecond, rounding == .nearest)
    offset = operation.isUnsigned ? 128 : 0
    let fileZeros = inputs.map { Float($0.zeroPoint + operation.offset) }, fileZero = Float(output.zeroPoint + operation.offset)
    if rule == .product {
      factors = [scales[0] * scales[1] / outputScale]
      constant = fileZero
    } else {
      factors = scales.map { [outputScale] in $0 / outputScale }
      let (first, second) = operation.startsWithSecond ? (1, 0) : (0, 1)
      constant = fileZero - (factors[second] * fileZeros[second]).addingProduct(factors[first], fileZeros[first])
    }
    nearest = Nearest(rule, scales.map(Double.init), Double(outputScale))
  }

  /// The same with the operands the other way round.
  public var swapped: FloatJoin {
    var result = self
    result.isSwapped.toggle()
    return result
  }

  /// The output for two stored bytes, before it is limited; beyond ±2^16 it is cut off.
  public func value(_ x1: Int, _ x2: Int) -> Int { isNearest ? nearestValue(x1, x2) : exactValue(x1, x2) }

  /// ONNX Runtime's output.
  public func exactValue(_ x1: Int, _ x2: Int) -> Int {
    let (x1, x2) = isSwapped ? (x2, x1) : (x1, x2)
    let d1 = x1 - zeros[0], d2 = x2 - zeros[1]
    guard isFused else {
      let (first, second) = (scales[0] * Float(d1), scales[1] * Float(d2))
      let joined = switch rule {
      case .sum: first + second
      case .difference: first - second
      case .product: first * second
      }
      return Self.rounded(joined / outputScale) + outputZero
    }
    if rule == .product { return exactValue(ofProduct: d1 * d2) }
    let terms = [(factors[0], Float(x1 + offset)), (factors[1], Float(x2 + offset))]
    let (first, second) = startsWithSecond ? (terms[1], terms[0]) : (terms[0], terms[1])
    return Self.rounded(constant.addingProduct(second.0, second.1).addingProduct(first.0, first.1)) - offset
  }

  /// ONNX Runtime's output of its kernel for products, where (x1 − z1)·(x2 − z2) is known.
  public func exactValue(ofProduct product: Int) -> Int { Self.rounded(Float(product) * factors[0] + constant) - offset }

  /// Halves to even, cut off beyond ±2^16; 0 for what is no number, as products of scales beyond float32 with 0 are.
  static func rounded(_ value: Float) -> Int { value.isNaN ? 0 : Int(min(max(value, -0x1p16), 0x1p16).rounded(.toNearestOrEven)) }

  /// The output of the nearest form.
  public func nearestValue(_ x1: Int, _ x2: Int) -> Int {
    guard let nearest else { return outputZero }
    let (x1, x2) = isSwapped ? (x2, x1) : (x1, x2)
    let d1 = x1 - zeros[0], d2 = x2 - zeros[1]
    let sum = rule == .product ? nearest.a * d1 * d2 : nearest.a * d1 + nearest.b * d2
    return (sum + (1 << (nearest.shift - 1))) >> nearest.shift + outputZero
  }
}

extension FloatJoin.Nearest {
  /// The largest quotient of scales that is still near: its factor of 23 bits is off by less than an eighth of a step at ±255.
  private static let largestQuotient = 0x1p11

  /// Factors below 2^23, and sums below 2^39.
  fileprivate init?(_ rule: FloatJoin.Rule, _ scales: [Double], _ output: Double) {
    let quotients = rule == .product ? [scales[0] * scales[1] / output] : scales.map { $0 / output }
    guard let greatest = quotients.max(), greatest <= Self.largestQuotient, quotients.allSatisfy(\.isNormal) else { return nil }
    var shift = min(22 - Int(greatest.exponent), rule == .product ? 37 : 30)
    func factor(_ quotient: Double) -> Int {
      Int((quotient * Double(sign: .plus, exponent: shift, significand: 1)).rounded(.toNearestOrAwayFromZero))
    }
    let reach = rule == .product ? 255 * 255 : 510
    while factor(greatest) >= 1 << 23 || factor(greatest) * reach + (1 << max(shift - 1, 0)) >= 1 << 39 { shift -= 1 }
    guard shift >= 1 else { return nil }
    let sign = rule == .difference ? -1 : 1
    self.init(a: factor(quotients[0]), b: rule == .product ? 0 : sign * factor(quotients[1]), shift: shift)
  }
}

/// An elementwise operator on two tensors of an ONNX file.
public struct FloatArithmetic: Operation {
  public var rule: FloatJoin.Rule
  public var name: String { rule.rawValue }
  /// Whether one kernel dequantizes, joins and quantizes.
  public var isFused: Bool
  /// Whether the file's bytes have no sign.
  public var isUnsigned: Bool
  /// Whether the kernel takes the second operand first, as it does where the first one repeats along the last dimension.
  public var startsWithSecond: Bool
  fileprivate var offset: Int { isUnsigned ? 128 : 0 }

  public init(_ rule: FloatJoin.Rule, isFused: Bool, isUnsigned: Bool = false, startsWithSecond: Bool = false) {
    (self.rule, self.isFused, self.isUnsigned, self.startsWithSecond) = (rule, isFused, isUnsigned, startsWithSecond)
  }

  /// How the bytes of a validated `node` are joined.
  public func join(_ node: Node, in graph: Graph) -> FloatJoin {
    FloatJoin(self, node.inputs.map { graph.tensors[$0] }, graph.tensors[node.outputs[0]], graph.rounding)
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireElementwiseOperands(broadcastsTensors: true)
    try check.require(
      join(node, in: graph).nearest != nil, .invalidQuantization,
      "the input scales \(check.input(0).scale) and \(check.input(1).scale) are too far from the output scale \(check.output().scale)",
      tensor: node.outputs[0], advice: "choose a larger output scale")
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let join = join(node, in: graph)
    elementwise(node, in: graph, on: &store) { a, b in
      Int8(truncatingIfNeeded: min(max(join.value(Int(Int8(truncatingIfNeeded: a)), Int(Int8(truncatingIfNeeded: b))), -128), 127))
    }
  }
}
