/// Numbers and their limits.

extension Int {
  /// The logarithm of a power of two; anything else stops the program.
  public var log2: Int {
    precondition(self > 0 && nonzeroBitCount == 1, "\(self) is no power of two")
    return trailingZeroBitCount
  }
}

extension Unsigned {
  /// Extended with zeros, or cut: for what wraps, or fits, by construction.
  public func resized(to count: Int) -> Unsigned { width < count ? extended(to: count) : truncated(to: count) }

  /// Whether the number is less than a constant: of a power of two the bits above it say so, without a comparator.
  public func isBelow(_ bound: Int) -> Bit {
    if bound <= 0 { return false }
    if bound >= 1 << width { return true }
    return bound & (bound - 1) == 0 ? !self[bound.log2..<width].anyBitSet : self < Unsigned(bound, width: width)
  }
}

extension Signed {
  /// The number, or the nearest in `low...high`; as wide as these, which are equally wide and not wider than the number.
  public func clamped(_ low: Signed, _ high: Signed) -> Signed {
    select(self < low, low, select(self > high, high, truncated(to: high.width)))
  }
}
