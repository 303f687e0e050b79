// What the scalar unit computes with.

/// The fields of the scalar unit beyond those that it shares with the other engines: tables, the rescaling of a sum, and what only
/// its operation on int16 has.
public struct ScalarFields: Hashable, Sendable {
  public var table, secondTable: Int
  /// 0 ..< 2^31, in two registers.
  public var multiplier: Int
  public var shift: Int
  /// On int16: what is computed, `Int16Rule.rawValue`.
  public var rule = 0
  /// On int16, of either operand: bytes from a high byte to its low byte; from row to row it is twice as far.
  public var firstStep = 0, secondStep = 0
  /// On int16: 0 ..< 2^31, in two registers, and 0...31.
  public var secondMultiplier = 0, secondShift = 0

  public init(table: Int, secondTable: Int, multiplier: Int, shift: Int) {
    (self.table, self.secondTable, self.multiplier, self.shift) = (table, secondTable, multiplier, shift)
  }
  public static let zero = ScalarFields(table: 0, secondTable: 0, multiplier: 0, shift: 0)

  public var multiplierLow: Int { get { lowHalf(multiplier) } set { multiplier = with(low: newValue, multiplier) } }
  public var multiplierHigh: Int { get { highHalf(multiplier) } set { multiplier = with(high: newValue, multiplier) } }
  public var secondMultiplierLow: Int { get { lowHalf(secondMultiplier) } set { secondMultiplier = with(low: newValue, secondMultiplier) } }
  public var secondMultiplierHigh: Int { get { highHalf(secondMultiplier) } set { secondMultiplier = with(high: newValue, secondMultiplier) } }

  static let table: [LayerField.Row] = [
    .init(\.scalar.table, "scalar.table", 8, "which 256-word table: exponentials, the first operand's terms, or the lines of a sigmoid"),
    .init(\.scalar.secondTable, "scalar.second_table", 8, "which 256-word table holds the second operand's terms"),
    .init(\.scalar.multiplierLow, "scalar.multiplier_low", 24, "multiplier of the sum of terms, or of a sum or product of int16, bits 23...0"),
    .init(\.scalar.multiplierHigh, "scalar.multiplier_high", 7, "the same, bits 30...24"),
    .init(\.scalar.shift, "scalar.shift", 6, "rounding right shift of the sum's product, 1...31; of int16 0...31, of its sigmoids 9 or 10"),
    .init(\.scalar.rule, "scalar.rule", 2, "of int16: 0 adds, 1 multiplies, 2 takes the logistic function, 3 the hyperbolic tangent"),
    .init(\.scalar.firstStep, "scalar.first_step", 24, "of int16: bytes from the first operand's high byte to its low byte"),
    .init(\.scalar.secondStep, "scalar.second_step", 24, "of int16: the same of the second operand"),
    .init(
      \.scalar.secondMultiplierLow, "scalar.second_multiplier_low", 24,
      "of int16: multiplier of the second operand of a sum, or of a sigmoid's operand, bits 23...0"),
    .init(\.scalar.secondMultiplierHigh, "scalar.second_multiplier_high", 7, "the same, bits 30...24"),
    .init(
      \.scalar.secondShift, "scalar.second_shift", 5,
      "of int16: rounding right shift of the second operand of a sum, 0...31; 16 or 0, how far a sigmoid's operand goes up before it is multiplied"),
  ]
}

/// What the scalar unit makes of rows of int16.
public enum Int16Rule: Int, CaseIterable, Sendable {
  case sum, product, logistic, tangent

  /// Whether there is a second operand.
  public var isOfTwo: Bool { self == .sum || self == .product }
  /// By how many bits a sigmoid's line is finer than its result.
  public var lineShift: Int { self == .tangent ? 9 : 10 }
}
