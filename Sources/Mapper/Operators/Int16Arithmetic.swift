// ADD, MUL, LOGISTIC and TANH of int16: rows of the scalar unit.
//
// The array multiplies bytes; what two numbers of 16 bits become is computed element by element, four cycles each. Operands and result lie in
// rows of one length. Of a sum the operand with the larger scale is the first: its multiplier is 1/2, so that it is 2^14 times as much, exactly.
// A sigmoid's words have the start of a line of the reference's table in the lower half and its rise in the upper one; the last word is what all
// operands beyond the table get.

import Machine
import Model

/// What the scalar unit makes of rows of int16.
struct Int16Arithmetic: Sendable {
  var rule: Int16Rule
  /// The second operand of a sum or a product.
  var other: Int?
  /// Of a sum or product: what rescales it, with an exponent of 0 at most.
  var factor = QuantizedMultiplier(0)
  /// What rescales a sum's second operand, or counts the steps of a sigmoid's operand; as the fields of the scalar unit have it.
  var secondMultiplier = 0, secondShift = 0
  /// Of a sigmoid, 256 words.
  var lines: [UInt32] = []
  var zero = 0
  var limits: ClosedRange<Int>
}

/// Where the operands and the result of rows of int16 lie.
struct Int16Operands: Sendable {
  /// The byte of the first high byte, and how far the low bytes are behind; rows are twice as far apart.
  struct Rows: Sendable { var base: Int, step: Int }

  var first: Rows, second: Rows?, output: Rows
  /// How many rows, and elements of each.
  var rows: Int, columns: Int
}

extension LayerPlan {
  /// A layer of the scalar unit on int16.
  /// - Parameter isNarrow: whether the result is int8.
  init(_ node: Node, in network: Network, reading input: Int, _ arithmetic: Int16Arithmetic, isNarrow: Bool = false) throws(MappingError) {
    let graph = network.graph, output = node.outputs[0]
    self.init(node, parts: [])
    let tensors = [input] + [arithmetic.other].compactMap(\.self) + (isNarrow ? [] : [output])
    guard let length = network.int16[input]?.length, tensors.allSatisfy({ network.int16[$0]?.length == length }) else {
      throw error("its operands and its result do not lie in rows of one length", in: graph)
    }
    let rows = graph.tensors[output].elementCount / length
    parts = [
      Part(
        kernel: .int16(arithmetic), from: Box(whole: input, [2 * rows, length]), to: Box(whole: output, [isNarrow ? rows : 2 * rows, length]),
        isInt16: true)
    ]
    ending.int16Step = isNarrow ? nil : length
  }
}

extension Network {
  /// Where the rows of a part lie; nil where high and low bytes are not rows, the same way apart.
  func int16Operands(of part: Part, _ arithmetic: Int16Arithmetic, in plan: LayerPlan) -> Int16Operands? {
    let shape = part.from.shape
    func rows(_ box: Box) -> Int16Operands.Rows? {
      guard let view = view(of: box), view.strides[0] > 0 || box.shape[0] == 1, box.shape[1] == 1 || view.strides[1] == 1 else { return nil }
      return Int16Operands.Rows(base: view.offset, step: view.strides[0])
    }
    let second = arithmetic.other.map { rows(Box(whole: $0, shape)) }
    guard let first = rows(part.from), let output = rows(Box(whole: plan.output, part.to.shape)), second.map({ $0 != nil }) ?? true else { return nil }
    return Int16Operands(first: first, second: second ?? nil, output: output, rows: shape[0] / 2, columns: shape[1])
  }
}

extension Addition {
  /// A sum of two tensors of int16.
  func int16Plan(_ node: Node, in network: Network) throws(MappingError) -> LayerPlan {
    let graph = network.graph, rescaling = rescaling(node, in: graph), limits = limits(node, in: graph)
    let first = graph.tensors[node.inputs[0]].scale >= graph.tensors[node.inputs[1]].scale ? 0 : 1
    let second = rescaling.operands[1 - first]
    return try LayerPlan(
      node, in: network, reading: node.inputs[first],
      Int16Arithmetic(
        rule: .sum, other: node.inputs[1 - first], factor: rescaling.output, secondMultiplier: Int(second.multiplier), secondShift: -second.exponent,
        limits: Int(limits.lowerBound)...Int(limits.upperBound)))
  }
}

extension Multiplication {
  /// A product of two tensors of int16.
  func int16Plan(_ node: Node, in network: Network) throws(MappingError) -> LayerPlan {
    let graph = network.graph, output = graph.tensors[node.outputs[0]], limits = activation.limits(of: output)
    return try LayerPlan(
      node, in: network, reading: node.inputs[0],
      Int16Arithmetic(
        rule: .product, other: node.inputs[1], factor: multiplier(node, in: graph), zero: output.zeroPoint,
        limits: Int(limits.lowerBound)...Int(limits.upperBound)),
      isNarrow: narrows)
  }
}

extension Int16Sigmoid: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let factor = factor(network.graph.tensors[node.inputs[0]].scale), isFine = factor.shift > 15
    // The multiplier makes (x·2^up·m + 2^30) >> 31 of x, which shall be (x·factor + half) >> shift.
    return [
      try LayerPlan(
        node, in: network, reading: node.inputs[0],
        Int16Arithmetic(
          rule: isTangent ? .tangent : .logistic, secondMultiplier: factor.multiplier << ((isFine ? 31 : 15) - factor.shift), secondShift: isFine ? 0 : 16,
          lines: Self.lines(isTangent: isTangent), limits: -32_768...32_767))
    ]
  }

  /// The words of the scalar unit's table.
  static func lines(isTangent: Bool) -> [UInt32] {
    zip(table, table.dropFirst()).map { UInt32($0 | ($1 - $0) << 16) } + [isTangent ? 65_535 : 65_534]
  }
}
