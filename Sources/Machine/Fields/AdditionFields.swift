// The second operand of an addition or a product, fused behind a sum, or of an addition in the scalar unit.

/// The fields of an addition. Offset and rounding constant have 40 bits, in two registers each.
public struct AdditionFields: Hashable, Sendable {
  public var base: Int
  /// The factors of the affine form, its offset k, rounding constant c, and what is taken off c below zero.
  public var a, b, offset, round, delta, shift: Int
  public var zero, low, high: Int
  /// In a product, what is taken off the two bytes before they are multiplied.
  public var firstZero, secondZero: Int

  public init(
    base: Int, a: Int, b: Int, offset: Int, round: Int, delta: Int, shift: Int, zero: Int, low: Int, high: Int, firstZero: Int = 0,
    secondZero: Int = 0
  ) {
    self.base = base
    (self.firstZero, self.secondZero) = (firstZero, secondZero)
    (self.a, self.b, self.offset, self.round, self.delta, self.shift) = (a, b, offset, round, delta, shift)
    (self.zero, self.low, self.high) = (zero, low, high)
  }
  public static let zero = AdditionFields(
    base: 0, a: 0, b: 0, offset: 0, round: 0, delta: 0, shift: 0, zero: 0, low: 0, high: 0)

  public var offsetLow: Int { get { lowHalf(offset) } set { offset = with(low: newValue, offset) } }
  public var offsetHigh: Int { get { highHalf(offset) } set { offset = with(high: newValue, offset) } }
  public var roundLow: Int { get { lowHalf(round) } set { round = with(low: newValue, round) } }
  public var roundHigh: Int { get { highHalf(round) } set { round = with(high: newValue, round) } }

  static let table: [LayerField.Row] = [
    .init(\.addition.base, "residual.base", 24, "byte address of the second operand's first byte"),
    .init(\.addition.a, "residual.a", 24, signed: true, "factor of the requantized sum, or of the product"),
    .init(\.addition.b, "residual.b", 24, signed: true, "factor of the second operand"),
    .init(\.addition.offsetLow, "residual.offset_low", 24, "offset k, bits 23...0"),
    .init(\.addition.offsetHigh, "residual.offset_high", 16, signed: true, "offset k, bits 39...24"),
    .init(\.addition.roundLow, "residual.round_low", 24, "rounding constant c, bits 23...0"),
    .init(\.addition.roundHigh, "residual.round_high", 16, signed: true, "rounding constant c, bits 39...24"),
    .init(\.addition.delta, "residual.delta", 24, signed: true, "taken off c when the affine sum is negative"),
    .init(\.addition.shift, "residual.shift", 6, "arithmetic right shift"),
    .init(\.addition.zero, "residual.zero", 8, signed: true, "zero point added after the shift, by the scalar unit, too"),
    .init(\.addition.low, "residual.low", 8, signed: true, start: -128, "least output of the addition or the scalar unit"),
    .init(\.addition.high, "residual.high", 8, signed: true, start: 127, "greatest output of the addition or the scalar unit"),
    .init(\.addition.firstZero, "residual.first_zero", 8, signed: true, "in a product, zero point of the requantized sum"),
    .init(\.addition.secondZero, "residual.second_zero", 8, signed: true, "in a product, zero point of the second operand"),
  ]
}

/// A number of more than 24 bits in two registers: bits 23...0, and those above with their sign.
func lowHalf(_ value: Int) -> Int { value & 0xFF_FFFF }
func highHalf(_ value: Int) -> Int { value >> 24 }
func with(low: Int, _ value: Int) -> Int { value & ~0xFF_FFFF | low }
func with(high: Int, _ value: Int) -> Int { high << 24 | value & 0xFF_FFFF }
