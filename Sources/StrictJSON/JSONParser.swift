// A reader of JSON by the letter of RFC 8259, and stricter in one point: a key that an object has twice is refused,
// because one of the two would be ignored in silence. Depth is limited, so that no text can exhaust the stack.

/// Reads one text.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  /// The deepest nesting that is read.
  static let largestDepth = 128

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The whole text as one value.
  mutating func text() throws(JSONProblem) -> JSONMember.Value {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    if position < bytes.count { throw problem("there is more after its end") }
    return value
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONProblem) -> JSONMember.Value {
    guard depth < Self.largestDepth else { throw problem("is nested more than \(Self.largestDepth) deep") }
    switch peek {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(48...57): return .number(try number())
    case nil: throw problem("ends where a value is expected")
    default: throw problem("a value is expected")
    }
  }

  private mutating func object(depth: Int) throws(JSONProblem) -> JSONObject {
    var object = JSONObject()
    position += 1
    skipSpace()
    if take("}") { return object }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw problem("a key in quotes is expected") }
      let start = position
      let key = try string()
      skipSpace()
      guard take(":") else { throw problem("a colon is expected") }
      skipSpace()
      guard object.add(key, try value(depth: depth + 1)) else {
        position = start
        throw JSONProblem("key \"\(shownText(key))\" is given twice (\(place)); leave one")
      }
      skipSpace()
      if take("}") { return object }
      guard take(",") else { throw problem("a comma or } is expected") }
    }
  }

  private mutating func array(depth: Int) throws(JSONProblem) -> [JSONMember.Value] {
    var values: [JSONMember.Value] = []
    position += 1
    skipSpace()
    if take("]") { return values }
    while true {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return values }
      guard take(",") else { throw problem("a comma or ] is expected") }
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONMember.Value) throws(JSONProblem) -> JSONMember.Value {
    let expected = word.withUTF8Buffer { Array($0) }
    guard bytes[position...].starts(with: expected) else { throw problem("a value is expected") }
    position += expected.count
    return value
  }

  private mutating func number() throws(JSONProblem) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONProblem) {
    guard let digit = peek, (48...57).contains(digit) else { throw problem("a digit is expected") }
    while let digit = peek, (48...57).contains(digit) { position += 1 }
  }

  // MARK: Texts

  private mutating func string() throws(JSONProblem) -> String {
    position += 1
    var content: [UInt8] = []
    while true {
      guard let byte = peek else { throw problem("a text has no end") }
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else { throw problem("a text is not UTF-8") }
        return text
      case UInt8(ascii: "\\"):
        position += 1
        content += String(try escape()).utf8
      case 0..<32: throw problem("a control character stands in a text")
      default:
        content.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
    guard let byte = peek else { throw problem("a text has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // Half of a pair: the other half must follow.
      if (0xD800..<0xDC00).contains(first), take("\\"), take("u") {
        let second = try hexadecimal()
        if (0xDC00..<0xE000).contains(second), let scalar = Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00)) {
          return scalar
        }
      }
      throw problem("half a surrogate pair stands in a text")
    default: throw problem("an unknown escape stands in a text")
    }
  }

  private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
    guard position + 4 <= bytes.count, bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits are expected") }
    position += 4
    return value
  }

  // MARK: Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = peek, UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  /// `line 3, column 7`, both from 1.
  private var place: String {
    let before = bytes[..<position]
    let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let column = position - (before.lastIndex(of: 10) ?? -1)
    return "line \(line), column \(column)"
  }

  private func problem(_ what: String) -> JSONProblem { JSONProblem("is not valid JSON: \(what) (\(place))") }
}
