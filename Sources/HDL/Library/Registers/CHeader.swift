/// The map for C: addresses, masks, shifts and named values as macros.
extension AddressMap {
  /// C99 and C++, without dependencies; every name begins with that of the map.
  public var cHeader: String {
    let guardian = includeGuard.name
    var text = "/* \(safe(summary)) Byte addresses; words of \(dataWidth) bits. */\n#ifndef \(guardian)\n#define \(guardian)\n"
    for register in registers { text += section(register.summary, macros(of: register)) }
    for window in windows { text += section(window.summary, macros(of: window)) }
    return text + "\n#endif\n"
  }

  /// Everything that the header defines, in order.
  var headerMacros: [HeaderMacro] { [includeGuard] + registers.flatMap(macros(of:)) + windows.flatMap(macros(of:)) }

  private var includeGuard: HeaderMacro { HeaderMacro([name], "registers_h", "", "", meaning: "the include guard") }

  private func macros(of register: ControlRegister) -> [HeaderMacro] {
    [HeaderMacro("register", [name, register.name], hexadecimal(register.address) + suffix)]
      + register.fields.flatMap { macros(of: $0, path: [name, register.name, $0.name]) }
  }
  private func macros(of field: FieldDescription, path: [String]) -> [HeaderMacro] {
    // The bits may be impossible: that is a problem of the map, and the names are still wanted.
    let width = field.bits.count, ones = width >= 64 ? UInt64.max : (1 << UInt64(width)) - 1
    let mask = "0x" + String(ones << field.bits.lowerBound, radix: 16, uppercase: true)
    let comment = "\(field.access.rawValue): \(field.summary)"
    var macros = [
      HeaderMacro("field", path, "shift", "\(field.bits.lowerBound)", comment: comment), HeaderMacro("field", path, "mask", mask + suffix),
    ]
    if field.access == .constant { macros.append(HeaderMacro("field", path, "value", hexadecimal(field.reset) + suffix)) }
    return macros + field.values.map { HeaderMacro("value", path + [$0.name], "\($0.value)" + suffix) }
  }
  private func macros(of window: AddressWindow) -> [HeaderMacro] {
    let path = [name, window.name]
    return [
      HeaderMacro("window", path, hexadecimal(window.address) + suffix),
      HeaderMacro("window", path, "bytes", hexadecimal(window.bytes) + suffix),
    ]
  }

  /// Constants have the type of a word.
  private var suffix: String { dataWidth == 64 ? "ull" : "u" }

  private func section(_ summary: String, _ macros: [HeaderMacro]) -> String {
    "\n/* \(safe(summary)) */\n" + macros.map(define).joined()
  }
  private func define(_ macro: HeaderMacro) -> String {
    let padding = String(repeating: " ", count: max(1, 40 - macro.name.count))
    return "#define \(macro.name)\(padding)\(macro.value)" + (macro.comment.isEmpty ? "\n" : " /* \(safe(macro.comment)) */\n")
  }
  /// A comment cannot end early.
  private func safe(_ text: String) -> String {
    text.split(separator: "*/", omittingEmptySubsequences: false).joined(separator: "* /")
  }
}

/// A macro of the header: the number of a part of the map, or of something about that part.
struct HeaderMacro {
  /// The names of the part, from the map's on.
  let path: [String]
  /// What about the part it is, if it is not the part itself.
  let attribute: String?
  /// What it says, for people.
  let meaning: String
  let value: String
  let comment: String

  init(_ kind: String, _ path: [String], _ value: String) {
    self.init(path, nil, value, "", meaning: "\(kind) '\(path.joined(separator: "."))'")
  }
  init(_ kind: String, _ path: [String], _ attribute: String, _ value: String, comment: String = "") {
    self.init(path, attribute, value, comment, meaning: "the \(attribute) of \(kind) '\(path.joined(separator: "."))'")
  }
  init(_ path: [String], _ attribute: String?, _ value: String, _ comment: String, meaning: String) {
    self.path = path
    self.attribute = attribute
    self.value = value
    self.comment = comment
    self.meaning = meaning
  }

  var name: String { (path + [attribute].compactMap { $0 }).map(cName).joined(separator: "_") }

  /// Whether both are the same of parts whose names are equal in C.
  func repeats(_ other: HeaderMacro) -> Bool { attribute == other.attribute && path.map(cName) == other.path.map(cName) }
}
