// What random testing draws: a network as a few numbers, so that a failure can be made smaller and saved as a file.

import Model

/// A network that follows from a description, which follows from a seed.
public protocol RandomCase: Equatable, Codable, Sendable {
  init(seed: UInt64)
  /// - Throws: `ModelError` when the numbers give no network that validates.
  func graph() throws(ModelError) -> Graph
  /// The inputs of one inference.
  func inputBytes(_ graph: Graph) -> [[UInt8]]
  /// What is tested by it, for the count of what was tested.
  var kinds: [String] { get }
  /// A little smaller ones, the smallest first.
  var smaller: [Self] { get }
  /// One line for people.
  var summary: String { get }
}

extension RandomCase {
  /// The smallest case that can be found for which `fails` holds, as it does for this one.
  public func shrunk(while fails: (Self) throws -> Bool) rethrows -> Self {
    var best = self
    while let next = try best.smaller.first(where: fails) { best = next }
    return best
  }
}

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { int(0...99) < percent }
  /// One of some choices, of which there must be one.
  mutating func pick<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 20) } }
}
