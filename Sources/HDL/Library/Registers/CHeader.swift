/// The map for C: addresses, masks, shifts and named values as macros.
extension AddressMap {
  /// C99 and C++, without dependencies; every name begins with that of the map.
  public var cHeader: String {
    let prefix = cName(name)
    var text = "/* \(safe(summary)) Byte addresses; words of \(dataWidth) bits. */\n#ifndef \(prefix)_REGISTERS_H\n#define \(prefix)_REGISTERS_H\n"
    for register in registers {
      let base = "\(prefix)_\(cName(register.name))"
      text += "\n/* \(safe(register.summary)) */\n" + define(base, hexadecimal(register.address) + suffix, "")
      for field in register.fields {
        let name = "\(base)_\(cName(field.name))"
        let width = field.bits.count, ones = width >= 64 ? UInt64.max : (1 << UInt64(width)) - 1
        let mask = "0x" + String(ones << UInt64(field.bits.lowerBound), radix: 16, uppercase: true)
        text += define("\(name)_SHIFT", "\(field.bits.lowerBound)", "\(field.access.rawValue): \(field.summary)")
        text += define("\(name)_MASK", mask + suffix, "")
        if field.access == .constant { text += define("\(name)_VALUE", hexadecimal(field.reset) + suffix, "") }
        for value in field.values { text += define("\(name)_\(cName(value.name))", "\(value.value)" + suffix, "") }
      }
    }
    for window in windows {
      let base = "\(prefix)_\(cName(window.name))"
      text += "\n/* \(safe(window.summary)) */\n" + define(base, hexadecimal(window.address) + suffix, "")
      text += define("\(base)_BYTES", hexadecimal(window.bytes) + suffix, "")
    }
    return text + "\n#endif\n"
  }

  /// Constants have the type of a word.
  private var suffix: String { dataWidth == 64 ? "ull" : "u" }

  private func define(_ name: String, _ value: String, _ comment: String) -> String {
    let padding = String(repeating: " ", count: max(1, 40 - name.count))
    return "#define \(name)\(padding)\(value)" + (comment.isEmpty ? "\n" : " /* \(safe(comment)) */\n")
  }
  /// A comment cannot end early.
  private func safe(_ text: String) -> String {
    text.split(separator: "*/", omittingEmptySubsequences: false).joined(separator: "* /")
  }
}
