/// Numbers that are rows of bytes.

extension Unsigned {
  /// Byte `index`; byte 0 is the lowest.
  public func byte(_ index: Int) -> Unsigned { self[8 * index..<8 * index + 8] }
  /// All whole bytes, the lowest first.
  public var bytes: [Unsigned] { (0..<width / 8).map(byte) }
}
