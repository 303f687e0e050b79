/// Division and remainder by a constant: a multiplication, a shift, and for the remainder a second multiplication.
///
/// For a dividend a < 2ʷ and a divisor d let s be the least shift and m = ⌈2ˢ / d⌉ such that 0 ≤ m · d − 2ˢ ≤ 2ˢ⁻ʷ; then
/// ⌊a / d⌋ = ⌊a · m / 2ˢ⌋ for every a (T. Granlund, P. Montgomery: Division by Invariant Integers using Multiplication, 1994,
/// theorem 4.2). A power of two costs nothing, a negative dividend a sign before and after.

extension Unsigned {
  /// The quotient, rounded down, as wide as the largest one.
  ///
  /// - Parameter divisor: at least 1. The dividend has at most 63 bits.
  @_disfavoredOverload public static func / (a: Unsigned, divisor: Int) -> Unsigned { a.divided(by: divisor)?.quotient ?? a }
  /// What the division leaves, 0..<divisor.
  ///
  /// - Parameter divisor: at least 1. The dividend has at most 63 bits.
  @_disfavoredOverload public static func % (a: Unsigned, divisor: Int) -> Unsigned { a.divided(by: divisor)?.remainder ?? a }

  /// nil after saying why not.
  fileprivate func divided(by divisor: Int) -> (quotient: Unsigned, remainder: Unsigned)? {
    if divisor < 1 {
      reference.report("\(reference.description) cannot be divided by \(divisor); an Unsigned is divided by constants from 1")
      return nil
    }
    let limit = 63
    if width > limit {
      reference.report("\(reference.description) is too wide to be divided; at most \(limit) bits")
      return nil
    }
    let bits = Int.bitWidth - (divisor - 1).leadingZeroBitCount
    if divisor == 1 { return (self, Unsigned(0, width: 1)) }
    if divisor >> width > 0 { return (Unsigned(0, width: 1), self) }
    if divisor.nonzeroBitCount == 1 { return (self >> bits, truncated(to: bits)) }

    let (factor, shift) = Self.reciprocal(of: UInt128(divisor), width: width, bits: bits)
    let largest = ((1 << UInt64(width)) - 1) / UInt64(divisor)
    let quotientBits = max(1, 64 - largest.leadingZeroBitCount)
    let quotient = ((self * Unsigned(factor)) >> shift).truncated(to: quotientBits)
    // The remainder is small: the low bits of both sides decide it.
    let product = (quotient * Unsigned(divisor)).extended(to: quotientBits + bits)
    let remainder = extended(to: max(width, bits)).truncated(to: bits) &- product.truncated(to: bits)
    return (quotient, remainder)
  }

  /// m and s as above.
  private static func reciprocal(of divisor: UInt128, width: Int, bits: Int) -> (factor: UInt128, shift: Int) {
    for shift in bits..<width + bits {
      let power = UInt128(1) << UInt128(shift)
      let factor = (power + divisor - 1) / divisor
      if shift >= width && factor * divisor - power <= UInt128(1) << UInt128(shift - width) { return (factor, shift) }
    }
    let shift = width + bits
    return (((UInt128(1) << UInt128(shift)) + divisor - 1) / divisor, shift)
  }
}

extension Signed {
  /// The quotient, rounded towards zero as Swift does; one bit wider than the dividend where -1 divides it.
  ///
  /// - Parameter divisor: anything but 0. The dividend has at most 62 bits.
  @_disfavoredOverload public static func / (a: Signed, divisor: Int) -> Signed { a.divided(by: divisor)?.quotient ?? a }
  /// What the division leaves, with the sign of the dividend.
  ///
  /// - Parameter divisor: anything but 0. The dividend has at most 62 bits.
  @_disfavoredOverload public static func % (a: Signed, divisor: Int) -> Signed { a.divided(by: divisor)?.remainder ?? a }

  private func divided(by divisor: Int) -> (quotient: Signed, remainder: Signed)? {
    let isNegative = self < 0
    let magnitude = select(isNegative, -self, extended(to: width + 1)).asUnsigned.truncated(to: width)
    if divisor == 0 || divisor == .min {
      reference.report("\(reference.description) cannot be divided by \(divisor)")
      return nil
    }
    guard let (quotient, remainder) = magnitude.divided(by: abs(divisor)) else { return nil }
    func signed(_ value: Unsigned, _ isNegative: Bit, width: Int) -> Signed {
      let wide = value.extended(to: max(width, value.width + 1)).asSigned
      return select(isNegative, -wide, wide.extended(to: wide.width + 1)).truncated(to: width)
    }
    let quotientWidth = abs(divisor) == 1 && divisor < 0 ? width + 1 : min(width, quotient.width + 1)
    return (
      signed(quotient, divisor < 0 ? !isNegative : isNegative, width: quotientWidth),
      signed(remainder, isNegative, width: min(width, remainder.width + 1))
    )
  }
}
