/// A list of signals as a save file of GTKWave (`.gtkw`), and the translate filter files of its enums.
///
/// The format is that of GTKWave's own save files; what the flags mean is in its source, `analyzer.h`. A line `@` sets the flags of
/// the lines after it, in hexadecimal; a line `^1` names the file that translates the next signal; a line `-` is a title.
extension Waveform {
  /// A list for GTKWave: `gtkwave counter.fst counter.gtkw`, with a dump by `vcd()` or `fst()`. Each instance is a group. Signed
  /// values are shown as such, others of up to 63 bits in decimal, wider ones in hexadecimal, states by the names of their cases.
  /// - Parameters:
  ///   - names: as for `text()`; all that is recorded by default.
  ///   - dump: the file of the dump; with it, `gtkwave counter.gtkw` is enough. Paths are taken from where GTKWave is started.
  /// - Returns: the save file, and for each enum a file that stands where GTKWave is started.
  /// - Throws: if something is not recorded.
  public func gtkwave(_ names: String..., dump: String? = nil) throws(UnknownSignal) -> ViewerList {
    let signals = try ViewerSignals(current(), names)
    var text = dump.map { "[dumpfile] \"\($0)\"\n" } ?? ""
    text += "[timestart] 0\n"
    for group in signals.groups {
      text += Flags.text(Flags.blank | Flags.groupBegin) + "-\(group.title)\n"
      for signal in group.items {
        text += Flags.text(Flags.rightJustified | Flags.of(signal.format))
        if case .table(let table) = signal.format { text += "^1 \(signals.tables[table].filterName)\n" }
        text += signal.path.joined(separator: ".") + (signal.width > 1 ? "[\(signal.width - 1):0]" : "") + "\n"
      }
      text += Flags.text(Flags.blank | Flags.groupEnd) + "-\(group.title)\n"
    }
    return ViewerList(text: text, tables: signals.tables.map { ($0.filterName, $0.lines) })
  }
}

private enum Flags {
  static let hexadecimal = 1 << 1
  static let decimal = 1 << 2
  static let binary = 1 << 3
  static let rightJustified = 1 << 5
  static let blank = 1 << 9
  static let signed = 1 << 10
  static let translated = 1 << 13
  static let groupBegin = 1 << 23
  static let groupEnd = 1 << 24
  /// By the table of an enum in the dump, for which the value must be binary.
  static let enumerated = 1 << 32

  static func of(_ format: ViewerSignals.Format) -> Int {
    switch format {
    case .bit: binary
    case .decimal: decimal
    case .signed: signed
    case .hexadecimal: hexadecimal
    // A dump without tables, as by `vcd()`, needs the file.
    case .table: binary | enumerated | translated
    }
  }
  static func text(_ flags: Int) -> String { "@\(String(flags, radix: 16))\n" }
}

extension EnumTable {
  fileprivate var filterName: String { "\(name).gtkw.txt" }
}
