/// Arithmetic and logic on numbers.
///
/// `+ - *` grow so that they never overflow; `&+ &-` wrap at the width of the wider operand: the same
/// contract that Swift gives its own integers. Logic wants operands of equal width.
/// A literal takes the width of the other operand, except in `*`, where it has just the bits it needs.
public protocol Number: Value {}
extension Unsigned: Number {}
extension Signed: Number {}

extension Number {
  static func grow(_ operation: Operation, _ a: Self, _ b: Self) -> Reference {
    let (x, y) = adapt(a, b)
    let width = max(x.shape.width, y.shape.width) + 1
    return binary(operation, x, y, operandWidth: width, Self.shape(width)).flexible(if: x.isFlexible && y.isFlexible)
  }
  static func wrap(_ operation: Operation, _ a: Self, _ b: Self) -> Self {
    let (x, y) = adapt(a, b)
    let width = max(x.shape.width, y.shape.width)
    return Self(reference: binary(operation, x, y, operandWidth: width, Self.shape(width)))
  }
  static func multiply(_ a: Self, _ b: Self) -> Self {
    let shape = Self.shape(a.width + b.width)
    let product = binary(.multiply, a.reference, b.reference, operandWidth: nil, shape)
    return Self(reference: product.flexible(if: a.reference.isFlexible && b.reference.isFlexible))
  }
  static func logic(_ operation: Operation, _ a: Self, _ b: Self) -> Self {
    let (x, y) = adapt(a, b)
    if x.isFlexible && y.isFlexible {
      let width = max(x.shape.width, y.shape.width)
      return Self(reference: binary(operation, x, y, operandWidth: width, Self.shape(width)).flexible(if: true))
    }
    if x.shape.width != y.shape.width {
      (x.graph == nil ? y : x).report("'\(operation.symbol ?? "?")' wants operands of equal width, not \(x.description) and \(y.description); use .extended(to: \(max(x.shape.width, y.shape.width))) on the narrower one")
    }
    let width = max(x.shape.width, y.shape.width)
    return Self(reference: binary(operation, x, y, operandWidth: width, Self.shape(width)))
  }
  static func compare(_ operation: Operation, _ a: Self, _ b: Self) -> Bit {
    let (x, y) = adapt(a, b)
    let width = max(x.shape.width, y.shape.width)
    return Bit(reference: binary(operation, x, y, operandWidth: width, .bit))
  }
  static func adapt(_ a: Self, _ b: Self) -> (Reference, Reference) {
    let x = a.reference, y = b.reference
    if x.isFlexible && y.isFlexible { return (x, y) }
    if x.isFlexible { return (x.adapted(to: y.shape.width, for: y.text.quoted), y) }
    return (x, y.adapted(to: x.shape.width, for: x.text.quoted))
  }
}

extension String {
  var quoted: String { "'\(self)'" }
}

extension Unsigned {
  /// The exact sum, one bit wider than the wider operand.
  public static func + (a: Unsigned, b: Unsigned) -> Unsigned { Unsigned(reference: grow(.add, a, b)) }
  /// The exact difference, which may be negative and is therefore `Signed`, one bit wider.
  public static func - (a: Unsigned, b: Unsigned) -> Signed {
    let difference = grow(.subtract, a, b)
    return Signed(reference: difference.unary(.reinterpret, .signed(difference.shape.width)))
  }
  /// The exact product, as wide as both operands together.
  public static func * (a: Unsigned, b: Unsigned) -> Unsigned { multiply(a, b) }
  public static func &+ (a: Unsigned, b: Unsigned) -> Unsigned { wrap(.add, a, b) }
  public static func &- (a: Unsigned, b: Unsigned) -> Unsigned { wrap(.subtract, a, b) }
  public static func & (a: Unsigned, b: Unsigned) -> Unsigned { logic(.and, a, b) }
  public static func | (a: Unsigned, b: Unsigned) -> Unsigned { logic(.or, a, b) }
  public static func ^ (a: Unsigned, b: Unsigned) -> Unsigned { logic(.xor, a, b) }
  /// All bits inverted. Of a literal without a width: as many as its surroundings have, so that `a & ~1` clears bit 0.
  public static prefix func ~ (a: Unsigned) -> Unsigned {
    if let literal = a.reference.literal, literal.isFlexible {
      return Unsigned(reference: Reference(complementOf: literal.value, isComplement: !literal.isComplement))
    }
    return Unsigned(reference: a.reference.unary(.not, a.reference.shape))
  }
  public static func === (a: Unsigned, b: Unsigned) -> Bit { compare(.equal, a, b) }
  public static func !== (a: Unsigned, b: Unsigned) -> Bit { compare(.notEqual, a, b) }
  public static func < (a: Unsigned, b: Unsigned) -> Bit { compare(.less, a, b) }
  public static func <= (a: Unsigned, b: Unsigned) -> Bit { compare(.lessOrEqual, a, b) }
  public static func > (a: Unsigned, b: Unsigned) -> Bit { compare(.greater, a, b) }
  public static func >= (a: Unsigned, b: Unsigned) -> Bit { compare(.greaterOrEqual, a, b) }
}

