/// Arithmetic, logic and comparisons of hardware with a Swift `Int`: a parameter of the module, or a sum of literals.
///
/// The number is a literal like any other: it takes the width of the other operand, except in `*`, where it has the bits
/// it needs, and what does not fit is an error. Without these overloads the type checker searches all operators of Swift
/// for minutes; disfavoured, they leave expressions that are right without them as quick as they were.

extension Unsigned {
  /// A negative number is the complement of a mask, as Swift computes it: `~0xFF`.
  private static func mask(_ pattern: Int) -> Unsigned { pattern < 0 ? ~Unsigned(~pattern) : Unsigned(pattern) }

  @_disfavoredOverload public static func + (a: Unsigned, b: Int) -> Unsigned { a + Unsigned(b) }
  @_disfavoredOverload public static func + (a: Int, b: Unsigned) -> Unsigned { Unsigned(a) + b }
  @_disfavoredOverload public static func - (a: Unsigned, b: Int) -> Signed { a - Unsigned(b) }
  @_disfavoredOverload public static func - (a: Int, b: Unsigned) -> Signed { Unsigned(a) - b }
  @_disfavoredOverload public static func * (a: Unsigned, b: Int) -> Unsigned { a * Unsigned(b) }
  @_disfavoredOverload public static func * (a: Int, b: Unsigned) -> Unsigned { Unsigned(a) * b }
  @_disfavoredOverload public static func &+ (a: Unsigned, b: Int) -> Unsigned { a &+ Unsigned(b) }
  @_disfavoredOverload public static func &+ (a: Int, b: Unsigned) -> Unsigned { Unsigned(a) &+ b }
  @_disfavoredOverload public static func &- (a: Unsigned, b: Int) -> Unsigned { a &- Unsigned(b) }
  @_disfavoredOverload public static func &- (a: Int, b: Unsigned) -> Unsigned { Unsigned(a) &- b }
  @_disfavoredOverload public static func & (a: Unsigned, b: Int) -> Unsigned { a & mask(b) }
  @_disfavoredOverload public static func & (a: Int, b: Unsigned) -> Unsigned { mask(a) & b }
  @_disfavoredOverload public static func | (a: Unsigned, b: Int) -> Unsigned { a | mask(b) }
  @_disfavoredOverload public static func | (a: Int, b: Unsigned) -> Unsigned { mask(a) | b }
  @_disfavoredOverload public static func ^ (a: Unsigned, b: Int) -> Unsigned { a ^ mask(b) }
  @_disfavoredOverload public static func ^ (a: Int, b: Unsigned) -> Unsigned { mask(a) ^ b }
  @_disfavoredOverload public static func === (a: Unsigned, b: Int) -> Bit { a === Unsigned(b) }
  @_disfavoredOverload public static func === (a: Int, b: Unsigned) -> Bit { Unsigned(a) === b }
  @_disfavoredOverload public static func !== (a: Unsigned, b: Int) -> Bit { a !== Unsigned(b) }
  @_disfavoredOverload public static func !== (a: Int, b: Unsigned) -> Bit { Unsigned(a) !== b }
  @_disfavoredOverload public static func < (a: Unsigned, b: Int) -> Bit { a < Unsigned(b) }
  @_disfavoredOverload public static func < (a: Int, b: Unsigned) -> Bit { Unsigned(a) < b }
  @_disfavoredOverload public static func <= (a: Unsigned, b: Int) -> Bit { a <= Unsigned(b) }
  @_disfavoredOverload public static func <= (a: Int, b: Unsigned) -> Bit { Unsigned(a) <= b }
  @_disfavoredOverload public static func > (a: Unsigned, b: Int) -> Bit { a > Unsigned(b) }
  @_disfavoredOverload public static func > (a: Int, b: Unsigned) -> Bit { Unsigned(a) > b }
  @_disfavoredOverload public static func >= (a: Unsigned, b: Int) -> Bit { a >= Unsigned(b) }
  @_disfavoredOverload public static func >= (a: Int, b: Unsigned) -> Bit { Unsigned(a) >= b }
}

extension Signed {
  @_disfavoredOverload public static func + (a: Signed, b: Int) -> Signed { a + Signed(b) }
  @_disfavoredOverload public static func + (a: Int, b: Signed) -> Signed { Signed(a) + b }
  @_disfavoredOverload public static func - (a: Signed, b: Int) -> Signed { a - Signed(b) }
  @_disfavoredOverload public static func - (a: Int, b: Signed) -> Signed { Signed(a) - b }
  @_disfavoredOverload public static func * (a: Signed, b: Int) -> Signed { a * Signed(b) }
  @_disfavoredOverload public static func * (a: Int, b: Signed) -> Signed { Signed(a) * b }
  @_disfavoredOverload public static func &+ (a: Signed, b: Int) -> Signed { a &+ Signed(b) }
  @_disfavoredOverload public static func &+ (a: Int, b: Signed) -> Signed { Signed(a) &+ b }
  @_disfavoredOverload public static func &- (a: Signed, b: Int) -> Signed { a &- Signed(b) }
  @_disfavoredOverload public static func &- (a: Int, b: Signed) -> Signed { Signed(a) &- b }
  @_disfavoredOverload public static func & (a: Signed, b: Int) -> Signed { a & Signed(b) }
  @_disfavoredOverload public static func & (a: Int, b: Signed) -> Signed { Signed(a) & b }
  @_disfavoredOverload public static func | (a: Signed, b: Int) -> Signed { a | Signed(b) }
  @_disfavoredOverload public static func | (a: Int, b: Signed) -> Signed { Signed(a) | b }
  @_disfavoredOverload public static func ^ (a: Signed, b: Int) -> Signed { a ^ Signed(b) }
  @_disfavoredOverload public static func ^ (a: Int, b: Signed) -> Signed { Signed(a) ^ b }
  @_disfavoredOverload public static func === (a: Signed, b: Int) -> Bit { a === Signed(b) }
  @_disfavoredOverload public static func === (a: Int, b: Signed) -> Bit { Signed(a) === b }
  @_disfavoredOverload public static func !== (a: Signed, b: Int) -> Bit { a !== Signed(b) }
  @_disfavoredOverload public static func !== (a: Int, b: Signed) -> Bit { Signed(a) !== b }
  @_disfavoredOverload public static func < (a: Signed, b: Int) -> Bit { a < Signed(b) }
  @_disfavoredOverload public static func < (a: Int, b: Signed) -> Bit { Signed(a) < b }
  @_disfavoredOverload public static func <= (a: Signed, b: Int) -> Bit { a <= Signed(b) }
  @_disfavoredOverload public static func <= (a: Int, b: Signed) -> Bit { Signed(a) <= b }
  @_disfavoredOverload public static func > (a: Signed, b: Int) -> Bit { a > Signed(b) }
  @_disfavoredOverload public static func > (a: Int, b: Signed) -> Bit { Signed(a) > b }
  @_disfavoredOverload public static func >= (a: Signed, b: Int) -> Bit { a >= Signed(b) }
  @_disfavoredOverload public static func >= (a: Int, b: Signed) -> Bit { Signed(a) >= b }
}
