// Bytes in, bytes out: what the golden kernels are built on.
//
// A kernel gets its inputs as pointers to elements and fills an array of them: int8, or for some operators int16.
// Shapes have been validated, so the inner loops run on unsafe buffers: everything that indexes them is
// in this file and in the operators' own, and every operator is tested against
// independent vectors at odd shapes.

/// Calls `body` with the bytes of an int8 tensor.
@inline(__always)
package func withInt8<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int8>) -> Result) -> Result {
  bytes.withUnsafeBytes { body($0.bindMemory(to: Int8.self)) }
}

/// Calls `body` with the elements of an int16 tensor.
package func withInt16<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int16>) -> Result) -> Result {
  Elements.words(bytes, Int16.self).withUnsafeBufferPointer(body)
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

/// The bytes of `count` int16 elements that `fill` writes, which must be all of them.
package func makeInt16(_ count: Int, _ fill: (UnsafeMutableBufferPointer<Int16>) -> Void) -> [UInt8] {
  let elements = [Int16](unsafeUninitializedCapacity: count) { elements, initialized in
    elements.initialize(repeating: 0)
    fill(elements)
    initialized = count
  }
  return Elements.bytes(of: elements)
}

/// An element of activations that sums of products are made of, with the integers that they are added in.
package protocol SummedElement: FixedWidthInteger & SignedInteger {
  /// Holds every sum: 32 bits of int8, which wrap as in the reference, 64 of int16.
  associatedtype Sum: FixedWidthInteger & SignedInteger

  /// Calls `body` with the elements in `bytes`.
  static func withElements<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Self>) -> Result) -> Result
  /// The bytes of the `count` elements that `fill` writes, which must be all of them.
  static func make(_ count: Int, _ fill: (UnsafeMutableBufferPointer<Self>) -> Void) -> [UInt8]
  /// The steps of the output that a sum is.
  static func steps(_ sum: Sum, _ factor: SumFactor) -> Int32
}

extension Int8: SummedElement {
  package typealias Sum = Int32

  @inline(__always)
  package static func withElements<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int8>) -> Result) -> Result {
    withInt8(bytes, body)
  }

  @inline(__always)
  package static func make(_ count: Int, _ fill: (UnsafeMutableBufferPointer<Int8>) -> Void) -> [UInt8] { makeInt8(count, fill) }

  @inline(__always)
  package static func steps(_ sum: Int32, _ factor: SumFactor) -> Int32 { factor.steps(sum) }
}

extension Int16: SummedElement {
  package typealias Sum = Int64

  @inline(__always)
  package static func withElements<Result>(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<Int16>) -> Result) -> Result {
    withInt16(bytes, body)
  }

  @inline(__always)
  package static func make(_ count: Int, _ fill: (UnsafeMutableBufferPointer<Int16>) -> Void) -> [UInt8] { makeInt16(count, fill) }

  @inline(__always)
  package static func steps(_ sum: Int64, _ factor: SumFactor) -> Int32 { factor.steps(int64: sum) }
}

/// Σ a·b over `count` elements, in the wrapping integers of sums. Weights are int8, or int16.
@inline(__always)
package func dotProduct<Element: SummedElement, Weight: FixedWidthInteger>(
  _ a: UnsafePointer<Element>, _ b: UnsafePointer<Weight>, _ count: Int
) -> Element.Sum {
  var sum: Element.Sum = 0
  var index = 0
  while index < count {
    sum = sum &+ Element.Sum(truncatingIfNeeded: a[index]) &* Element.Sum(truncatingIfNeeded: b[index])
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
  package func store<Element: SummedElement>(_ value: Int32) -> Element {
    Element(truncatingIfNeeded: min(max(value &+ zeroPoint, low), high))
  }

  /// `clamp(zeroPoint + MBQM(accumulator))`.
  @inline(__always)
  package func store(_ accumulator: Int32, _ multiplier: QuantizedMultiplier) -> Int8 {
    store(multiplyByQuantizedMultiplier(accumulator, multiplier))
  }

  /// `clamp(zeroPoint + accumulator · factor)`, rounded as the factor says.
  @inline(__always)
  package func store<Element: SummedElement>(_ accumulator: Element.Sum, _ factor: SumFactor) -> Element {
    store(Element.steps(accumulator, factor))
  }
}
