/// Shifts.
///
/// By a constant, `<<` and `>>` grow and shrink the value and so lose nothing on the left. By a value,
/// `shiftedLeft(by:)` and `shiftedRight(by:)` keep the width. A signed value shifts arithmetically.
extension Unsigned {
  /// Multiplied by 2 to the power of `count`: `count` bits wider.
  public static func << (a: Unsigned, count: Int) -> Unsigned { Unsigned(reference: a.shiftedLeft(constant: count)) }
  /// Divided by 2 to the power of `count`, rounded down: `count` bits narrower.
  public static func >> (a: Unsigned, count: Int) -> Unsigned { Unsigned(reference: a.shiftedRight(constant: count)) }
  /// The same width; bits fall off the top.
  public func shiftedLeft(by amount: Unsigned) -> Unsigned { shifted(.shiftLeft, by: amount) }
  /// The same width; zeros move in.
  public func shiftedRight(by amount: Unsigned) -> Unsigned { shifted(.shiftRight, by: amount) }
}

extension Signed {
  /// Multiplied by 2 to the power of `count`: `count` bits wider.
  public static func << (a: Signed, count: Int) -> Signed { Signed(reference: a.shiftedLeft(constant: count)) }
  /// Divided by 2 to the power of `count`, rounded towards minus infinity: `count` bits narrower.
  public static func >> (a: Signed, count: Int) -> Signed { Signed(reference: a.shiftedRight(constant: count)) }
  /// The same width; bits fall off the top.
  public func shiftedLeft(by amount: Unsigned) -> Signed { shifted(.shiftLeft, by: amount) }
  /// The same width; copies of the sign move in.
  public func shiftedRight(by amount: Unsigned) -> Signed { shifted(.shiftRight, by: amount) }
}

extension Number {
  fileprivate func shiftedLeft(constant count: Int) -> Reference {
    if count < 0 { reference.report("\(reference.description) cannot be shifted by \(count); a shift count is never negative") }
    if count <= 0 { return reference }
    let wider = Self.shape(width + count)
    if reference.isFlexible {
      let factor = Reference(BitVector(1, width: width + count).shiftedLeft(count), isSigned: wider.isSigned, isFlexible: true)
      return binary(.multiply, reference, factor, operandWidth: nil, wider).flexible(if: true)
    }
    return concatenate([Unsigned(0, width: count), self]).reference.unary(.reinterpret, wider)
  }
  fileprivate func shiftedRight(constant count: Int) -> Reference {
    if count < 0 { reference.report("\(reference.description) cannot be shifted by \(count); a shift count is never negative") }
    if count <= 0 { return reference }
    if count >= width {
      if !reference.shape.isSigned { return Reference(.zero(1), isSigned: false, isFlexible: false) }
      return slice(width - 1..<width).unary(.reinterpret, Self.shape(1))
    }
    return slice(count..<width).unary(.reinterpret, Self.shape(width - count)).flexible(if: reference.isFlexible)
  }
  fileprivate func shifted(_ operation: Operation, by amount: Unsigned) -> Self {
    // Verilog tools accept amounts of up to 32 bits; more can only mean "all the way".
    let limit = 31
    if amount.width <= limit {
      return Self(reference: binary(operation, reference, amount.reference, operandWidth: nil, reference.shape))
    }
    let near = Self(reference: binary(operation, reference, amount[0..<limit].reference, operandWidth: nil, reference.shape))
    let far: Self
    if operation == .shiftRight && reference.shape.isSigned {
      far = Self(reference: reference.unary(.slice, .unsigned(1), immediate: width - 1).unary(.replicate, .unsigned(width), immediate: width).unary(.reinterpret, reference.shape))
    } else {
      far = Self(reference: Reference(.zero(width), isSigned: reference.shape.isSigned, isFlexible: false))
    }
    return select(amount[limit..<amount.width].anyBitSet, far, near)
  }
}
