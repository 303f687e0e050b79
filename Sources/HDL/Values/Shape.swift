/// What is known about a value before any clock ticks: how many bits it has and how they are read.
///
/// A signed value is two's complement. Widths are ordinary run-time numbers, so a generator computes
/// them freely; every operator and every assignment checks them while the design is elaborated.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  public var width: Int
  public var isSigned: Bool

  public init(width: Int, isSigned: Bool) {
    self.width = width
    self.isSigned = isSigned
  }

  public static func unsigned(_ width: Int) -> Shape { Shape(width: width, isSigned: false) }
  public static func signed(_ width: Int) -> Shape { Shape(width: width, isSigned: true) }
  static let bit = Shape.unsigned(1)

  /// `signed 8-bit`, as diagnostics print it.
  public var description: String { "\(isSigned ? "signed" : "unsigned") \(width)-bit" }
}
