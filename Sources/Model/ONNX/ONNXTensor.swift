// Constants of an ONNX file: element types, and contents in any of the forms in which a file may have them.
//
// Elements lie in `raw_data`, little-endian, or one by one in a field that depends on their type: integers of up to 32 bits in
// `int32_data`, of 64 bits in `int64_data`, numbers in `float_data`.

extension ElementType {
  /// The type that ONNX gives this number; nil for numbers that it does not give.
  init?(onnx code: Int32) {
    switch code {
    case 1: self = .float32
    case 2: self = .uint8
    case 3: self = .int8
    case 4: self = .uint16
    case 5: self = .int16
    case 6: self = .int32
    case 7: self = .int64
    case 8: self = .string
    case 9: self = .bool
    case 10: self = .float16
    case 11: self = .float64
    case 12: self = .uint32
    case 13: self = .uint64
    case 14: self = .complex64
    case 15: self = .complex128
    case 16: self = .bfloat16
    case 21: self = .uint4
    case 22: self = .int4
    default: return nil
    }
  }
}

extension Tensor {
  /// A constant of a file; without contents when these lie in another file.
  /// - Throws: `ModelError` when type, shape and contents do not fit.
  init(_ message: Onnx_TensorProto) throws(ModelError) {
    let place = "constant '\(cleanedText(message.name, limit: 80))'"
    guard let type = ElementType(onnx: message.dataType) else {
      throw ModelError(.malformed, "unknown element type \(message.dataType) (\(place))")
    }
    let shape = message.dims.map { Int(truncatingIfNeeded: $0) }
    guard shape.count <= Graph.largestRank, shape.allSatisfy({ $0 >= 0 }) else {
      throw ModelError(.invalidShape, "shape \(shape.prefix(Graph.largestRank + 1)) is not possible (\(place))")
    }
    self.init(name: cleanedText(message.name, limit: 1_024), shape: shape, type: type)
    guard byteCount <= Graph.largestTensor else {
      throw ModelError(.resourceLimit, "shape \(shape) is too large, the limit is \(Graph.largestTensor) bytes (\(place))")
    }
    if message.dataLocation == .external { return }
    let contents = Self.contents(message, type)
    guard contents.count == byteCount else {
      throw ModelError(.malformed, "holds \(contents.count) bytes, shape \(shape) of \(type) needs \(byteCount) (\(place))")
    }
    constant = contents
  }

  private static func contents(_ message: Onnx_TensorProto, _ type: ElementType) -> [UInt8] {
    if message.hasRawData { return [UInt8](message.rawData) }
    switch type {
    case .float32: return Elements.bytes(message.floatData)
    case .int64: return Elements.bytes(message.int64Data.map { Int(truncatingIfNeeded: $0) }, type)
    case .int8, .uint8, .int16, .uint16, .int32, .bool: return Elements.bytes(message.int32Data.map { Int($0) }, type)
    default: return []
    }
  }
}