extension Signed {
  /// The exact sum, one bit wider than the wider operand.
  public static func + (a: Signed, b: Signed) -> Signed { Signed(reference: grow(.add, a, b)) }
  /// The exact difference, one bit wider than the wider operand.
  public static func - (a: Signed, b: Signed) -> Signed { Signed(reference: grow(.subtract, a, b)) }
  /// The exact product, as wide as both operands together.
  public static func * (a: Signed, b: Signed) -> Signed { multiply(a, b) }
  /// The exact negative, one bit wider: the most negative number has no partner of its own width.
  public static prefix func - (a: Signed) -> Signed {
    let width = a.width + 1
    let negative = a.reference.extended(to: width).unary(.negate, .signed(width))
    return Signed(reference: negative.flexible(if: a.reference.isFlexible))
  }
  public static func &+ (a: Signed, b: Signed) -> Signed { wrap(.add, a, b) }
  public static func &- (a: Signed, b: Signed) -> Signed { wrap(.subtract, a, b) }
  public static func & (a: Signed, b: Signed) -> Signed { logic(.and, a, b) }
  public static func | (a: Signed, b: Signed) -> Signed { logic(.or, a, b) }
  public static func ^ (a: Signed, b: Signed) -> Signed { logic(.xor, a, b) }
  public static prefix func ~ (a: Signed) -> Signed {
    Signed(reference: a.reference.unary(.not, a.reference.shape).flexible(if: a.reference.isFlexible))
  }
  public static func === (a: Signed, b: Signed) -> Bit { compare(.equal, a, b) }
  public static func !== (a: Signed, b: Signed) -> Bit { compare(.notEqual, a, b) }
  public static func < (a: Signed, b: Signed) -> Bit { compare(.less, a, b) }
  public static func <= (a: Signed, b: Signed) -> Bit { compare(.lessOrEqual, a, b) }
  public static func > (a: Signed, b: Signed) -> Bit { compare(.greater, a, b) }
  public static func >= (a: Signed, b: Signed) -> Bit { compare(.greaterOrEqual, a, b) }
}

extension Bit {
  private static func logic(_ operation: Operation, _ a: Bit, _ b: Bit) -> Bit {
    Bit(reference: binary(operation, a.reference, b.reference, operandWidth: nil, .bit))
  }
  public static func & (a: Bit, b: Bit) -> Bit { logic(.and, a, b) }
  public static func | (a: Bit, b: Bit) -> Bit { logic(.or, a, b) }
  public static func ^ (a: Bit, b: Bit) -> Bit { logic(.xor, a, b) }
  public static func && (a: Bit, b: Bit) -> Bit { logic(.and, a, b) }
  public static func || (a: Bit, b: Bit) -> Bit { logic(.or, a, b) }
  public static prefix func ! (a: Bit) -> Bit { Bit(reference: a.reference.unary(.not, .bit)) }
  public static prefix func ~ (a: Bit) -> Bit { !a }
  public static func === (a: Bit, b: Bit) -> Bit { logic(.equal, a, b) }
  public static func !== (a: Bit, b: Bit) -> Bit { logic(.notEqual, a, b) }
}
