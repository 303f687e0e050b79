// JSON with keys in the order in which a type names them, so that the same value gives the same bytes.
//
// Two spaces of indentation a level; arrays and objects without nested ones that need several lines stand on one line when
// short. A property that is nil has no key, or with `OrNull` the value null. A `Float` is the shortest decimal that names it.

/// An encoder of JSON texts.
public enum OrderedJSON {
  /// The text of a value, with a line's end. A value that cannot be encoded is a mistake of this program and ends it.
  public static func text(_ value: some Encodable) -> String {
    let tree = Tree()
    do { try tree.set(value) } catch { fatalError("\(type(of: value)) cannot be encoded: \(error)") }
    return tree.text(indent: 0) + "\n"
  }

  /// A text in quotes.
  static func quote(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127: out += "\\u" + hexadecimal(scalar.value).suffix(4)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

/// A property whose key is there without a value, too.
@propertyWrapper public struct OrNull<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  public var wrappedValue: Value?
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

/// A value in the making.
private final class Tree {
  private enum Kind { case text, array, object }
  private var kind = Kind.text
  private var text = "null"
  /// Elements, or the values of `keys`.
  private var children: [Tree] = []
  private var keys: [String] = []

  func set(_ value: any Encodable) throws {
    switch value {
    case let value as String: text = OrderedJSON.quote(value)
    case let value as Bool: text = "\(value)"
    case let value as Double: text = value.isFinite ? "\(value)" : "null"
    case let value as Float: try set(Double("\(value)") ?? Double(value))
    case let value as any BinaryInteger: text = "\(value)"
    default: try value.encode(to: TreeEncoder(tree: self))
    }
  }

  func becomeArray() { kind = .array }
  func becomeObject() { kind = .object }

  var count: Int { children.count }

  /// A new element, or the value of a new key.
  func append(_ key: String? = nil) -> Tree {
    let tree = Tree()
    children.append(tree)
    if let key { keys.append(key) }
    return tree
  }

  func text(indent: Int) -> String {
    switch kind {
    case .text: text
    case .array: Self.bracket("[", "]", children.map { $0.text(indent: indent + 2) }, indent)
    case .object:
      Self.bracket("{", "}", zip(keys, children).map { OrderedJSON.quote($0) + ": " + $1.text(indent: indent + 2) }, indent)
    }
  }

  /// The longest line that is made, in bytes.
  private static let lineLength = 110

  private static func bracket(_ open: String, _ close: String, _ parts: [String], _ indent: Int) -> String {
    if parts.isEmpty { return open + close }
    let length = parts.reduce(0) { $0 + $1.utf8.count + 2 }
    if length + indent <= lineLength, indent > 0, !parts.contains(where: { $0.contains("\n") }) {
      return open + parts.joined(separator: ", ") + close
    }
    let spaces = String(repeating: " ", count: indent + 2)
    return open + "\n" + parts.map { spaces + $0 }.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent) + close
  }
}

private struct TreeEncoder: Encoder {
  let tree: Tree
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    tree.becomeObject()
    return KeyedEncodingContainer(Members<Key>(tree: tree))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    tree.becomeArray()
    return Elements(tree: tree)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer { Single(tree: tree) }

  private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let tree: Tree
    var codingPath: [any CodingKey] { [] }
    func encodeNil(forKey key: Key) { _ = tree.append(key.stringValue) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try tree.append(key.stringValue).set(value) }
    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type, forKey key: Key) -> KeyedEncodingContainer<Inner> {
      TreeEncoder(tree: tree.append(key.stringValue)).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      TreeEncoder(tree: tree.append(key.stringValue)).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { TreeEncoder(tree: tree.append("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(tree: tree.append(key.stringValue)) }
  }

  private struct Elements: UnkeyedEncodingContainer {
    let tree: Tree
    var codingPath: [any CodingKey] { [] }
    var count: Int { tree.count }
    func encodeNil() { _ = tree.append() }
    func encode(_ value: some Encodable) throws { try tree.append().set(value) }
    func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
      TreeEncoder(tree: tree.append()).container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { TreeEncoder(tree: tree.append()).unkeyedContainer() }
    func superEncoder() -> any Encoder { TreeEncoder(tree: tree.append()) }
  }

  private struct Single: SingleValueEncodingContainer {
    let tree: Tree
    var codingPath: [any CodingKey] { [] }
    func encodeNil() {}
    func encode(_ value: some Encodable) throws { try tree.set(value) }
  }
}
