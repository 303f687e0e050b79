/// A hardware generator: a Swift value whose stored properties are parameters, ports and registers,
/// and whose `body()` describes what is between them.
///
/// `body()` must depend on nothing but the stored properties. Then equal values describe equal
/// hardware, and a module that is instantiated a thousand times is described once.
public protocol Module: Hashable {
  func body()
  /// The Verilog name; the type's name in snake case unless defined otherwise.
  var moduleName: String { get }
  /// One or two lines that the Verilog carries above the module.
  var documentation: String { get }
}

extension Module {
  public var moduleName: String {
    let name = String(describing: Self.self)
    return snakeCase(String(name.prefix { $0 != "<" }))
  }
  public var documentation: String { "" }
}

/// `MultiplyAccumulate` → `multiply_accumulate`, `rowURL2` → `row_url2`.
package func snakeCase(_ name: String) -> String {
  var result = ""
  let characters = Array(name)
  for (i, character) in characters.enumerated() {
    guard character.isUppercase else {
      result.append(character.isLetter || character.isNumber ? character : "_")
      continue
    }
    let previous = i > 0 ? characters[i - 1] : "_"
    let next = i + 1 < characters.count ? characters[i + 1] : "_"
    let startsWord = previous.isLowercase || previous.isNumber || (previous.isUppercase && next.isLowercase)
    if startsWord { result.append("_") }
    result += character.lowercased()
  }
  return result
}
