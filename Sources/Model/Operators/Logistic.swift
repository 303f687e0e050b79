// LOGISTIC: 1 / (1 + e^−x), the sigmoid that gates and detectors end in.
//
// x − zx goes to Q4.27 by MBQM(QM(sx·2^27)); the fixed-point logistic function gives Q0.31, which is rounded to 8 bits.
// Inputs beyond the reach of Q4.27 give the ends. The output's scale is always 1/256, its zero point −128.

/// A logistic function.
public struct Logistic: TableOperation {
  public var name: String { "LOGISTIC" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    try validateSigmoid(node, in: graph, outputScale: 1 / 256, zeroPoint: -128)
  }

  public func table(_ node: Node, in graph: Graph) -> [Int8] {
    sigmoidTable(node, in: graph) { roundingDivideByPowerOfTwo(logistic($0), 23) &- 128 }
  }
}

/// The outputs for the stored inputs −128...127 of a function of a number in Q4.27.
func sigmoidTable(_ node: Node, in graph: Graph, _ function: (Int32) -> Int32) -> [Int8] {
  let input = graph.tensors[node.inputs[0]]
  let factor = QuantizedMultiplier(sigmoidFactor(input))
  // Differences from the zero point that reach ±15 or so are beyond Q4.27.
  let radius = Int((15 * 0x1p27 / exp2(factor.exponent)).rounded(.down))
  return (-128...127).map { value in
    let difference = value - input.zeroPoint
    if difference <= -radius { return -128 }
    if difference >= radius { return 127 }
    let result = function(multiplyByQuantizedMultiplier(Int32(truncatingIfNeeded: difference), factor))
    return Int8(truncatingIfNeeded: min(max(result, -128), 127))
  }
}

private func exp2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

/// sx·2^27: from a stored difference to Q4.27.
private func sigmoidFactor(_ input: Tensor) -> Double { Double(input.scale) * 0x1p27 }

func validateSigmoid(_ node: Node, in graph: Graph, outputScale: Float, zeroPoint: Int) throws(ModelError) {
  let check = NodeCheck(node, in: graph)
  try check.requireUnary()
  let output = check.output()
  let name = node.operation.name
  try check.require(
    output.scale == outputScale && output.zeroPoint == zeroPoint, .invalidQuantization,
    "int8 \(name) output must have scale 1/\(Int(1 / outputScale)) and zero point \(zeroPoint), has \(output.scale) and "
      + "\(output.zeroPoint)", tensor: node.outputs[0])
  try check.requireMultiplier(sigmoidFactor(check.input()), "input scale·2^27", tensor: node.inputs[0])
}
