/// The value of a signal at one moment, of any width.
///
/// Comparison is numerical, so values of different widths, and integer literals, compare as numbers.
public struct SignalValue: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Width and sign.
  public let shape: Shape
  package let pattern: BitVector
  /// The name of the case, if this is the state of an enum.
  public let label: String?

  package init(_ pattern: BitVector, isSigned: Bool, label: String? = nil) {
    shape = Shape(width: pattern.width, isSigned: isSigned)
    self.pattern = pattern
    self.label = label
  }
  public init(integerLiteral value: Int) { self.init(BitVector(value, width: Int.bitWidth), isSigned: true) }

  /// The bits, the least significant word first; bits above the width are 0.
  public var words: [UInt64] { pattern.words }
  /// The number, if an `Int` holds it.
  public var int: Int? { normal.int(isSigned: shape.isSigned) }
  /// The bits as hexadecimal digits, without leading zeros.
  public var hexadecimal: String { pattern.hexadecimal }
  /// `idle`, `-3`, or `0x1f…` where an `Int` is too small.
  public var description: String { label ?? int.map(String.init) ?? "0x" + pattern.hexadecimal }

  /// The number in the fewest bits, as a signed one, which is the same for equal numbers.
  private var normal: BitVector {
    let wide = pattern.resized(to: shape.width + 1, isSigned: shape.isSigned)
    return wide.resized(to: wide.minimalWidth(isSigned: true), isSigned: true)
  }
  public static func == (a: SignalValue, b: SignalValue) -> Bool { a.normal == b.normal }
  public func hash(into hasher: inout Hasher) { hasher.combine(normal) }
}
