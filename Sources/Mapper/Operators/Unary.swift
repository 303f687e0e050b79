// Functions of a byte: a rectifier is arithmetic that the post unit does anyway, any other function a table behind it.

import Machine
import Model

extension UnaryFunction: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let table = table(node, in: network.graph)
    return [rectifier(node, in: network.graph).map { network.plan(node, table: table, $0) } ?? network.plan(node, table: table)]
  }
}

extension ByteFunction: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] { [network.plan(node, table: outputs)] }
}

extension Quantize: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] { [network.plan(node, table: table(node, in: network.graph))] }
}

extension Network {
  /// A layer that does nothing but a function of a byte.
  func plan(_ node: Node, table: [Int8]) -> LayerPlan {
    LayerPlan(
      node, parts: [.unchanged(node.inputs[0], node.outputs[0], in: graph)],
      ending: Ending(tail: .table(table, name: node.operation.name)), function: table, result: node.inputs[0])
  }

  /// A layer that does nothing but rescale and limit.
  func plan(_ node: Node, table: [Int8], _ rectifier: Rectifier) -> LayerPlan {
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    let limits = Int(rectifier.limits.lowerBound)...Int(rectifier.limits.upperBound)
    var part = Part.unchanged(node.inputs[0], node.outputs[0], in: graph)
    if rectifier.rescales {
      let factor = QuantizedMultiplier(rectifier.factor)
      let word = ParameterWord(bias: 0, factor)
      // Where the rescaling overflows in the reference, a table follows it.
      let isExact = (-128...127).allSatisfy {
        let value = $0 - input.zeroPoint
        return abs(value) << max(factor.exponent, 0) < (1 << 31) - 1024
          && min(max(word.rescaled(value) + output.zeroPoint, limits.lowerBound), limits.upperBound) == Int(table[$0 + 128])
      }
      guard isExact else { return plan(node, table: table) }
      part.rescaling = .sums(bias: [0], factors: [.fixedPoint(factor)], zeroIn: input.zeroPoint, zeroOut: output.zeroPoint)
    }
    return LayerPlan(node, parts: [part], ending: Ending(limits: limits), function: table)
  }
}
