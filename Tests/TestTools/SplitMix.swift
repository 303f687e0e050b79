// Random numbers that a seed repeats. Every random test takes its seed from here: `WEFT_SEED` repeats what a failure prints.

import Foundation

/// A small generator that gives the same numbers on every machine.
public struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(state: UInt64) { self.state = state }

  /// Numbers for a purpose, which is printed with the seed: that of `WEFT_SEED`, or `seed`.
  public init(_ purpose: String, seed: UInt64 = 1) {
    state = Self.chosen ?? seed
    print("\(purpose), seed \(state) (WEFT_SEED=\(state) repeats it)")
  }

  /// The seed that the user wants, if there is one.
  public static var chosen: UInt64? { ProcessInfo.processInfo.environment["WEFT_SEED"].flatMap { UInt64($0) } }
  /// That, or one that is new in every run: for tests that say the seed when they fail.
  public static func freshSeed() -> UInt64 { chosen ?? .random(in: 0 ... .max) }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
  /// True in so many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { int(0...99) < percent }
  /// One of some choices, of which there must be one.
  public mutating func pick<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }
}
