// All fields of a layer, in records by what they steer.
//
// A program sets them one by one and then says `run`. They are shadowed: the program writes a staged copy while the
// engines work from the active copy, so loading the next layer costs no time. A field keeps its value from layer to
// layer; the program sets only what changes. `docs/core.md` explains the loop nests that they steer.

/// The value of every field.
public struct LayerFields: Hashable, Sendable {
  public var mode: LayerMode
  public var feed: FeedFields
  public var array: ArrayFields
  public var window: WindowFields
  public var weights: WeightFields
  public var end: EndFields
  public var addition: AdditionFields
  public var table: TableFields
  public var scalar: ScalarFields

  public static let zero = LayerFields(
    mode: [], feed: .zero, array: .zero, window: .zero, weights: .zero, end: .zero, addition: .zero, table: .zero, scalar: .zero)
  /// What a program starts with: loops of one turn, every word and entry a step, all bytes as limits, and zeros.
  public static let start = LayerField.all.reduce(into: zero) { $0[$1] = $1.start }

  /// The value that a field holds, or shall hold: out of `field.range` where it does not fit.
  public subscript(field: LayerField) -> Int {
    get { self[keyPath: field.path] }
    set { self[keyPath: field.path] = newValue }
  }

  /// The fields that the engines look at when `command` starts a layer with this mode, by number. What others hold does
  /// not matter, and a program need not set them.
  public static func read(by command: Command, _ mode: LayerMode) -> [LayerField] {
    LayerField.all.filter { field in
      switch command {
      case .run: isRead(field, mode)
      case .softmax: scalar.contains(field)
      case .add:
        scalar.contains(field) || onlyScalarAddition.contains(field)
          || field == .at(\.addition.base) && !mode.contains(.residualConstant)
      case .int16: isReadByInt16(field, mode)
      case .halt: false
      }
    }
  }

  private static func isRead(_ field: LayerField, _ mode: LayerMode) -> Bool {
    if field == .at(\.addition.base) { return mode.contains(.residual) && !mode.contains(.residualConstant) }
    if field == .at(\.feed.reserve) { return !mode.contains(.columns) }
    if onlyProduct.contains(field) { return mode.contains(.residual) && mode.contains(.product) }
    if onlyColumns.contains(field) { return mode.contains(.columns) }
    if onlyAddition.contains(field) { return mode.contains(.residual) }
    if onlyTable.contains(field) { return mode.contains(.table) }
    if onlyInt16Output.contains(field) { return mode.contains(.int16Output) }
    if onlyInt8Output.contains(field) { return !mode.contains(.int16Output) }
    return !onlyScalar.contains(field)
  }

  private static func isReadByInt16(_ field: LayerField, _ mode: LayerMode) -> Bool {
    if field == .at(\.end.int16Step) { return mode.contains(.int16Output) }
    return int16.contains(field)
  }

  private static func fields(_ rows: [LayerField.Row]) -> Set<LayerField> { Set(rows.map { .at($0.path) }) }
  private static let onlyColumns = fields(WindowFields.table), onlyAddition = fields(AdditionFields.table)
  private static let onlyProduct: Set<LayerField> = [.at(\.addition.firstZero), .at(\.addition.secondZero)]
  private static let onlyInt16Output: Set<LayerField> = [.at(\.end.int16Step), .at(\.end.int16Low), .at(\.end.int16High)]
  private static let onlyInt8Output: Set<LayerField> = [.at(\.end.zero), .at(\.end.low), .at(\.end.high)]
  private static let onlyTable = fields(TableFields.table), onlyScalar = fields(ScalarFields.table)
  /// What both operations of the scalar unit look at.
  private static let scalar: Set<LayerField> = [
    .at(\.feed.base), .at(\.feed.rows), .at(\.array.columns), .at(\.end.base), .at(\.end.columnStep), .at(\.addition.zero),
    .at(\.addition.low), .at(\.addition.high), .at(\.scalar.table),
  ]
  private static let onlyInt16Arithmetic: Set<LayerField> = [
    .at(\.scalar.rule), .at(\.scalar.firstStep), .at(\.scalar.secondStep), .at(\.scalar.secondMultiplierLow), .at(\.scalar.secondMultiplierHigh),
    .at(\.scalar.secondShift),
  ]
  private static let onlyScalarAddition = onlyScalar.subtracting(onlyInt16Arithmetic).union([.at(\.modeBits)])
  /// What the operation on int16 looks at, of outputs of int16 also how far apart their bytes are.
  private static let int16 = onlyInt16Arithmetic.union([
    .at(\.modeBits), .at(\.feed.base), .at(\.feed.rows), .at(\.array.columns), .at(\.end.base), .at(\.end.columnStep), .at(\.end.int16Low),
    .at(\.end.int16High), .at(\.addition.base), .at(\.addition.zero), .at(\.scalar.table), .at(\.scalar.multiplierLow), .at(\.scalar.multiplierHigh),
    .at(\.scalar.shift),
  ])
}
