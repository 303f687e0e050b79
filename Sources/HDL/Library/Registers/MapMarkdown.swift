/// The map for people: a table of registers and windows, then one of fields for each register.
extension AddressMap {
  /// A Markdown section that begins with a second-level heading.
  public var markdown: String {
    let digits = (addressWidth + 3) / 4
    var text = "## \(name)\n\n\(summary)\n\nByte addresses; words of \(dataWidth) bits.\n\n| Address | Name | Meaning |\n|---|---|---|\n"
    let places = registers.map { ($0.address, row([hexadecimal($0.address, digits: digits)], $0.name, $0.summary)) }
      + windows.map { window in
        let ends = [window.address, window.address + window.bytes - 1]
        return (window.address, row(ends.map { hexadecimal($0, digits: digits) }, window.name, window.summary))
      }
    for place in places.sorted(by: { $0.0 < $1.0 }) { text += place.1 }
    for register in registers { text += section(register, digits) }
    return text + legend
  }

  private func row(_ addresses: [String], _ name: String, _ summary: String) -> String {
    "| \(addresses.map { "`\($0)`" }.joined(separator: " … ")) | `\(cell(name))` | \(cell(summary)) |\n"
  }

  private func section(_ register: ControlRegister, _ digits: Int) -> String {
    var text = "\n### `\(register.name)` at `\(hexadecimal(register.address, digits: digits))`\n\n\(register.summary)\n\n"
    text += "| Bits | Field | Access | Reset | Meaning |\n|---|---|---|---|---|\n"
    for field in register.fields.sorted(by: { $0.bits.lowerBound < $1.bits.lowerBound }) {
      let bits = field.bits.count == 1 ? "\(field.bits.lowerBound)" : "\(field.bits.upperBound - 1)…\(field.bits.lowerBound)"
      let reset = [.readOnly, .pulse].contains(field.access) ? "" : field.bits.count > 8 ? hexadecimal(field.reset) : "\(field.reset)"
      let values = field.values.map { "\($0.value): `\(cell($0.name))`" }.joined(separator: ", ")
      let meaning = cell(field.summary) + (values.isEmpty ? "" : " (\(values))")
      text += "| \(bits) | `\(cell(field.name))` | \(field.access.rawValue) | \(reset) | \(meaning) |\n"
    }
    return text
  }

  /// What the abbreviations mean that this map uses.
  private var legend: String {
    let used = Set(registers.flatMap(\.fields).map(\.access))
    let lines = FieldAccess.allCases.filter(used.contains).map { "- \($0.rawValue): \($0.meaning)\n" }
    return lines.isEmpty ? "" : "\nAccess:\n\n" + lines.joined()
  }

  /// A row of a table is a line, and its cells end at a bar.
  private func cell(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension FieldAccess {
  fileprivate var meaning: String {
    switch self {
    case .readOnly: "read only; shows the state of the hardware"
    case .constant: "read only; never changes"
    case .readWrite: "read and write"
    case .writeOnly: "write only; reads as 0"
    case .writeOneToClear: "set by the hardware; writing 1 clears the bit, writing 0 does nothing"
    case .pulse: "writing 1 triggers the action; reads as 0"
    case .counter: "counts up to its greatest value; writing anything clears it"
    }
  }
}
