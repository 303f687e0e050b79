/// Breaks lines that are too long to read, at a comma or before an operator.
///
/// Verilog does not care where a line ends, except in comments and string literals, which are left alone.
package func wrapped(_ text: String, at limit: Int = 110) -> String {
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
  let space = UInt8(ascii: " ")
  let indent = line.prefix { $0 == space }.count + 4
  if hasComment(line) {
    result += line
    return
  }
  var rest = line
  var room = limit
  while rest.count > room {
    guard let cut = bestCut(rest.prefix(room), atLeast: room / 2) ?? firstCut(rest, from: rest.startIndex + room) else { break }
    result += rest[..<cut]
    result.append(10)
    result += Array(repeating: space, count: indent)
    rest = rest[(cut + 1)...]
    room = limit - indent
  }
  result += rest
}

/// Whether `//` is anywhere but in a string literal.
private func hasComment(_ line: ArraySlice<UInt8>) -> Bool {
  let slash = UInt8(ascii: "/")
  var literal = LiteralScanner()
  for index in line.indices {
    let isInside = literal.takes(line[index])
    if !isInside && line[index] == slash && index > line.startIndex && line[index - 1] == slash { return true }
  }
  return false
}

/// Follows a line from byte to byte, and knows what is part of a string literal.
private struct LiteralScanner {
  private var isInside = false
  private var isEscaped = false

  /// Goes on to the next byte; whether it belongs to a literal, quotes included.
  mutating func takes(_ byte: UInt8) -> Bool {
    if isInside && !isEscaped && byte == UInt8(ascii: "\\") {
      isEscaped = true
      return true
    }
    let isQuote = byte == UInt8(ascii: "\"") && !isEscaped
    isEscaped = false
    if isQuote { isInside.toggle() }
    return isInside || isQuote
  }
}

/// The first such space from a position on, however deep: after a name that is longer than a line.
private func firstCut(_ line: ArraySlice<UInt8>, from start: Int) -> Int? {
  let space = UInt8(ascii: " ")
  var literal = LiteralScanner()
  for index in line.indices.dropLast(2) {
    if literal.takes(line[index]) || index < start || line[index] != space { continue }
    if line[index - 1] == UInt8(ascii: ",") || (isOperator(line[index + 1]) && line[index - 1] != space) { return index }
  }
  return nil
}
private func isOperator(_ byte: UInt8) -> Bool { "&|?:+-^".utf8.contains(byte) }

/// A space after a comma or before an operator: as little nested as possible, then as late as possible.
private func bestCut(_ window: ArraySlice<UInt8>, atLeast minimum: Int) -> Int? {
  let space = UInt8(ascii: " ")
  let isOpening = Set("({[".utf8), isClosing = Set(")}]".utf8)
  var depth = 0, bestDepth = Int.max
  var best: Int?
  var sawText = false
  var literal = LiteralScanner()
  for index in window.indices {
    let byte = window[index]
    if literal.takes(byte) {
      sawText = true
      continue
    }
    if isOpening.contains(byte) { depth += 1 }
    if isClosing.contains(byte) { depth -= 1 }
    if byte != space { sawText = true }
    guard byte == space, sawText, index + 2 < window.endIndex, depth <= bestDepth else { continue }
    let isBreak = window[index - 1] == UInt8(ascii: ",") || (isOperator(window[index + 1]) && window[index - 1] != space)
    if !isBreak || (index - window.startIndex < minimum && best == nil && depth > 0) { continue }
    best = index
    bestDepth = index - window.startIndex < minimum ? Int.max : depth
  }
  return best
}
