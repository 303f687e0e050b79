// What is wrong with this machine and not with the hardware that is tested: exit code 3.

/// A program that cannot be started, or a cache that cannot be used.
public struct EnvironmentFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var what: String
  public var detail: String
  public init(what: String, detail: String) { (self.what, self.detail) = (what, detail) }
  public var description: String { "\(what): \(detail)" }
}
