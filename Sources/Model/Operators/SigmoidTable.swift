// LOGISTIC and TANH as tables.
//
// x − zx goes to Q4.27 by MBQM(QM(sx·2^27)); a fixed-point function gives Q0.31, which is rounded to 8 bits. Inputs beyond
// the reach of Q4.27 give the ends. The output's scale and zero point are always the same: 1/256 and −128 for LOGISTIC,
// 1/128 and 0 for TANH.

extension NodeCheck {
  /// The outputs for the stored inputs −128...127 of a function of a number in Q4.27.
  func sigmoidTable(_ function: (Int32) -> Int32) -> [Int8] {
    let factor = QuantizedMultiplier(sigmoidFactor)
    // Differences from the zero point that reach ±15 or so are beyond Q4.27.
    let radius = Int((15 * 0x1p27 / Double(sign: .plus, exponent: factor.exponent, significand: 1)).rounded(.down))
    return (-128...127).map { value in
      let difference = value - input().zeroPoint
      if difference <= -radius { return -128 }
      if difference >= radius { return 127 }
      let result = function(multiplyByQuantizedMultiplier(Int32(truncatingIfNeeded: difference), factor))
      return Int8(truncatingIfNeeded: min(max(result, -128), 127))
    }
  }

  /// sx·2^27: from a stored difference to Q4.27.
  private var sigmoidFactor: Double { Double(input().scale) * 0x1p27 }

  func requireSigmoid(outputScale: Float, zeroPoint: Int) throws(ModelError) {
    try require(
      output().scale == outputScale && output().zeroPoint == zeroPoint, .invalidQuantization,
      "int8 \(node.operation.name) output must have scale 1/\(Int(1 / outputScale)) and zero point \(zeroPoint), has "
        + "\(output().scale) and \(output().zeroPoint)", tensor: node.outputs[0])
    try requireMultiplier(sigmoidFactor, "input scale·2^27", tensor: node.inputs[0])
  }
}
