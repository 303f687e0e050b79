// What the scalar unit computes with.

/// The fields of the scalar unit beyond those that it shares with the other engines: tables, and the rescaling of a sum.
public struct ScalarFields: Hashable, Sendable {
  public var table, secondTable: Int
  /// 0 ..< 2^31, in two registers.
  public var multiplier: Int
  public var shift: Int

  public init(table: Int, secondTable: Int, multiplier: Int, shift: Int) {
    (self.table, self.secondTable, self.multiplier, self.shift) = (table, secondTable, multiplier, shift)
  }
  public static let zero = ScalarFields(table: 0, secondTable: 0, multiplier: 0, shift: 0)

  public var multiplierLow: Int { get { lowHalf(multiplier) } set { multiplier = with(low: newValue, multiplier) } }
  public var multiplierHigh: Int { get { highHalf(multiplier) } set { multiplier = with(high: newValue, multiplier) } }

  static let table: [LayerField.Row] = [
    .init(\.scalar.table, "scalar.table", 8, "which 256-word table: exponentials, or the first operand's terms"),
    .init(\.scalar.secondTable, "scalar.second_table", 8, "which 256-word table holds the second operand's terms"),
    .init(\.scalar.multiplierLow, "scalar.multiplier_low", 24, "multiplier of the sum of terms, bits 23...0"),
    .init(\.scalar.multiplierHigh, "scalar.multiplier_high", 7, "the same, bits 30...24"),
    .init(\.scalar.shift, "scalar.shift", 6, "rounding right shift of the sum's product, 1...31"),
  ]
}
