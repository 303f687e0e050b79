// RSQRT: one over the square root, in fixed point.
//
// v = x − zx is an integer from 0 to 255. 1/√v as a multiplier comes from Newton's iteration; with 20 bits below it goes to the
// output: y = clamp(zy + MBQM(MBQM(1, 2^20/√v), QM(1/(√sx·sy))·2^−20)). Zero gives the greatest output.

extension NodeCheck {
  /// Bits below the integer 1/√v.
  private var extraBits: Int { 20 }

  /// The outputs for the stored inputs −128...127, of which none is below the zero point.
  func reciprocalSquareRootTable() -> [Int8] {
    var root = QuantizedMultiplier(reciprocalSquareRootFactor)
    root.exponent -= extraBits
    let stage = OutputStage(output(), .none)
    return (-128...127).map { value in
      let difference = Int32(truncatingIfNeeded: value - input().zeroPoint)
      guard difference > 0 else { return .max }
      var reciprocal = reciprocalSquareRoot(difference)
      reciprocal.exponent += extraBits
      return stage.store(multiplyByQuantizedMultiplier(1, reciprocal), root)
    }
  }

  func requireReciprocalSquareRoot() throws(ModelError) {
    try requireNothingNegative()
    try requireMultiplier(reciprocalSquareRootFactor, "1/(√input scale·output scale)", tensor: node.outputs[0])
    try require(
      QuantizedMultiplier(reciprocalSquareRootFactor).exponent >= extraBits - 31, .invalidQuantization,
      "1/(√input scale·output scale) = \(reciprocalSquareRootFactor) is less than 1/4096", tensor: node.outputs[0],
      advice: "choose a smaller output scale")
  }

  /// 1/(√sx·sy).
  private var reciprocalSquareRootFactor: Double { 1 / (Double(input().scale).squareRoot() * Double(output().scale)) }
}

/// 1/√value as a multiplier, for `value` from 1 to 2^29 − 1.
///
/// The value is shifted left by pairs of bits until it is a = 1/4...1 in Q3.28, less one bit; x ← x·3/2 − x³·a/2, five times
/// from 1, goes to 1/√a, and the pairs that were shifted are single bits of the result.
func reciprocalSquareRoot(_ value: Int32) -> QuantizedMultiplier {
  // 1 itself has no multiplier below 1 but the greatest.
  guard value > 1 else { return QuantizedMultiplier(multiplier: .max, exponent: 0) }
  let multiply = saturatingRoundingDoublingHighMultiply
  let one: Int32 = 1 << 28, halfOfSquareRootOfTwo: Int32 = 1_518_500_250
  let pairs = (value.leadingZeroBitCount - 1) / 2 - 1
  let a = (value << Int32(truncatingIfNeeded: 2 * pairs)) >> 1, half = roundingDivideByPowerOfTwo(a, 1)
  var x = one
  for _ in 0..<5 {
    // Products of numbers in Q3.28 are in Q6.25 and Q9.22.
    let cube = saturatingShiftLeft(multiply(multiply(x, x), x), 6)
    x = saturatingShiftLeft(multiply(one + one / 2, x) &- multiply(half, cube), 3)
  }
  x = multiply(x, halfOfSquareRootOfTwo)
  let exponent = pairs - 11
  return QuantizedMultiplier(multiplier: exponent > 0 ? x << Int32(truncatingIfNeeded: exponent) : x, exponent: min(exponent, 0))
}
