// JSON with keys in the order in which they were written, so that the same input gives the same bytes.

/// A JSON value.
public indirect enum JSONValue: Sendable {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case null

  /// An integer, or null.
  public init(_ value: Int?) { self = value.map(JSONValue.integer) ?? .null }

  /// Two spaces of indentation a level; arrays and objects without nested objects stand on one line when short.
  public var text: String { write(indent: 0) + "\n" }

  private func write(indent: Int) -> String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let value): return Self.quote(value)
    case .array(let values):
      if values.isEmpty { return "[]" }
      return Self.bracket("[", "]", values.map { $0.write(indent: indent + 2) }, indent)
    case .object(let pairs):
      if pairs.isEmpty { return "{}" }
      return Self.bracket("{", "}", pairs.map { Self.quote($0.key) + ": " + $0.value.write(indent: indent + 2) }, indent)
    }
  }

  private static func bracket(_ open: String, _ close: String, _ parts: [String], _ indent: Int) -> String {
    let length = parts.reduce(0) { $0 + $1.utf8.count + 2 }
    if length + indent <= 110, indent > 0, !parts.contains(where: { $0.contains("\n") }) {
      return open + parts.joined(separator: ", ") + close
    }
    let spaces = String(repeating: " ", count: indent + 2)
    return open + "\n" + parts.map { spaces + $0 }.joined(separator: ",\n") + "\n"
      + String(repeating: " ", count: indent) + close
  }

  static func quote(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127:
        out += "\\u" + hexadecimal(scalar.value).suffix(4)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }
}
