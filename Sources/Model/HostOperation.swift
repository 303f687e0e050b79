// Operators that the host runs, in front of the accelerator or behind it.
//
// A converter puts a QUANTIZE before the first layer and a DEQUANTIZE behind the last one when a model takes and gives
// floating-point numbers. These are not the accelerator's business: a host computes them while it copies the data. The same
// type may be asked for both places; `Partition` decides which one a node has.

/// An operator with a kernel for types that the accelerator does not have.
public protocol HostOperation: Operation {
  /// Checks what `evaluate` relies on when the host runs the node.
  /// - Throws: `ModelError` naming the operator and the tensor.
  func validateOnHost(_ node: Node, in graph: Graph) throws(ModelError)
}

extension NodeCheck {
  /// Checks that a tensor of integers has one scale, and a constant its bytes.
  func requireOneScale(_ index: Int) throws(ModelError) {
    let tensor = graph.tensors[index], count = tensor.quantization.scales.count
    try require(
      count == 1, .invalidQuantization, "\(tensor.type) has \(count == 0 ? "no scale" : "\(count) scales, only one is possible")", tensor: index)
    if tensor.isConstant { try requireContents(index) }
  }
}

/// The elements of a tensor as numbers.
package enum Elements {
  /// The integers in little-endian bytes; empty for types that are no integers of 8 to 64 bits.
  package static func integers(_ bytes: [UInt8], _ type: ElementType) -> [Int] {
    switch type {
    case .int8: bytes.map { Int(Int8(bitPattern: $0)) }
    case .uint8, .bool: bytes.map { Int($0) }
    case .int16: words(bytes, Int16.self).map { Int($0) }
    case .uint16: words(bytes, UInt16.self).map { Int($0) }
    case .int32: words(bytes, Int32.self).map { Int($0) }
    case .uint32: words(bytes, UInt32.self).map { Int($0) }
    case .int64: words(bytes, Int64.self).map { Int($0) }
    default: []
    }
  }

  /// The bytes of integers that fit `type`.
  package static func bytes(_ values: [Int], _ type: ElementType) -> [UInt8] {
    let width = (type.bitCount ?? 8) / 8
    var result: [UInt8] = []
    result.reserveCapacity(values.count * width)
    for value in values { for index in 0..<width { result.append(UInt8(truncatingIfNeeded: value >> (8 * index))) } }
    return result
  }

  /// The numbers in little-endian float32.
  static func floats(_ bytes: [UInt8]) -> [Float] { words(bytes, UInt32.self).map { Float(bitPattern: $0) } }

  /// The little-endian bytes of float32 numbers.
  package static func bytes(_ values: [Float]) -> [UInt8] { bytes(values.map { Int($0.bitPattern) }, .uint32) }

  /// The little-endian bytes of int16 numbers.
  static func bytes(of values: [Int16]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: values.count * 2) { bytes, initialized in
      for (index, value) in values.enumerated() {
        bytes.initializeElement(at: 2 * index, to: UInt8(truncatingIfNeeded: value))
        bytes.initializeElement(at: 2 * index + 1, to: UInt8(truncatingIfNeeded: value >> 8))
      }
      initialized = values.count * 2
    }
  }

  /// The numbers in little-endian words.
  static func words<Word: FixedWidthInteger>(_ bytes: [UInt8], _ type: Word.Type) -> [Word] {
    let width = Word.bitWidth / 8
    return bytes.withUnsafeBytes { source in
      (0..<bytes.count / width).map { Word(littleEndian: source.loadUnaligned(fromByteOffset: $0 * width, as: Word.self)) }
    }
  }
}
