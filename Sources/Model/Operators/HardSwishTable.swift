// HARD_SWISH: x · min(max(x + 3, 0), 6) / 6, the activation of small mobile networks.
//
// The reference kernel works in 16 bits: x − zx with 7 bits added below goes two ways, to the output's scale and, as the
// "reluish" factor (x + 3)/6 in Q0.15 between 0 and 1, to a scale of 3/2^15 with saturation. Their product is rounded to
// the output. Both scales' quotients are formed in float32, their multipliers rounded to 16 bits.

extension NodeCheck {
  func requireHardSwish() throws(ModelError) {
    let factors = hardSwishFactors
    try requireMultiplier(factors.output, "input scale/(128·output scale)", tensor: node.outputs[0])
    try requireMultiplier(factors.reluish, "256·input scale/3", tensor: node.inputs[0])
    try require(
      QuantizedMultiplier(factors.output).exponent <= 0, .invalidQuantization,
      "input scale/output scale is \(factors.output * 128), HARD_SWISH can do less than 128", tensor: node.outputs[0])
  }

  /// The outputs for the stored inputs −128...127.
  func hardSwishTable() -> [Int8] {
    let (input, output) = (input(), output())
    let (toOutput, toReluish) = (QuantizedMultiplier(hardSwishFactors.output), QuantizedMultiplier(hardSwishFactors.reluish))
    let (outputFactor, reluishFactor) = (toOutput.narrowed, toReluish.narrowed)
    return (-128...127).map { value in
      let fine = Int16(truncatingIfNeeded: (value - input.zeroPoint) << 7)
      let scaled = saturatingRoundingDoublingHighMultiply(fine, outputFactor)
      var reluish = fine
      // The last bit of a left shift comes after the multiplication, so that it saturates as late as it can.
      if toReluish.exponent > 0 { reluish = saturatingShiftLeft(reluish, toReluish.exponent - 1) }
      reluish = saturatingRoundingDoublingHighMultiply(reluish, reluishFactor)
      if toReluish.exponent > 0 { reluish = saturatingShiftLeft(reluish, 1) }
      if toReluish.exponent < 0 { reluish = roundingDivideByPowerOfTwo(reluish, -toReluish.exponent) }
      // −1...1 to 0...1.
      let fraction = (Int32(reluish) + (1 << 15)) >> 1
      let product = Int16(truncatingIfNeeded: fraction * Int32(scaled) / (1 << 15))
      let rounded = Int(roundingDivideByPowerOfTwo(product, -toOutput.exponent))
      return Int8(truncatingIfNeeded: min(max(rounded + output.zeroPoint, -128), 127))
    }
  }

  /// sx/128/sy, and sx/128 in units of 3/2^15.
  private var hardSwishFactors: (output: Double, reluish: Double) {
    let fine = Float(1) / 128 * input().scale
    return (Double(fine / output().scale), Double(fine / (3 / 32768)))
  }
}

extension QuantizedMultiplier {
  /// The fraction rounded to Q0.15, saturated below 1.
  fileprivate var narrowed: Int16 {
    multiplier >= Int32.max - (1 << 15) ? .max : Int16(truncatingIfNeeded: (multiplier + (1 << 15)) >> 16)
  }
}

// The same as their 32-bit namesakes, in 16 bits.

private func saturatingRoundingDoublingHighMultiply(_ a: Int16, _ b: Int16) -> Int16 {
  if a == .min && b == .min { return .max }
  let product = Int32(a) * Int32(b)
  return Int16(truncatingIfNeeded: (product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15))
}

private func saturatingShiftLeft(_ value: Int16, _ exponent: Int) -> Int16 {
  let wide = Int64(value) << Int64(min(exponent, 32))
  return Int16(truncatingIfNeeded: min(max(wide, Int64(Int16.min)), Int64(Int16.max)))
}

private func roundingDivideByPowerOfTwo(_ value: Int16, _ exponent: Int) -> Int16 {
  Int16(truncatingIfNeeded: Model.roundingDivideByPowerOfTwo(Int32(value), min(exponent, 31)))
}
