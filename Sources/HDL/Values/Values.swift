/// The three kinds of hardware value: `Bit` for conditions, `Unsigned` and `Signed` for numbers.
///
/// They are separate Swift types, so mixing signs or using a number as a condition does not compile.
/// Widths are checked while the design is elaborated, because generators compute them.
public protocol Value {
  var reference: Reference { get }
  init(reference: Reference)
  static func shape(_ width: Int) -> Shape
}

/// One bit: a condition, an enable, a flag.
public struct Bit: Value, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  public init(_ value: Bool) { reference = Reference(.bit(value), isSigned: false, isFlexible: false) }
  public init(booleanLiteral value: Bool) { self.init(value) }
  /// `0` or `1`.
  public init(integerLiteral value: Int) {
    if value != 0 && value != 1 { reportWithoutGraph("the literal \(value) does not fit a Bit; write 0, 1, true or false") }
    self.init(value == 1)
  }
  public static func shape(_ width: Int) -> Shape { .unsigned(width) }
}

/// A number that is never negative, or a bundle of bits.
public struct Unsigned: Value, ExpressibleByIntegerLiteral {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  public init(integerLiteral value: Int) { self.init(value) }
  /// A constant. Without a `width` it takes that of its surroundings, as a literal does.
  public init<I: BinaryInteger>(_ value: I, width: Int? = nil) {
    if value < 0 { reportWithoutGraph("\(value) is negative and cannot be Unsigned; use Signed, or the bit pattern") }
    reference = constantReference(value < 0 ? 0 : value, width: width, isSigned: false)
  }
  public static func shape(_ width: Int) -> Shape { .unsigned(width) }
}

/// A two's complement number.
public struct Signed: Value, ExpressibleByIntegerLiteral {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  public init(integerLiteral value: Int) { self.init(value) }
  /// A constant. Without a `width` it takes that of its surroundings, as a literal does.
  public init<I: BinaryInteger>(_ value: I, width: Int? = nil) {
    reference = constantReference(value, width: width, isSigned: true)
  }
  public static func shape(_ width: Int) -> Shape { .signed(width) }
}

private func constantReference<I: BinaryInteger>(_ value: I, width: Int?, isSigned: Bool) -> Reference {
  let exact = BitVector(exactPattern: value, width: value.bitWidth + 1)
  let needed = exact.minimalWidth(isSigned: isSigned)
  guard let width else { return Reference(exact.resized(to: needed, isSigned: isSigned), isSigned: isSigned, isFlexible: true) }
  if width < needed {
    reportWithoutGraph("the constant \(value) does not fit \(Shape(width: width, isSigned: isSigned)); it needs \(needed) bits")
  }
  return Reference(exact.resized(to: max(1, width), isSigned: isSigned), isSigned: isSigned, isFlexible: false)
}

extension Value {
  /// The number of bits.
  public var width: Int { reference.shape.width }
}
