import Foundation

/// Random numbers that a seed repeats.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// The seed is that of `WEFT_SEED`, if there is one, and is printed.
  init(_ purpose: String, seed: UInt64 = 1) {
    state = ProcessInfo.processInfo.environment["WEFT_SEED"].flatMap { UInt64($0) } ?? seed
    print("\(purpose), seed \(state) (WEFT_SEED=\(state) repeats it)")
  }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  /// A number of so many bits.
  mutating func bits(_ width: Int) -> Int { Int(truncatingIfNeeded: next() & (1 << UInt64(width) - 1)) }
  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}
