// What can be wrong with a JSON text, said in a phrase that fits behind a file's name.

/// Why a JSON text cannot be used.
public struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and where.
  public var description: String
  /// Whether the text is well formed and of another format or version than the reader's.
  public var isVersion: Bool

  public init(_ description: String, isVersion: Bool = false) { (self.description, self.isVersion) = (description, isVersion) }
}
