import TestTools

typealias SplitMix = TestTools.SplitMix

extension SplitMix {
  /// A number of so many bits.
  mutating func bits(_ width: Int) -> Int { Int(truncatingIfNeeded: next() & (1 << UInt64(width) - 1)) }
  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}
