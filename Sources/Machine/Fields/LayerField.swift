// One field of a layer: what a `set` instruction writes.
//
// The tables of the records (`FeedFields` and its siblings) define every field once: where it stands in `LayerFields`,
// its width, its name in assembly and its meaning. Its number is its place in all tables, one after the other. The
// hardware's decoder, the assembler, the disassembler, the reference page and the version of the machine are made from
// them.

/// A field of the layer's registers, by its number in the instruction word.
public struct LayerField: Hashable, Sendable {
  /// The opcode that sets it.
  public let number: Int

  /// The field with a number, or nil.
  public init?(number: Int) {
    guard Self.rows.indices.contains(number) else { return nil }
    self.number = number
  }
  private init(place: Int) { number = place }

  /// The field at a place of the records, `LayerField.at(\.feed.base)`. A place that no row of a table names, such as a
  /// number that two registers share, is a defect of the caller and stops the program.
  public static func at(_ path: KeyPath<LayerFields, Int>) -> LayerField {
    guard let number = numbers[path] else { preconditionFailure("\(path) is no field of a table") }
    return LayerField(place: number)
  }

  /// All fields, by number.
  public static let all: [LayerField] = rows.indices.map(LayerField.init(place:))

  /// The field of an assembly name, or nil.
  public init?(assemblyName: String) {
    guard let number = Self.rows.firstIndex(where: { $0.name == assemblyName }) else { return nil }
    self.number = number
  }

  /// One row of a record's table.
  public struct Row: Sendable {
    let path: WritableKeyPath<LayerFields, Int> & Sendable
    let name: String
    let width: Int
    let isSigned: Bool
    let costsTime: Bool
    let start: Int
    let summary: String

    /// - Parameters:
    ///   - path: where the field stands.
    ///   - name: in assembly, `group.field`, with underscores between words.
    ///   - width: bits, 1...24.
    ///   - signed: two's complement.
    ///   - time: whether how long a layer takes depends on the value.
    ///   - start: the value at the start of a program.
    ///   - summary: one line for the reference page.
    init(
      _ path: WritableKeyPath<LayerFields, Int> & Sendable, _ name: String, _ width: Int, signed: Bool = false, time: Bool = false,
      start: Int = 0, _ summary: String
    ) {
      (self.path, self.name, self.width, self.isSigned) = (path, name, width, signed)
      (self.costsTime, self.start, self.summary) = (time, start, summary)
    }
  }

  /// Every table, in the order of the numbering.
  private static let rows: [Row] =
    ModeField.table + FeedFields.table + ArrayFields.table + WindowFields.table + WeightFields.table + EndFields.table
    + AdditionFields.table + TableFields.table + ScalarFields.table

  // Only read after it is made.
  nonisolated(unsafe) private static let numbers: [AnyKeyPath: Int] =
    Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.path as AnyKeyPath, $0) })

  private var row: Row { Self.rows[number] }
  var path: WritableKeyPath<LayerFields, Int> { row.path }

  /// Width in bits of the stored value, at most 24.
  public var width: Int { row.width }
  /// Whether the value is two's complement.
  public var isSigned: Bool { row.isSigned }
  /// Whether how long a layer takes depends on the value.
  public var costsTime: Bool { row.costsTime }
  /// What the register holds at the start of a program.
  public var start: Int { row.start }
  /// Name in assembly, `group.field`.
  public var assemblyName: String { row.name }
  /// One line for the reference page.
  public var summary: String { row.summary }

  /// The same name in one word, as signals have it: `inputRowStep` of `input.row_step`.
  public var signalName: String {
    let words = row.name.split { $0 == "." || $0 == "_" }
    return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// The values the register holds: a signed register two's complement, others from zero.
  public var range: ClosedRange<Int> {
    isSigned ? -(1 << (width - 1))...(1 << (width - 1)) - 1 : 0...(1 << width) - 1
  }
}
