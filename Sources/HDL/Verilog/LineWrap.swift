/// Breaks lines that are too long to read, at a comma or before an operator.
///
/// Verilog does not care where a line ends, except in comments, which are left alone.
func wrapped(_ text: String, at limit: Int = 110) -> String {
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var start = 0
  while start < bytes.count {
    let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
    if end - start <= limit { result += bytes[start..<end] } else { wrap(bytes[start..<end], limit, into: &result) }
    result.append(10)
    start = end + 1
  }
  return String(decoding: result, as: UTF8.self)
}

private func wrap(_ line: ArraySlice<UInt8>, _ limit: Int, into result: inout [UInt8]) {
  let space = UInt8(ascii: " "), slash = UInt8(ascii: "/")
  let indent = line.prefix { $0 == space }.count + 4
  if line.indices.dropFirst().contains(where: { line[$0] == slash && line[$0 - 1] == slash }) {
    result += line
    return
  }
  var rest = line
  var room = limit
  while rest.count > room {
    let window = rest.prefix(room)
    let first = window.firstIndex { $0 != space } ?? rest.startIndex
    let commas = window.indices.last { window[$0] == space && $0 > first && window[$0 - 1] == UInt8(ascii: ",") }
    let operators = Array("&|?:+-^".utf8)
    let beforeOperator = window.indices.last { $0 > first && window[$0] == space && $0 + 2 < window.endIndex && operators.contains(window[$0 + 1]) }
    guard let cut = [commas, beforeOperator].compactMap({ $0 }).max() else { break }
    result += rest[..<cut]
    result.append(10)
    result += Array(repeating: space, count: indent)
    rest = rest[(cut + 1)...]
    room = limit - indent
  }
  result += rest
}
