// The .npy format: a magic string, a header in Python's syntax, raw data.
//
// The header is a dictionary of three keys in one line. It is read as such, key by key, because whatever stands there
// decides how the bytes behind it are meant: an array in another order or of another type would run just as well.

import Foundation
import Model

/// An array read from a .npy file: C order, int8, uint8, little-endian int16 or float32.
struct NumPyArray {
  enum Values {
    /// Integers of a type, as their bytes.
    case integers([UInt8], ElementType)
    case floats([Float])
  }
  var shape: [Int]
  var values: Values
  private let path: String

  /// - Throws: `UsageError` when the bytes are no such array.
  init(_ bytes: [UInt8], path: String) throws {
    func wrong(_ what: String) -> UsageError { UsageError("\(path): \(what)") }
    if bytes.starts(with: [0x50, 0x4B]) { throw wrong("is an archive of several arrays (.npz); save one with numpy.save") }
    guard bytes.count >= 12, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
      throw wrong("is not a NumPy file; save it with numpy.save, or give raw bytes as .bin")
    }
    guard (1...3).contains(bytes[6]) else { throw wrong("has version \(bytes[6]) of the .npy format, 1 to 3 are known; save it with numpy.save") }
    let long = bytes[6] >= 2
    let length = long
      ? Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : Int(bytes[8]) | Int(bytes[9]) << 8
    let start = long ? 12 : 10
    guard length <= bytes.count - start else { throw wrong("is cut off in its header; save it again") }
    let header = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
    func field(_ name: String, _ open: Character, _ close: Character) -> String? {
      guard let key = header.range(of: "'\(name)':") else { return nil }
      let rest = header[key.upperBound...].drop { $0 == " " }
      guard rest.first == open, let end = rest.dropFirst().firstIndex(of: close) else { return nil }
      return String(rest.dropFirst()[..<end])
    }
    if header.contains("'descr': [") { throw wrong("has named fields; save a plain array of int8 or float32") }
    guard let type = field("descr", "'", "'"), let sizes = field("shape", "(", ")") else {
      throw wrong("has a damaged header; save it with numpy.save")
    }
    self.path = path
    shape = []
    var entries = sizes.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    if entries.last == "" { entries.removeLast() }
    for entry in entries {
      // Python 2 wrote long numbers with an L.
      guard let size = Int(entry.hasSuffix("L") ? String(entry.dropLast()) : entry) else {
        let isNumber = !entry.isEmpty && entry.allSatisfy { $0.isASCII && $0.isNumber }
        throw wrong("has '\(cleanedText(entry, limit: 24))' in its shape, \(isNumber ? "which no file can hold" : "which is not a size"); save it with numpy.save")
      }
      guard size >= 0 else { throw wrong("has the negative size \(size) in its shape; save it with numpy.save") }
      shape.append(size)
    }
    if header.contains("'fortran_order': True"), shape.count >= 2 {
      throw wrong("is in Fortran order (columns first); save numpy.ascontiguousarray of it")
    }
    guard header.contains("'fortran_order': True") || header.contains("'fortran_order': False") else {
      throw wrong("has a damaged header; save it with numpy.save")
    }
    let count = shape.contains(0) ? 0 : shape.reduce(1) { product, size in
      let (result, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? .max : result
    }
    let data = bytes[(start + length)...]
    let shown = "(\(shape.map(String.init).joined(separator: ", ")))"
    func requireData(_ size: Int) throws {
      let (needed, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || count == .max { throw wrong("has the shape \(shown), which is more than any file holds; save it again") }
      if data.count != needed { throw wrong("has \(data.count) bytes of data, its shape \(shown) needs \(needed); save it again") }
    }
    switch type {
    case "|i1", "<i1", "=i1", "|u1", "<u1", "=u1":
      try requireData(1)
      values = .integers(Array(data), type.hasSuffix("u1") ? .uint8 : .int8)
    case "<i2", "=i2":
      try requireData(2)
      values = .integers(Array(data), .int16)
    case "<f4", "=f4":
      try requireData(4)
      values = .floats(
        Array(data).withUnsafeBytes { source in
          (0..<count).map { Float(bitPattern: UInt32(littleEndian: source.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
        })
    case ">f4": throw wrong("is big-endian; convert it with .astype('<f4')")
    default: throw wrong("has type '\(cleanedText(type, limit: 20))', must be int8, uint8, int16 or float32; convert it with .astype('float32')")
    }
  }

  /// Elements that are there; the product of a shape with a 0 in it may be more than a number holds.
  private var elementCount: Int {
    switch values {
    case .integers(let bytes, let type): bytes.count * 8 / (type.bitCount ?? 8)
    case .floats(let floats): floats.count
    }
  }

  /// Checks that the array has the shape of the input, but for a leading batch of 1 that one of the two may lack.
  /// - Parameter label: how messages name the tensor.
  func check(_ target: [Int], label: String) throws {
    func core(_ shape: [Int]) -> [Int] { shape.first == 1 ? Array(shape.dropFirst()) : shape }
    if shape == target || shape == [1] + target || [1] + shape == target { return }
    func list(_ shape: [Int]) -> String { "(\(shape.map(String.init).joined(separator: ", ")))" }
    var text = "\(path): has shape \(list(shape)), the input has \(list(target)) (\(label))"
    let (mine, wanted) = (core(shape), core(target)), needed = wanted.reduce(1, *)
    if mine.count == 3, wanted.count == 3, mine == [wanted[2], wanted[0], wanted[1]] {
      let axes = shape.count == 4 ? "(0, 2, 3, 1)" : "(1, 2, 0)"
      text += "; it looks like channels first (NCHW), the network wants channels last: numpy.transpose(x, \(axes))"
    } else if shape.count > 1, let samples = shape.first, samples != 1, Array(shape.dropFirst()) == wanted {
      text += samples == 0 ? "; it holds no sample" : "; it holds \(samples) samples: x[0:1] is the first, and `weft verify --input` takes all"
    } else if elementCount != needed {
      text += "; it has \(elementCount) elements, the input \(needed): resize it as in training"
    } else {
      text += "; reshape or transpose it so that the elements lie in that order"
    }
    throw UsageError(text)
  }

  /// The samples that the array holds: itself where it has the input's shape, else one for every index of its first dimension.
  func samples(of target: [Int]) -> [NumPyArray] {
    func core(_ shape: [Int]) -> [Int] { shape.first == 1 ? Array(shape.dropFirst()) : shape }
    guard core(shape) != core(target), let count = shape.first, count > 0, Array(shape.dropFirst()) == core(target) else { return [self] }
    return (0..<count).map { index in
      var sample = self
      sample.shape = [1] + shape.dropFirst()
      switch values {
      case .integers(let bytes, let type): sample.values = .integers(Array(bytes[index * (bytes.count / count)..<(index + 1) * (bytes.count / count)]), type)
      case .floats(let floats): sample.values = .floats(Array(floats[index * (floats.count / count)..<(index + 1) * (floats.count / count)]))
      }
      return sample
    }
  }

  /// The bytes that an input takes: integers of its type as they are, float32 as it is or quantized.
  /// - Parameters:
  ///   - quantized: what the network makes of it first, where the input itself is float32.
  ///   - warn: told, once, how much was clipped when it is more than rounding.
  func bytes(for tensor: Tensor, quantized: Tensor? = nil, warn: (String) -> Void) throws -> [UInt8] {
    switch values {
    case .integers(let bytes, let type):
      if type == tensor.type { return bytes }
      let advice = (type, tensor.type) == (.uint8, .int8) ? "subtract 128 and convert with .astype('int8')"
        : tensor.type == .float32 ? "scale it as in training\(quantized.map { " to \(Self.range(of: $0).text)" } ?? ""), and convert it with .astype('float32')"
        : "convert it with .astype('\(tensor.type)'), or give float32"
      throw UsageError("\(path): is \(type), the input is \(tensor.type); \(advice)")
    case .floats(let floats):
      if let index = floats.firstIndex(where: { !$0.isFinite }) {
        throw UsageError("\(path): element \(place(index)) is \(floats[index].isNaN ? "not a number" : "infinite"); inputs are finite")
      }
      if let holder = tensor.type == .float32 ? quantized : tensor, let text = clipping(floats, holder) { warn(text) }
      if tensor.type == .float32 { return floats.flatMap { littleEndian(Int($0.bitPattern), 4) } }
      let width = (tensor.type.bitCount ?? 8) / 8
      return floats.flatMap { littleEndian(Quantize.quantized($0, to: tensor), width) }
    }
  }

  /// What is to be said of values that the input cannot hold; nil where nothing is.
  private func clipping(_ floats: [Float], _ tensor: Tensor) -> String? {
    let (low, high, text) = Self.range(of: tensor)
    // Clipping at the edges is how a quantizer was calibrated; a tenth of the range beyond them is another range.
    let margin = (high - low) * Self.tolerance
    let clipped = floats.reduce(0) { $0 + ($1 < low - margin || $1 > high + margin ? 1 : 0) }
    guard clipped > 0, let least = floats.min(), let greatest = floats.max() else { return nil }
    return "\(path): warning: \(clipped) of \(floats.count) values lie far outside \(text), which the input can hold, and are clipped "
      + "(they range from \(least) to \(greatest)); is the input scaled as in training?"
  }

  /// The real numbers that a quantized tensor can hold.
  private static func range(of tensor: Tensor) -> (low: Float, high: Float, text: String) {
    let range = tensor.type.integerRange ?? -128...127
    let low = tensor.scale * Float(range.lowerBound - tensor.zeroPoint), high = tensor.scale * Float(range.upperBound - tensor.zeroPoint)
    return (low, high, "\(low) to \(high)")
  }

  private func littleEndian(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  /// By which part of the range values may lie outside of it without a warning.
  static let tolerance: Float = 0.1

  /// `(0, 3, 1)`: where an element stands.
  private func place(_ index: Int) -> String {
    var rest = index, indices: [Int] = []
    for size in shape.reversed() where size > 0 {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    return "(\(indices.map(String.init).joined(separator: ", ")))"
  }
}
