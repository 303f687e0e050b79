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

  /// `signed 8-bit`, as diagnostics print it; `1-bit` is a `Bit` or an `Unsigned` of one bit.
  public var description: String { self == .bit ? "1-bit" : "\(isSigned ? "signed" : "unsigned") \(width)-bit" }
}

/// The width of an index into `count` things, which goes from 0 to `count` - 1: 1 for 1 or 2 things, 4 for 16, 5 for 17.
public func indexBits(_ count: Int) -> Int { max(1, Int.bitWidth - max(0, count - 1).leadingZeroBitCount) }
