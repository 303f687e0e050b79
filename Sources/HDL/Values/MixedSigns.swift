/// Operators between `Unsigned` and `Signed` do not exist. These overloads make the compiler say so
/// at once and say what to do, instead of searching all overloads and reporting something unrelated. Their result is
/// whatever its surroundings want, so that no second mistake hides the first.

extension Unsigned {
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func + <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func - <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func * <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func &+ <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func &- <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func & <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func | <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func ^ <R: Number>(a: Unsigned, b: Signed) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func === (a: Unsigned, b: Signed) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func !== (a: Unsigned, b: Signed) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func < (a: Unsigned, b: Signed) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func <= (a: Unsigned, b: Signed) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func > (a: Unsigned, b: Signed) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func >= (a: Unsigned, b: Signed) -> Bit { fatalError() }
}

extension Signed {
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func + <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func - <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func * <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func &+ <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func &- <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func & <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func | <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func ^ <R: Number>(a: Signed, b: Unsigned) -> R { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func === (a: Signed, b: Unsigned) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func !== (a: Signed, b: Unsigned) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func < (a: Signed, b: Unsigned) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func <= (a: Signed, b: Unsigned) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func > (a: Signed, b: Unsigned) -> Bit { fatalError() }
  @available(*, unavailable, message: "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive")
  public static func >= (a: Signed, b: Unsigned) -> Bit { fatalError() }
}

extension Value {
  @available(*, unavailable, message: "hardware values are compared with ===")
  public static func == (a: Self, b: Self) -> Bit { fatalError() }
  @available(*, unavailable, message: "hardware values are compared with !==")
  public static func != (a: Self, b: Self) -> Bit { fatalError() }
}
