// SQUARED_DIFFERENCE: the square of the difference of two tensors, or of a tensor and a constant.
//
// Both operands are brought to a common scale of twice the larger one, with 7 extra bits: t = 2·max(s1, s2),
// a_i = MBQM((x_i − z_i) << 7, s_i/t). The difference has 16 bits with its sign, and its square goes to the output by
// MBQM((a1 − a2)², t²/(2^14·sy)). Each a_i depends on one byte only, so the kernel looks it up.

/// An elementwise squared difference.
public struct SquaredDifference: Operation {
  public var name: String { "SQUARED_DIFFERENCE" }

  public init() {}

  /// Bits added below the operands before they are rescaled.
  public static let extraBits = 7

  /// What becomes of the operands of a validated `node`.
  public struct Rescaling: Equatable, Sendable {
    /// s1/t and s2/t, with t twice the larger scale.
    public var operands: [QuantizedMultiplier]
    /// The operands' zero points.
    public var zeroPoints: [Int]
    /// t²/(2^14·sy).
    public var output: QuantizedMultiplier

    /// a_1, or −a_2, for operand 0 or 1 and every stored value −128...127. The square of their sum is that of the difference.
    public func table(_ operand: Int) -> [Int32] {
      (-128...127).map { value in
        let term = multiplyByQuantizedMultiplier(
          Int32(truncatingIfNeeded: (value - zeroPoints[operand]) << SquaredDifference.extraBits), operands[operand])
        return operand == 1 ? 0 &- term : term
      }
    }
  }

  public func rescaling(_ node: Node, in graph: Graph) -> Rescaling {
    let inputs = node.inputs.map { graph.tensors[$0] }, twice = Self.twice(inputs)
    return Rescaling(
      operands: inputs.map { QuantizedMultiplier(Double($0.scale) / twice) }, zeroPoints: inputs.map(\.zeroPoint),
      output: QuantizedMultiplier(Self.outputFactor(twice, graph.tensors[node.outputs[0]])))
  }

  private static func twice(_ inputs: [Tensor]) -> Double { 2 * Double(inputs.map(\.scale).max() ?? 0) }
  private static func outputFactor(_ twice: Double, _ output: Tensor) -> Double {
    twice * twice / (Double(1 << (2 * extraBits)) * Double(output.scale))
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireElementwiseOperands(broadcastsTensors: true)
    try check.requireMultiplier(
      Self.outputFactor(Self.twice([check.input(0), check.input(1)]), check.output()), "(2·larger input scale)^2/(2^14·output scale)",
      tensor: node.outputs[0])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let rescaling = rescaling(node, in: graph)
    let stage = OutputStage(graph.tensors[node.outputs[0]], .none)
    let (first, second) = (rescaling.table(0), rescaling.table(1))
    elementwise(node, in: graph, on: &store) { a, b in
      let difference = first[a ^ 0x80] &+ second[b ^ 0x80]
      return stage.store(difference &* difference, rescaling.output)
    }
  }
}
