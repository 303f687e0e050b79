// A tensor: a shape, a type, how its integers stand for real numbers, and perhaps its contents.
//
// A real value r and its stored integer q are related by `r = scale · (q − zeroPoint)`,
// with one scale for the tensor or one per slice along `dimension` (per channel).

/// How stored integers stand for real numbers.
public struct Quantization: Equatable, Sendable {
  /// Real size of one step; one element for the tensor, one per channel, or empty for none.
  public var scales: [Float]
  /// The stored integer that stands for 0.0; as many as `scales`.
  public var zeroPoints: [Int]
  /// The dimension along which the scales lie when there is more than one.
  public var dimension: Int

  public init(scales: [Float] = [], zeroPoints: [Int] = [], dimension: Int = 0) {
    self.scales = scales
    self.zeroPoints = zeroPoints
    self.dimension = dimension
  }

  /// One scale and zero point for the whole tensor.
  public init(scale: Float, zeroPoint: Int) {
    self.init(scales: [scale], zeroPoints: [zeroPoint])
  }

  /// No quantization.
  public static let none = Quantization()
}

/// One tensor of a graph.
public struct Tensor: Equatable, Sendable {
  /// The name from the file, cleaned (one line, valid UTF-8); it need not be unique and may be empty.
  public var name: String
  /// Sizes, outermost first; feature maps are N, H, W, C. A scalar has an empty shape.
  public var shape: [Int]
  /// The type of the elements.
  public var type: ElementType
  /// How the integers stand for real numbers.
  public var quantization: Quantization
  /// Whether the file says that an operator keeps its contents from inference to inference (see `StatefulOperation`).
  public var isVariable = false
  /// How the file has the tensor, where that is not how the graph has it.
  public var fileForm: FileForm?
  /// Contents of a constant, little-endian in C order, `byteCount` bytes; `nil` when computed or an input.
  public var constant: [UInt8]?

  public init(
    name: String, shape: [Int], type: ElementType, quantization: Quantization = .none, constant: [UInt8]? = nil
  ) {
    self.name = name
    self.shape = shape
    self.type = type
    self.quantization = quantization
    self.constant = constant
  }

  /// Whether the contents are part of the model.
  public var isConstant: Bool { constant != nil }

  /// Number of elements; `Int.max` when it does not fit (validation refuses such tensors).
  public var elementCount: Int {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 0))
      if overflow { return shape.contains { $0 <= 0 } ? 0 : .max }
      count = product
    }
    return count
  }

  /// Bytes the elements occupy, sub-byte types packed; 0 for types without a fixed size.
  public var byteCount: Int {
    guard let bits = type.bitCount else { return 0 }
    let (product, overflow) = elementCount.multipliedReportingOverflow(by: bits)
    return overflow ? .max / 8 : product / 8 + (product % 8 == 0 ? 0 : 1)
  }

  /// The first scale; 0 when the tensor has none.
  public var scale: Float { quantization.scales.first ?? 0 }

  /// The first zero point; 0 when the tensor has none.
  public var zeroPoint: Int { quantization.zeroPoints.first ?? 0 }

  /// The scale of channel `channel`: its own when there is one per channel, else the tensor's.
  public func scale(ofChannel channel: Int) -> Float {
    quantization.scales.count > 1 && quantization.scales.indices.contains(channel)
      ? quantization.scales[channel] : scale
  }

  /// The real numbers that stored elements of this tensor stand for: a float32 itself, of integers scale · (q − zeroPoint), or
  /// q itself without a scale.
  public func numbers(_ bytes: [UInt8]) -> [Float] {
    if type == .float32 { return Elements.floats(bytes) }
    let integers = Elements.integers(bytes, type)
    return quantization.scales.isEmpty ? integers.map(Float.init) : integers.map { scale * Float($0 - zeroPoint) }
  }

  /// Stored elements of this tensor; empty when they are no integers.
  public func integers(_ bytes: [UInt8]) -> [Int] { Elements.integers(bytes, type) }

  /// Stored elements of this tensor as text.
  public func stored(_ bytes: [UInt8]) -> [String] {
    type == .float32 ? Elements.floats(bytes).map { "\($0)" } : Elements.integers(bytes, type).map { "\($0)" }
  }

  /// The constant's elements as int8; empty when the tensor is no int8 constant.
  public func int8Values() -> [Int8] {
    guard type == .int8, let constant else { return [] }
    return constant.map { Int8(bitPattern: $0) }
  }

  /// The constant's elements as int32; empty when the tensor is no int32 constant.
  public func int32Values() -> [Int32] {
    guard type == .int32, let constant else { return [] }
    return constant.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
  }

  /// The constant's elements as integers when the type is int32 or int64; `nil` otherwise.
  ///
  /// Axes, paddings and target shapes come in either type.
  public func indexValues() -> [Int]? {
    guard let constant else { return nil }
    switch type {
    case .int32:
      return int32Values().map(Int.init)
    case .int64:
      return constant.withUnsafeBytes { bytes in
        (0..<(bytes.count / 8)).map {
          Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)))
        }
      }
    default:
      return nil
    }
  }
}
