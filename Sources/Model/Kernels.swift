// Bytes in, bytes out: what the golden kernels are built on.
//
// A kernel gets its inputs as int8 pointers and fills an int8 array. Shapes have been
// validated, so the inner loops run on unsafe buffers: everything that indexes them is
// in this file and in the operators' own, and every operator is tested against
// independent vectors at odd shapes.

/// Calls `body` with the bytes of an int8 tensor.
@inline(__always)
package func withInt8<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int8>) -> Result) -> Result {
  bytes.withUnsafeBytes { body($0.bindMemory(to: Int8.self)) }
}

/// Calls `body` with the elements of an int16 tensor.
package func withInt16<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int16>) -> Result) -> Result {
  Elements.integers(bytes, .int16).map { Int16(truncatingIfNeeded: $0) }.withUnsafeBufferPointer(body)
}

/// The `count` bytes that `fill` writes, which must be all of them.
@inline(__always)
package func makeInt8(_ count: Int, _ fill: (UnsafeMutableBufferPointer<Int8>) -> Void) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
    bytes.initialize(repeating: 0)
    UnsafeMutableRawBufferPointer(bytes).withMemoryRebound(to: Int8.self) { fill($0) }
    initialized = count
  }
}

/// Σ a·b over `count` elements, in wrapping int32. Weights are int8, or int16.
@inline(__always)
package func dotProduct<Weight: FixedWidthInteger>(_ a: UnsafePointer<Int8>, _ b: UnsafePointer<Weight>, _ count: Int) -> Int32 {
  var sum: Int32 = 0
  var index = 0
  while index < count {
    sum = sum &+ Int32(a[index]) &* Int32(truncatingIfNeeded: b[index])
    index &+= 1
  }
  return sum
}

/// The end of every layer with an accumulator: rescale, add the zero point, clamp.
package struct OutputStage: Sendable {
  package let zeroPoint: Int32
  package let low: Int32
  package let high: Int32

  package init(_ output: Tensor, _ activation: Activation) {
    self.init(output, limits: activation.limits(of: output))
  }

  package init(_ output: Tensor, limits: ClosedRange<Int32>) {
    zeroPoint = Int32(truncatingIfNeeded: output.zeroPoint)
    low = limits.lowerBound
    high = limits.upperBound
  }

  /// `clamp(zeroPoint + value)`, the addition wrapping.
  @inline(__always)
  package func store(_ value: Int32) -> Int8 {
    Int8(truncatingIfNeeded: min(max(value &+ zeroPoint, low), high))
  }

  /// `clamp(zeroPoint + MBQM(accumulator))`.
  @inline(__always)
  package func store(_ accumulator: Int32, _ multiplier: QuantizedMultiplier) -> Int8 {
    store(multiplyByQuantizedMultiplier(accumulator, multiplier))
  }

  /// `clamp(zeroPoint + accumulator · factor)`, rounded as the factor says.
  @inline(__always)
  package func store(_ accumulator: Int32, _ factor: SumFactor) -> Int8 { store(factor.steps(accumulator)) }
}
