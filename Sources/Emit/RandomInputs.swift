// Seeded random inputs: the same seed gives the same bytes on any machine.

import Model

/// Random bytes for every input, in the order of `graph.inputs`.
public func randomInputs(_ graph: Graph, seed: UInt64) -> [[UInt8]] {
  var generator = SplitMix64(seed: seed)
  return graph.inputs.map { tensor in
    (0..<graph.tensors[tensor].byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
  }
}
