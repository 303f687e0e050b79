// The .npy format: a magic string, a header in Python's syntax, raw data.

import Foundation
import Model

/// An array read from a .npy file: C order, little-endian int8, uint8 or float32.
struct NumPyArray {
  enum Values { case bytes([UInt8]), floats([Float]) }
  var shape: [Int]
  var values: Values
  private var isUnsigned = false

  /// - Throws: `UsageError` when the bytes are no such array.
  init(_ bytes: [UInt8], path: String) throws {
    func wrong(_ what: String) -> UsageError { UsageError("\(path): \(what)") }
    guard bytes.count >= 12, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      throw wrong("is not a NumPy file; save it with numpy.save, or give raw bytes as .bin")
    }
    let long = bytes[6] >= 2
    let length = long
      ? Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : Int(bytes[8]) | Int(bytes[9]) << 8
    let start = long ? 12 : 10
    guard length <= bytes.count - start else { throw wrong("is cut off in its header") }
    let header = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
    func field(_ name: String, _ open: Character, _ close: Character) -> String? {
      guard let key = header.range(of: "'\(name)':"), let from = header[key.upperBound...].firstIndex(of: open) else { return nil }
      let rest = header[header.index(after: from)...]
      return rest.firstIndex(of: close).map { String(rest[..<$0]) }
    }
    guard let type = field("descr", "'", "'"), let sizes = field("shape", "(", ")") else { throw wrong("has a damaged header") }
    if header.contains("'fortran_order': True") { throw wrong("is in Fortran order; save numpy.ascontiguousarray of it") }
    shape = sizes.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let count = shape.reduce(1) { product, size in
      let (result, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow || size < 0 ? -1 : result
    }
    let data = bytes[(start + length)...]
    switch type {
    case "|i1", "|u1":
      guard count == data.count else { throw wrong("has \(data.count) bytes of data, its shape needs \(count)") }
      values = .bytes(Array(data))
      isUnsigned = type == "|u1"
    case "<f4":
      guard count >= 0, data.count % 4 == 0, data.count / 4 == count else { throw wrong("has \(data.count) bytes of data, its shape needs \(count) floats") }
      let raw = Array(data)
      values = .floats(
        raw.withUnsafeBytes { source in
          (0..<count).map { Float(bitPattern: UInt32(littleEndian: source.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
        })
    default: throw wrong("has type '\(cleanedText(type, limit: 20))', must be int8 or float32; convert it with .astype")
    }
  }

  /// The bytes that the input takes: int8 as it is, float32 quantized.
  func quantized(for tensor: Tensor, path: String) throws -> [UInt8] {
    switch values {
    case .bytes(let bytes):
      if isUnsigned { throw UsageError("\(path): is uint8, the input is int8; subtract 128 and convert with .astype('int8')") }
      return bytes
    case .floats(let floats):
      return floats.map { value in
        let scaled = (value / tensor.scale).rounded(.toNearestOrAwayFromZero)
        let steps = scaled.isNaN ? 0 : Int(min(max(scaled, -65_536), 65_536))
        return UInt8(bitPattern: Int8(min(max(steps + tensor.zeroPoint, -128), 127)))
      }
    }
  }
}
