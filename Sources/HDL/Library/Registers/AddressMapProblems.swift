/// Everything that is wrong with a map, each with what to do about it.
extension AddressMap {
  /// Empty if the map is sound. `RegisterBlock` reports the same at elaboration.
  public var problems: [String] {
    var found: [String] = []
    if ![8, 16, 32, 64].contains(dataWidth) { found.append("map '\(name)': words of \(dataWidth) bits are not possible; use 8, 16, 32 or 64") }
    found += repeated((registers.map(\.name) + windows.map(\.name)).map(cName)).map { "map '\(name)': the name '\($0)' is used twice; rename one" }
    found += placeProblems
    for register in registers { found += problems(of: register) }
    return found + macroProblems
  }

  /// Macros of the C header that have the name of an earlier one, though they are of parts with different names.
  private var macroProblems: [String] {
    var found: [String] = []
    var known: [String: HeaderMacro] = [:]
    for macro in headerMacros {
      guard let other = known[macro.name] else {
        known[macro.name] = macro
        continue
      }
      if macro.repeats(other) { continue }
      found.append("map '\(name)': \(macro.meaning) and \(other.meaning) are both \(macro.name) in the C header; rename one")
    }
    return found
  }

  /// Registers and windows that lie where they cannot, or on top of each other.
  private var placeProblems: [String] {
    var found: [String] = []
    for register in registers where register.address < 0 || register.address % wordBytes != 0 {
      found.append("register '\(name).\(register.name)' at \(hexadecimal(register.address)) is not on a word; the address must be a multiple of \(wordBytes)")
    }
    for window in windows {
      let isPowerOfTwo = window.bytes > 0 && window.bytes & (window.bytes - 1) == 0
      if !isPowerOfTwo || window.bytes < wordBytes {
        found.append("window '\(name).\(window.name)' of \(window.bytes) bytes cannot be decoded; make it a power of two, at least \(wordBytes)")
      } else if window.address < 0 || window.address % window.bytes != 0 {
        found.append("window '\(name).\(window.name)' at \(hexadecimal(window.address)) is not aligned; the address must be a multiple of its \(window.bytes) bytes")
      }
    }
    let places =
      registers.map { (text: "register '\(name).\($0.name)'", start: $0.address, end: $0.address + wordBytes) }
      + windows.map { (text: "window '\(name).\($0.name)'", start: $0.address, end: $0.address + $0.bytes) }
    for (index, place) in places.enumerated() {
      for other in places[..<index] where place.start < other.end && other.start < place.end {
        found.append("\(place.text) at \(hexadecimal(place.start)) overlaps \(other.text) at \(hexadecimal(other.start)); move one")
      }
    }
    return found
  }

  private func problems(of register: ControlRegister) -> [String] {
    var found = repeated(register.fields.map { cName($0.name) }).map {
      "register '\(name).\(register.name)': the field name '\($0)' is used twice; rename one"
    }
    for (index, field) in register.fields.enumerated() {
      let place = "field '\(name).\(register.name).\(field.name)'"
      if field.bits.isEmpty || field.bits.lowerBound < 0 || field.bits.upperBound > dataWidth {
        found.append("\(place) has bits \(field.bits), but the register has 0..<\(dataWidth)")
        continue
      }
      for other in register.fields[..<index] where field.bits.overlaps(other.bits) {
        found.append("\(place) in bits \(field.bits) overlaps '\(other.name)' in bits \(other.bits); move one")
      }
      let width = field.bits.count
      func fits(_ value: Int) -> Bool { value >= 0 && (width >= Int.bitWidth - 1 || value < 1 << width) }
      if !fits(field.reset) { found.append("\(place) of \(width == 1 ? "1 bit" : "\(width) bits") cannot be reset to \(field.reset); give it more bits or another value") }
      for value in field.values where !fits(value.value) {
        found.append("\(place) of \(width == 1 ? "1 bit" : "\(width) bits") cannot hold '\(value.name)', which is \(value.value); give it more bits or another value")
      }
      found += repeated(field.values.map { "\($0.value)" }).map { "\(place) has two names for the value \($0); keep one" }
      found += repeated(field.values.map { cName($0.name) }).map { "\(place) has two values of the name '\($0)'; rename one" }
      if field.reset != 0 && [.readOnly, .pulse].contains(field.access) {
        found.append("\(place) is \(field.access.rawValue) and keeps nothing that could be reset to \(field.reset); remove the reset value")
      }
    }
    return found
  }

  /// What occurs more than once, in order.
  private func repeated(_ items: [String]) -> [String] {
    var seen: Set<String> = []
    return items.filter { !seen.insert($0).inserted }
  }
}

/// `0x1F0`.
func hexadecimal(_ value: Int, digits: Int = 1) -> String {
  let text = String(value, radix: 16, uppercase: true)
  return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// `CYCLES_LOW` for `cyclesLow`.
func cName(_ name: String) -> String { snakeCase(name).uppercased() }
