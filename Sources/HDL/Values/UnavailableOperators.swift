/// Operators that hardware does not have, or not in this form. The compiler says what to write instead.

extension Unsigned {
  @available(*, unavailable, message: "`-` is exact and Signed; `&-` wraps")
  public static func - (a: Unsigned, b: Unsigned) -> Unsigned { fatalError() }
  @available(*, unavailable, message: "`-` is exact and Signed; `&-` wraps")
  public static func - (a: Unsigned, b: Int) -> Unsigned { fatalError() }
  @available(*, unavailable, message: "`-` is exact and Signed; `&-` wraps")
  public static func - (a: Int, b: Unsigned) -> Unsigned { fatalError() }
  @available(*, unavailable, message: "the negative of an Unsigned is Signed; write 0 - a, or 0 &- a to wrap")
  public static prefix func - (a: Unsigned) -> Unsigned { fatalError() }
}

extension Number {
  @available(*, unavailable, message: "only constants divide; dividing by a value takes a circuit of several cycles")
  public static func / (a: Self, b: Self) -> Self { fatalError() }
  @available(*, unavailable, message: "only constants divide; dividing by a value takes a circuit of several cycles")
  public static func / (a: Int, b: Self) -> Self { fatalError() }
  @available(*, unavailable, message: "only constants divide; dividing by a value takes a circuit of several cycles")
  public static func % (a: Self, b: Self) -> Self { fatalError() }
  @available(*, unavailable, message: "only constants divide; dividing by a value takes a circuit of several cycles")
  public static func % (a: Int, b: Self) -> Self { fatalError() }

  @available(*, unavailable, message: "a sum is one bit wider than what it would be kept in; `&+=` wraps")
  public static func += (a: inout Self, b: Self) { fatalError() }
  @_disfavoredOverload @available(*, unavailable, message: "a sum is one bit wider than what it would be kept in; `&+=` wraps")
  public static func += (a: inout Self, b: Int) { fatalError() }
  @available(*, unavailable, message: "a difference is one bit wider than what it would be kept in; `&-=` wraps")
  public static func -= (a: inout Self, b: Self) { fatalError() }
  @_disfavoredOverload @available(*, unavailable, message: "a difference is one bit wider than what it would be kept in; `&-=` wraps")
  public static func -= (a: inout Self, b: Int) { fatalError() }
  @available(*, unavailable, message: "a product is wider than what it would be kept in; write a = (a * b).truncated(to: a.width)")
  public static func *= (a: inout Self, b: Self) { fatalError() }
  @_disfavoredOverload @available(*, unavailable, message: "a product is wider than what it would be kept in; write a = (a * b).truncated(to: a.width)")
  public static func *= (a: inout Self, b: Int) { fatalError() }
}

extension Bit {
  @available(*, unavailable, message: "a Bit does not multiply; write select(bit, number, 0)")
  public static func * (a: Bit, b: Unsigned) -> Unsigned { fatalError() }
  @available(*, unavailable, message: "a Bit does not multiply; write select(bit, number, 0)")
  public static func * (a: Unsigned, b: Bit) -> Unsigned { fatalError() }
  @available(*, unavailable, message: "a Bit does not multiply; write select(bit, number, 0)")
  public static func * (a: Bit, b: Signed) -> Signed { fatalError() }
  @available(*, unavailable, message: "a Bit does not multiply; write select(bit, number, 0)")
  public static func * (a: Signed, b: Bit) -> Signed { fatalError() }
}
