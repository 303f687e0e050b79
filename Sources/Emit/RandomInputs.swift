// Seeded random inputs: the same seed gives the same bytes on any machine.

import Model

/// SplitMix64 (Steele, Lea, Flood 2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Random bytes for every input, in the order of `graph.inputs`.
public func randomInputs(_ graph: Graph, seed: UInt64) -> [[UInt8]] {
  var generator = SplitMix64(seed: seed)
  return graph.inputs.map { tensor in
    (0..<graph.tensors[tensor].byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
  }
}
