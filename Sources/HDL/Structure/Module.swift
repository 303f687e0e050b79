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
  // Nearly all names of instances and signals are in it already.
  if name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }) { return name }
  let source = Array(name.utf8)
  func isUpper(_ index: Int) -> Bool { source.indices.contains(index) && (65...90).contains(source[index]) }
  func isLower(_ index: Int) -> Bool { source.indices.contains(index) && (97...122).contains(source[index]) }
  func isDigit(_ index: Int) -> Bool { source.indices.contains(index) && (48...57).contains(source[index]) }
  var result: [UInt8] = []
  result.reserveCapacity(source.count + 4)
  for index in source.indices {
    if isUpper(index) {
      // A new word starts after a small letter or digit, and with the last capital of `URLName`'s `URLN`.
      if isLower(index - 1) || isDigit(index - 1) || (isUpper(index - 1) && isLower(index + 1)) { result.append(95) }
      result.append(source[index] + 32)
    } else {
      result.append(isLower(index) || isDigit(index) ? source[index] : 95)
    }
  }
  return String(decoding: result, as: UTF8.self)
}
