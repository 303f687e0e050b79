// Values of a JSON text that know where they stand, so that whoever asks one for a number can say what it is instead.
//
// Numbers keep their text: `4.5` where a whole number is asked for is refused as 4.5, and 1e400 as 1e400, not as
// something that is "not JSON".

/// A value in a JSON text, and its place in it: `units.residual`, `inputs[2].offset`.
public struct JSONMember: Sendable {
  /// What a JSON text can hold.
  public indirect enum Value: Sendable {
    case object(JSONObject)
    case array([Value])
    case string(String)
    /// As it is written.
    case number(String)
    case boolean(Bool)
    case null
  }

  public var value: Value
  /// Empty for the whole text.
  public var place: String

  init(_ value: Value, place: String) { (self.value, self.place) = (value, place) }

  /// Reads a whole text, UTF-8.
  /// - Throws: `JSONProblem` with line and column.
  public static func parse(_ bytes: [UInt8]) throws(JSONProblem) -> JSONMember {
    var parser = JSONParser(bytes)
    return JSONMember(try parser.text(), place: "")
  }

  /// A problem with this value: `"pixels" is 4.5, must be a whole number`.
  public func problem(_ expected: String) -> JSONProblem {
    JSONProblem(place.isEmpty ? "is \(summary), must be \(expected)" : "\"\(place)\" is \(summary), must be \(expected)")
  }

  /// The value in a few words.
  public var summary: String {
    switch value {
    case .object: "an object"
    case .array: "a list"
    case .string(let text): "\"" + shown(text) + "\""
    case .number(let text): shown(text)
    case .boolean(let value): value ? "true" : "false"
    case .null: "null"
    }
  }

  // MARK: What it must be

  public func integer(_ expected: String = "a whole number") throws(JSONProblem) -> Int {
    guard case .number(let text) = value else { throw problem(expected) }
    if let number = Int(text) { return number }
    if text.utf8.dropFirst().allSatisfy({ (48...57).contains($0) }) {
      throw JSONProblem("\"\(place)\" is \(shown(text)), must be from -2^63 to 2^63 - 1")
    }
    throw problem(expected)
  }

  public func boolean() throws(JSONProblem) -> Bool {
    guard case .boolean(let value) = value else { throw problem("true or false") }
    return value
  }

  public func string() throws(JSONProblem) -> String {
    guard case .string(let text) = value else { throw problem("a text") }
    return text
  }

  public func array() throws(JSONProblem) -> [JSONMember] {
    guard case .array(let values) = value else { throw problem("a list") }
    return values.enumerated().map { JSONMember($1, place: "\(place)[\($0)]") }
  }

  public func object() throws(JSONProblem) -> JSONObject {
    guard case .object(var object) = value else { throw problem("an object") }
    object.place = place
    return object
  }

  /// At most 40 characters that cannot break a line.
  private func shown(_ text: String) -> String { shownText(text) }
}

/// `text` on one line, cut to 40 characters.
func shownText(_ text: String) -> String {
  let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
      || $0.properties.generalCategory == .lineSeparator || $0.properties.generalCategory == .paragraphSeparator ? "_" : Character($0) })
  return clean.count > 40 ? clean.prefix(40) + "…" : clean
}

/// An object: keys in the order of the text, none twice.
public struct JSONObject: Sendable {
  public private(set) var keys: [String] = []
  private var values: [String: JSONMember.Value] = [:]
  var place = ""

  /// Adds a key; false when there is one already.
  mutating func add(_ key: String, _ value: JSONMember.Value) -> Bool {
    guard values.updateValue(value, forKey: key) == nil else { return false }
    keys.append(key)
    return true
  }

  private func path(_ key: String) -> String { place.isEmpty ? key : place + "." + key }

  /// The value of a key; nil when there is none, or null.
  public func optional(_ key: String) -> JSONMember? {
    guard let value = values[key] else { return nil }
    if case .null = value { return nil }
    return JSONMember(value, place: path(key))
  }

  /// The value of a key that must be there.
  public func member(_ key: String) throws(JSONProblem) -> JSONMember {
    guard let value = values[key] else { throw JSONProblem("key \"\(path(key))\" is missing") }
    return JSONMember(value, place: path(key))
  }

  /// Refuses keys that nobody reads, because they are misspelt ones.
  public func allow(_ known: [String]) throws(JSONProblem) {
    for key in keys where !known.contains(key) {
      throw JSONProblem("unknown key \"\(shownText(path(key)))\"; known keys are \(known.joined(separator: ", "))")
    }
  }
}
