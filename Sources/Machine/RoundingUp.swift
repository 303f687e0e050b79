// Sizes that are rounded up.

/// The least power of two that is at least `value` (1 for values below 2).
public func roundUpToPowerOfTwo(_ value: Int) -> Int {
  value <= 1 ? 1 : 1 << (Int.bitWidth - (value - 1).leadingZeroBitCount)
}

/// ⌈a / b⌉ for a ≥ 0, b > 0.
public func dividedUp(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
