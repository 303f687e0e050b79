/// `a &+= b` for `a = a &+ b`: what keeps the width of what it changes.

extension Unsigned {
  public static func &+= (a: inout Unsigned, b: Unsigned) { a = a &+ b }
  @_disfavoredOverload public static func &+= (a: inout Unsigned, b: Int) { a = a &+ b }
  public static func &-= (a: inout Unsigned, b: Unsigned) { a = a &- b }
  @_disfavoredOverload public static func &-= (a: inout Unsigned, b: Int) { a = a &- b }
  public static func &= (a: inout Unsigned, b: Unsigned) { a = a & b }
  @_disfavoredOverload public static func &= (a: inout Unsigned, b: Int) { a = a & b }
  public static func |= (a: inout Unsigned, b: Unsigned) { a = a | b }
  @_disfavoredOverload public static func |= (a: inout Unsigned, b: Int) { a = a | b }
  public static func ^= (a: inout Unsigned, b: Unsigned) { a = a ^ b }
  @_disfavoredOverload public static func ^= (a: inout Unsigned, b: Int) { a = a ^ b }
}

extension Signed {
  public static func &+= (a: inout Signed, b: Signed) { a = a &+ b }
  @_disfavoredOverload public static func &+= (a: inout Signed, b: Int) { a = a &+ b }
  public static func &-= (a: inout Signed, b: Signed) { a = a &- b }
  @_disfavoredOverload public static func &-= (a: inout Signed, b: Int) { a = a &- b }
  public static func &= (a: inout Signed, b: Signed) { a = a & b }
  @_disfavoredOverload public static func &= (a: inout Signed, b: Int) { a = a & b }
  public static func |= (a: inout Signed, b: Signed) { a = a | b }
  @_disfavoredOverload public static func |= (a: inout Signed, b: Int) { a = a | b }
  public static func ^= (a: inout Signed, b: Signed) { a = a ^ b }
  @_disfavoredOverload public static func ^= (a: inout Signed, b: Int) { a = a ^ b }
}

extension Bit {
  public static func &= (a: inout Bit, b: Bit) { a = a & b }
  public static func |= (a: inout Bit, b: Bit) { a = a | b }
  public static func ^= (a: inout Bit, b: Bit) { a = a ^ b }
}
