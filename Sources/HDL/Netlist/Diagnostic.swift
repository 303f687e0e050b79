/// A mistake found while elaborating, and the place to look at.
///
/// Operators cannot know their own line in Swift, so a place is the declaration, `When`, `Switch`,
/// `instance` or memory call that is nearest to the mistake.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int

  init(_ file: StaticString, _ line: UInt) {
    self.file = file.description
    self.line = Int(line)
  }
  public var description: String { "\(file):\(line)" }
  /// Whether it is a place in this language's own modules, which its users did not write.
  var isInLibrary: Bool { file.hasPrefix("HDL/") }
}

public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// The hardware module (its Verilog name) in whose body the mistake is.
  public let module: String
  public let message: String
  public let location: SourceLocation?

  /// `file:line: error: module: message`, which editors and CI systems recognise.
  public var description: String {
    (location.map { "\($0): " } ?? "") + "error: \(module): \(message)"
  }
}

/// Thrown by `elaborate` with everything that is wrong, not only the first thing.
public struct ElaborationFailure: Error, CustomStringConvertible {
  public let diagnostics: [Diagnostic]
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
