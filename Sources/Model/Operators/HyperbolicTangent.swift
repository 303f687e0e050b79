// TANH: the hyperbolic tangent.
//
// As LOGISTIC, with the result in 7 fractional bits: the output's scale is always 1/128, its zero point 0.

/// A hyperbolic tangent.
public struct HyperbolicTangent: TableOperation {
  public var name: String { "TANH" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    try validateSigmoid(node, in: graph, outputScale: 1 / 128, zeroPoint: 0)
  }

  public func table(_ node: Node, in graph: Graph) -> [Int8] {
    sigmoidTable(node, in: graph) { roundingDivideByPowerOfTwo(hyperbolicTangent($0), 24) }
  }
}
