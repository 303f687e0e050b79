// Seeded random inputs: the same seed gives the same bytes on any machine.

import Model

/// Random bytes for every input, in the order of `graph.inputs`. Floating-point inputs get numbers that the QUANTIZE behind them can
/// hold, and some a little beyond.
public func randomInputs(_ graph: Graph, seed: UInt64) -> [[UInt8]] {
  var generator = SplitMix64(seed: seed)
  return graph.inputs.map { input in
    let tensor = graph.tensors[input]
    guard tensor.type == .float32 else { return (0..<tensor.byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) } }
    let quantized = graph.nodes.first { $0.operation is Quantize && $0.input(0) == input }.map { graph.tensors[$0.outputs[0]] }
    let scale = quantized?.scale ?? 1, zero = Float(quantized?.zeroPoint ?? 0)
    return (0..<tensor.elementCount).flatMap { _ in
      let step = Float(generator.next() >> 40) / 0x1p24 * 272 - 136
      let bits = (scale * (step - zero)).bitPattern
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
    }
  }
}
