// A text with placeholders, from which a file of a bundle is made.
//
// A placeholder is a name between two signs, `@TOP@`, as configure scripts and CMake have them. Texts are files of their own
// beside these sources, embedded by the package manager, so that an editor knows their language. Text and values must
// fit: a placeholder without a value, or a value without a placeholder, is a mistake of this program and ends it.

/// A text with placeholders.
struct Template {
  private let text: String

  /// - Parameter bytes: an embedded file, UTF-8.
  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  /// The text with a value in the place of every placeholder. What stands inside a value is left as it is.
  func filled(_ values: [String: String] = [:]) -> String {
    do throws(TemplateError) {
      return try filling(values)
    } catch {
      fatalError(error.description)
    }
  }

  /// The same for whoever can do something about a mistake.
  func filling(_ values: [String: String]) throws(TemplateError) -> String {
    var out = "", rest = text[...], unused = Set(values.keys)
    while let found = rest.firstMatch(of: /@([A-Z_]+)@/) {
      let name = String(found.1)
      guard let value = values[name] else { throw .unknown(name) }
      out += rest[..<found.range.lowerBound]
      out += value
      rest = rest[found.range.upperBound...]
      unused.remove(name)
    }
    if let name = unused.min() { throw .unused(name) }
    return out + rest
  }
}

/// Why a text and its values do not fit.
enum TemplateError: Error, Equatable, CustomStringConvertible {
  /// A placeholder without a value.
  case unknown(String)
  /// A value without a placeholder.
  case unused(String)

  var description: String {
    switch self {
    case .unknown(let name): "the template's placeholder @\(name)@ has no value"
    case .unused(let name): "the template has no placeholder @\(name)@"
    }
  }
}
