// What kind of layer: flags that engines read.

/// The flags of `layer.mode`.
public struct LayerMode: OptionSet, Hashable, Sendable {
  public var rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A flag, by its bit.
  public enum Flag: Int, CaseIterable, Sendable {
    case columns, maximum, residual, residualConstant, table, product, digits, merged2, merged4, int16Input, int16Output

    /// Its name in listings and on the reference page.
    public var name: String { "\(self)".reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) } }
    /// One line for the reference page.
    public var summary: String {
      switch self {
      case .columns: "windows come column by column from the column buffer, not as a byte stream from the aligning buffer"
      case .maximum: "an element keeps the maximum of lane 0 in place of the sum of products"
      case .residual: "add a second operand after requantization"
      case .residualConstant:
        "the second operand is the `operand` byte of the channel's parameters, not a tensor; in the scalar unit the column's entry of the second table"
      case .table: "the outputs go through a byte table"
      case .product: "with `residual`: the second operand multiplies the requantized sum before it is added; in the scalar unit the sum of terms is squared"
      case .digits: "weights have a digit a pass: sums count 128 times as much from each pass to the next"
      case .merged2: "two elements share an output: the window's bytes go to both in turn, and their sums are added"
      case .merged4: "the same with four elements"
      case .int16Input: "rows of the image are high and low bytes of int16 in turn: products of high bytes count 256 times"
      case .int16Output: "the outputs are int16: a high byte and a low byte each, `output.int16_step` bytes apart"
      }
    }
    /// The mode with this flag only.
    public var mode: LayerMode { LayerMode(rawValue: 1 << rawValue) }
  }

  /// Windows come column by column from the column buffer (depthwise, pooling, elementwise), not as a byte
  /// stream from the aligning buffer (convolution, fully connected).
  public static let columns = Flag.columns.mode
  /// The element keeps the maximum of lane 0 in place of the sum of products.
  public static let maximum = Flag.maximum.mode
  /// Add a second operand after requantization.
  public static let residual = Flag.residual.mode
  /// The second operand is the `operand` byte of the channel's parameters, not a tensor; in the scalar unit it is
  /// the column's entry of the second table.
  public static let residualConstant = Flag.residualConstant.mode
  /// The outputs go through a byte table.
  public static let table = Flag.table.mode
  /// With `residual`: the second operand multiplies the requantized sum before it is added; in the scalar unit the sum of
  /// terms is squared.
  public static let product = Flag.product.mode
  /// Weights have a digit a pass, the greatest first: sums count 128 times as much from each pass to the next.
  public static let digits = Flag.digits.mode
  /// Two or four elements share an output: each takes C bytes of every 2·C or 4·C of the window, and their sums are added. The two exclude
  /// each other.
  public static let merged2 = Flag.merged2.mode, merged4 = Flag.merged4.mode
  /// Rows of the image are high bytes and low bytes of int16 in turn: what is summed of high bytes counts 256 times, and a maximum is one of
  /// int16.
  public static let int16Input = Flag.int16Input.mode
  /// The outputs are int16: a high byte and a low byte each.
  public static let int16Output = Flag.int16Output.mode
  /// Every flag.
  public static let all = LayerMode(Flag.allCases.map(\.mode))

  /// `residual, residual constant`; `stream` without flags.
  public var name: String {
    let set = Flag.allCases.filter { contains($0.mode) }
    return set.isEmpty ? "stream" : set.map(\.name).joined(separator: ", ")
  }

  /// The mode in which so many elements share an output: 1, 2 or 4.
  public static func merged(_ elements: Int) -> LayerMode { merging.first { $0.elements == elements }?.flag.mode ?? [] }
  /// Elements that share an output.
  public var mergedElements: Int { Self.merging.last { contains($0.flag.mode) }?.elements ?? 1 }
  /// The flags of 2 elements that share an output, and of more, up to a number.
  public static func mergedFlags(upTo elements: Int) -> [Flag] { merging.filter { $0.elements <= elements }.map(\.flag) }
  /// How many elements can share an output, up to a number: 1, 2, ...
  public static func mergedCounts(upTo elements: Int) -> [Int] { [1] + merging.map(\.elements).filter { $0 <= elements } }
  /// As many as any hardware can merge.
  static let mostMergedElements = merging.map(\.elements).max() ?? 1

  private static let merging: [(elements: Int, flag: Flag)] = [(2, .merged2), (4, .merged4)]

  /// The flags that some hardware can follow: those of units that it has.
  public init(of hardware: Hardware) {
    let units = hardware.configuration.units
    var absent: LayerMode = []
    if !units.maximum { absent.insert(.maximum) }
    if !units.residual { absent.insert(.residual) }
    if !units.residual, hardware.scalarTables == 0 { absent.insert(.residualConstant) }
    if hardware.byteTables == 0 { absent.insert(.table) }
    if !units.residual && hardware.scalarTables == 0 { absent.insert(.product) }
    for merging in Self.merging where merging.elements > hardware.configuration.mergedElements { absent.insert(merging.flag.mode) }
    for kind in Extensions.Kind.allCases where !hardware.extensions.contains(kind.alone) { absent.formUnion(LayerMode(kind.flags.map(\.mode))) }
    self = .all.subtracting(absent)
  }
}

extension LayerFields {
  /// The mode as its register holds it.
  public var modeBits: Int {
    get { mode.rawValue }
    set { mode = LayerMode(rawValue: newValue) }
  }
}

/// The table of the mode.
enum ModeField {
  static let table: [LayerField.Row] = [
    .init(\.modeBits, "layer.mode", LayerMode.Flag.allCases.count, time: true, "what kind of layer: flags, below"),
  ]
}
