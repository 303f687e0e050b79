// ADD and SUB: the sum or difference of two tensors, or of a tensor and a constant.
//
// Both operands are brought to a common scale of twice the larger one, with 20 extra
// bits: t = 2·max(s1, s2), a_i = MBQM((x_i − z_i) << 20, s_i/t), and the sum goes to the
// output by MBQM(a1 ± a2, t/(2^20·sy)): six roundings in all. Each a_i depends on one
// byte only, so the kernel looks it up. On int16 there are 15 extra bits, and zero points are 0.

/// An elementwise addition or subtraction.
public struct Addition: Operation {
  public var name: String { isSubtraction ? "SUB" : "ADD" }
  /// Whether the second operand is taken from the first.
  public var isSubtraction: Bool
  public var activation: Activation
  /// The greatest magnitude of an output on int16, as a cell clip has it; nil for none. No file has that, but a part of an operator does.
  public var bound: Int16?

  public init(isSubtraction: Bool = false, activation: Activation = .none) {
    self.isSubtraction = isSubtraction
    self.activation = activation
  }

  /// Bits added below operands of int8 before they are rescaled.
  public static let extraBits = 20
  /// Bits added below operands of int16.
  public static let int16ExtraBits = 15

  /// The multipliers of an addition.
  public struct Rescaling: Equatable, Sendable {
    /// s1/t and s2/t, with t twice the larger scale.
    public var operands: [QuantizedMultiplier]
    /// The operands' zero points.
    public var zeroPoints: [Int]
    /// t/(2^20·sy), on int16 t/(2^15·sy).
    public var output: QuantizedMultiplier
    /// Whether the second term is negated.
    public var isSubtraction = false

    /// a_i = MBQM((x − z_i) << 20, s_i/t) for operand `operand` (0 or 1) and every stored value x = −128...127, −a_2
    /// in a subtraction.
    public func table(_ operand: Int) -> [Int32] {
      (-128...127).map { value in
        let term = multiplyByQuantizedMultiplier(
          Int32(truncatingIfNeeded: (value - zeroPoints[operand]) << Addition.extraBits), operands[operand])
        return isSubtraction && operand == 1 ? 0 &- term : term
      }
    }
  }

  /// The multipliers of a validated `node`.
  public func rescaling(_ node: Node, in graph: Graph) -> Rescaling {
    let inputs = node.inputs.map { graph.tensors[$0] }
    let real = Self.realMultipliers(inputs.map(\.scale), output: graph.tensors[node.outputs[0]])
    return Rescaling(
      operands: real.operands.map { QuantizedMultiplier($0) }, zeroPoints: inputs.map(\.zeroPoint),
      output: QuantizedMultiplier(real.output), isSubtraction: isSubtraction)
  }

  /// The limits of the outputs of a validated `node`.
  public func limits(_ node: Node, in graph: Graph) -> ClosedRange<Int32> {
    let limits = activation.limits(of: graph.tensors[node.outputs[0]])
    return bound.map { limits.clamped(to: -Int32($0)...Int32($0)) } ?? limits
  }

  private static func realMultipliers(_ scales: [Float], output: Tensor) -> (operands: [Double], output: Double) {
    let twice = 2 * Double(scales.max() ?? 0), bits = output.type == .int16 ? int16ExtraBits : extraBits
    return (scales.map { Double($0) / twice }, twice / (Double(1 << bits) * Double(output.scale)))
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph), isInt16 = graph.isInt16(node)
    if isInt16 { try check.requireInt16Operands() } else { try check.requireElementwiseOperands(broadcastsTensors: true) }
    let real = Self.realMultipliers([check.input(0).scale, check.input(1).scale], output: check.output())
    if isInt16 {
      for operand in real.operands { try check.requireFraction(operand, "input scale/(2·larger input scale)") }
      return try check.requireFraction(real.output, "2·larger input scale/(2^15·output scale)")
    }
    try check.requireMultiplier(
      real.output, "2·larger input scale/(2^20·output scale)", tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let rescaling = rescaling(node, in: graph)
    let stage = OutputStage(graph.tensors[node.outputs[0]], limits: limits(node, in: graph))
    if graph.isInt16(node) {
      return int16Elementwise(node, in: graph, on: &store, stage) { a, b in
        let terms = zip([a, b], rescaling.operands).map { multiplyByQuantizedMultiplier($0 << Self.int16ExtraBits, $1) }
        return multiplyByQuantizedMultiplier(terms[0] &+ terms[1], rescaling.output)
      }
    }
    let (first, second) = (rescaling.table(0), rescaling.table(1))
    elementwise(node, in: graph, on: &store) { a, b in
      stage.store(first[a ^ 0x80] &+ second[b ^ 0x80], rescaling.output)
    }
  }
}
