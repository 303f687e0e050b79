/// A list of signals as a command file of Surfer (`.sucl`), and the mnemonic files of its enums.
///
/// Both are described in Surfer's manual, under "Commands" and "Mnemonic translators".
extension Waveform {
  /// A list for Surfer: `surfer counter.fst --command-file counter.sucl`, with a dump by `vcd()` or `fst()`. Each instance is
  /// headed by a divider. Signed values are shown as such, others of up to 63 bits in decimal, wider ones in hexadecimal, states by
  /// the names of their cases.
  /// - Parameters:
  ///   - names: as for `text()`; all that is recorded by default.
  ///   - dump: the file of the dump; with it, `surfer --command-file counter.sucl` is enough.
  /// - Returns: the commands, and for each enum a file that belongs into the directory `mnemonic` of Surfer's configuration, on
  ///   Linux `~/.config/surfer`, before Surfer is started.
  /// - Throws: if something is not recorded.
  public func surfer(_ names: String..., dump: String? = nil) throws(UnknownSignal) -> ViewerList {
    let signals = try ViewerSignals(current(), names)
    var items = "", formats = "", count = 0
    for group in signals.groups {
      items += "divider_add \(group.title)\n"
      count += 1
      for signal in group.items {
        items += "variable_add \(signal.path.joined(separator: "."))\n"
        if let format = signal.format.surferName(signals.tables) { formats += "item_focus \(itemName(count))\nitem_set_format \(format)\n" }
        count += 1
      }
    }
    // Commands that change the list go first: an item is known by its position.
    let text = (dump.map { "load_file \($0)\n" } ?? "") + items + formats + (formats.isEmpty ? "" : "item_unfocus\n") + "zoom_fit\n"
    return ViewerList(text: text, tables: signals.tables.map { ("\($0.name).txt", "Name: \($0.name)\nBits: \($0.width)\n" + $0.lines) })
  }

  /// Items are called by their positions in hexadecimal, with the letters from a to p as digits.
  private func itemName(_ position: Int) -> String {
    String(String(position, radix: 16).map { digit in
      Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(digit.hexDigitValue ?? 0)))
    })
  }
}

extension ViewerSignals.Format {
  /// The name of the format; nil for that of a single bit, which is Surfer's choice.
  fileprivate func surferName(_ tables: [EnumTable]) -> String? {
    switch self {
    case .bit: nil
    case .decimal: "Unsigned"
    case .signed: "Signed"
    case .hexadecimal: "Hexadecimal"
    case .table(let table): tables[table].name
    }
  }
}
