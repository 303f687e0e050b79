// Parameters of one output channel, as the post unit reads them.
//
// The post unit computes, for the accumulated sum `acc` of a channel,
//
//   v = acc + bias                                         wrapping in the accumulator's width
//   p = v * multiplier + 2^(shift-1) + r                   exact
//   y = clamp((p >> shift) + zero)                         arithmetic shift; outputs of int16 have no zero point
//
// where the program sees to it that v * multiplier has 63 bits at most: in accumulators of 32 bits and less it always has. Of sums over weights of
// digits the lower 64 bits of p count, whatever it is.
//
// with r = 0, or, when `doubleRounding` is set, r = +2^30 for v >= 0 and -2^30 for v < 0. This one rounding
// step equals TensorFlow Lite's two (`SaturatingRoundingDoublingHighMul`, then `RoundingDivideByPOT`): the
// inner step is floor((v*m + 2^30) / 2^31), the outer one floor((x + 2^(n-1) - (x<0)) / 2^n), and a floor of
// a floor is one floor: floor((v*m + 2^30 + 2^(n+30) - (x<0)*2^31) / 2^(n+31)). Where the signs of v and x
// differ, x is 0 and both constants give 0.

/// One output channel's parameters, 12 bytes in the parameter memory.
public struct ParameterWord: Hashable, Sendable {
  /// Added to the sum. Two's complement, 32 bits.
  public var bias: Int32
  /// Multiplier, 0 ..< 2^31.
  public var multiplier: Int32
  /// Right shift, 1...62.
  public var shift: Int
  /// Round as TensorFlow Lite's two steps do (needs shift > 31).
  public var doubleRounding: Bool
  /// The constant second operand of an addition, read when the layer's mode has `residualConstant`.
  public var operand: Int8

  public init(bias: Int32, multiplier: Int32, shift: Int, doubleRounding: Bool, operand: Int8 = 0) {
    (self.bias, self.multiplier, self.shift) = (bias, multiplier, shift)
    (self.doubleRounding, self.operand) = (doubleRounding, operand)
  }

  /// The three 32-bit words, lowest address first.
  public var words: [UInt32] {
    [
      UInt32(bitPattern: bias), UInt32(bitPattern: multiplier),
      UInt32(shift & 63) | (doubleRounding ? 64 : 0) | UInt32(UInt8(bitPattern: operand)) << 8,
    ]
  }

  /// Bits of a parameter word that the hardware stores.
  public static let bits = 96
  /// Bits of the product of a sum and a multiplier, at most: 64 hold it with what is added for rounding.
  public static let productBits = 63
  /// Bit offsets of the fields.
  public static let multiplierOffset = 32, shiftOffset = 64, shiftBits = 6, doubleRoundingOffset = 70, operandOffset = 72

  /// What the post unit computes before zero point and clamp, for a sum that does not wrap.
  public func requantize(_ accumulator: Int) -> Int { rescaled(accumulator + Int(bias)) }

  /// What the post unit makes of a sum with its bias, before zero point and clamp: `p >> shift`.
  public func rescaled(_ value: Int) -> Int {
    let rounding = (1 << (shift - 1)) + (doubleRounding ? (value < 0 ? -(1 << 30) : 1 << 30) : 0)
    return (value &* Int(multiplier) &+ rounding) >> shift
  }
}
