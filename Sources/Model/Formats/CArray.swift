// Models as C arrays: `const unsigned char model[] = { 0x1c, 0x00, … };`, the form in which firmware carries them.
//
// A source file is read for its lists of numbers in braces, comments and preprocessor lines aside. The one that is a model in
// a format that is known is the model.

/// The endings of names of C and C++ sources.
private let sourceEndings = [".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp"]

/// Whether a file is a C or C++ source, by its name.
func isSource(_ path: String) -> Bool { sourceEndings.contains { path.lowercased().hasSuffix($0) } }

/// The model in a C or C++ source.
/// - Throws: `ModelError` naming the file when it holds none, or several.
func modelInSource(_ bytes: [UInt8], path: String) throws(ModelError) -> [UInt8] {
  let arrays = byteArrays(in: bytes).filter { array in modelFormats.contains { $0.recognizes(array) } }
  guard let first = arrays.first else {
    throw ModelError(.malformed, "holds no array of bytes that is a model; give the file with the array, or the model itself", file: path)
  }
  guard arrays.allSatisfy({ $0 == first }) else {
    throw ModelError(.malformed, "holds \(arrays.count) models; give a file with one", file: path)
  }
  return first
}

/// The lists of numbers of 0 to 255 (or −128 to −1) in braces, in order.
private func byteArrays(in source: [UInt8]) -> [[UInt8]] {
  var arrays: [[UInt8]] = [], list: [UInt8]?, position = 0
  func at(_ index: Int) -> UInt8 { source.indices.contains(index) ? source[index] : 0 }
  func skip(until end: (Int) -> Bool) { while position < source.count, !end(position) { position += 1 } }
  while position < source.count {
    let character = source[position]
    switch character {
    case UInt8(ascii: "/") where at(position + 1) == UInt8(ascii: "/"), UInt8(ascii: "#"):
      skip { source[$0] == UInt8(ascii: "\n") }
    case UInt8(ascii: "/") where at(position + 1) == UInt8(ascii: "*"):
      position += 2
      skip { source[$0] == UInt8(ascii: "*") && at($0 + 1) == UInt8(ascii: "/") }
      position += 2
    case UInt8(ascii: "{"):
      list = []
      position += 1
    case UInt8(ascii: "}"):
      if let list, !list.isEmpty { arrays.append(list) }
      list = nil
      position += 1
    case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      position += 1
    default:
      let start = position
      skip { [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "{"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "/")].contains(source[$0]) }
      if position == start { position += 1 }
      if list != nil {
        if let byte = byteLiteral(source[start..<position]) { list?.append(byte) } else { list = nil }
      }
    }
  }
  return arrays
}

/// `0x1C`, `28`, `28u`, `-100`; nil for anything else.
private func byteLiteral(_ text: ArraySlice<UInt8>) -> UInt8? {
  var digits = text
  while let last = digits.last, [UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "l"), UInt8(ascii: "L")].contains(last) { digits = digits.dropLast() }
  let isHexadecimal = digits.count > 2 && digits.first == UInt8(ascii: "0") && [UInt8(ascii: "x"), UInt8(ascii: "X")].contains(digits[digits.startIndex + 1])
  guard let value = Int(String(decoding: isHexadecimal ? digits.dropFirst(2) : digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10) else { return nil }
  return (-128...255).contains(value) ? UInt8(truncatingIfNeeded: value) : nil
}
