/// A constant of any width: the bit pattern of a literal, a reset value, or a folded expression.
///
/// Words are little-endian and bits above `width` are always zero, so equality and hashing are those
/// of the pattern. Whether the pattern is read as signed is the caller's business (see `Shape`).
package struct BitVector: Hashable, Sendable {
  package let width: Int
  package private(set) var words: [UInt64]

  package init(width: Int, words: [UInt64]) {
    self.width = width
    let count = (width + 63) / 64
    self.words = Array(words.prefix(count))
    while self.words.count < count { self.words.append(0) }
    clearTop()
  }

  /// The two's complement pattern of `value`, sign-extended or cut to `width`.
  package init(_ value: Int, width: Int) {
    let fill: UInt64 = value < 0 ? .max : 0
    var words = [UInt64](repeating: fill, count: (width + 63) / 64)
    if !words.isEmpty { words[0] = UInt64(bitPattern: Int64(value)) }
    self.width = width
    self.words = words
    clearTop()
  }

  package init<I: BinaryInteger>(exactPattern value: I, width: Int) {
    var words: [UInt64] = []
    var rest = value
    for _ in 0..<(width + 63) / 64 {
      words.append(UInt64(truncatingIfNeeded: rest))
      rest >>= 32
      rest >>= 32
    }
    self.init(width: width, words: words)
  }

  private mutating func clearTop() {
    let extra = width % 64
    if extra != 0, let last = words.indices.last { words[last] &= (1 << UInt64(extra)) - 1 }
  }

  package static func zero(_ width: Int) -> BitVector { BitVector(0, width: width) }
  package static func bit(_ value: Bool) -> BitVector { BitVector(value ? 1 : 0, width: 1) }

  package subscript(bit: Int) -> Bool { words[bit / 64] >> UInt64(bit % 64) & 1 == 1 }
  package var isZero: Bool { words.allSatisfy { $0 == 0 } }
  package var isAllOnes: Bool { inverted.isZero }
  package var isNegative: Bool { width > 0 && self[width - 1] }

  /// The pattern as a non-negative `Int`, when it fits.
  package var unsignedInt: Int? {
    guard let low = words.first else { return 0 }
    guard words.dropFirst().allSatisfy({ $0 == 0 }), low <= UInt64(Int.max) else { return nil }
    return Int(low)
  }
  package func int(isSigned: Bool) -> Int? {
    guard isSigned && isNegative else { return unsignedInt }
    // The most negative number of 64 bits has no positive partner; it is left to its pattern.
    return negated.unsignedInt.map { -$0 }
  }

  /// The fewest bits that hold this pattern's value.
  package func minimalWidth(isSigned: Bool) -> Int {
    if isSigned {
      let sign = isNegative
      var top = width - 1
      while top > 0 && self[top - 1] == sign { top -= 1 }
      return top + 1
    }
    var top = width
    while top > 1 && !self[top - 1] { top -= 1 }
    return max(1, top)
  }

  // MARK: resizing

  package func resized(to newWidth: Int, isSigned: Bool) -> BitVector {
    if newWidth <= width { return BitVector(width: newWidth, words: words) }
    guard isSigned && isNegative else { return BitVector(width: newWidth, words: words) }
    var extended = words
    let extra = width % 64
    if extra != 0 { extended[extended.count - 1] |= ~0 << UInt64(extra) }
    while extended.count < (newWidth + 63) / 64 { extended.append(.max) }
    return BitVector(width: newWidth, words: extended)
  }
  package func slice(_ low: Int, width count: Int) -> BitVector {
    shiftedRight(low, isSigned: false).resized(to: count, isSigned: false)
  }
  /// The same bits, but `bits` from bit `low` on.
  package func replacing(_ low: Int, with bits: BitVector) -> BitVector {
    var result = low == 0 ? bits : slice(0, width: low).concatenated(withHigh: bits)
    if low + bits.width < width { result = result.concatenated(withHigh: slice(low + bits.width, width: width - low - bits.width)) }
    return result
  }
  /// `self` stays in the low bits.
  package func concatenated(withHigh high: BitVector) -> BitVector {
    let total = width + high.width
    return resized(to: total, isSigned: false) | high.resized(to: total, isSigned: false).shiftedLeft(width)
  }
  package func shiftedLeft(_ count: Int) -> BitVector {
    guard count < width else { return .zero(width) }
    let whole = count / 64, part = UInt64(count % 64)
    var result = [UInt64](repeating: 0, count: words.count)
    for i in whole..<words.count {
      result[i] = words[i - whole] << part
      if part > 0 && i > whole { result[i] |= words[i - whole - 1] >> (64 - part) }
    }
    return BitVector(width: width, words: result)
  }
  package func shiftedRight(_ count: Int, isSigned: Bool) -> BitVector {
    if isSigned && isNegative { return inverted.shiftedRight(count, isSigned: false).inverted }
    guard count < width else { return .zero(width) }
    let whole = count / 64, part = UInt64(count % 64)
    var result = [UInt64](repeating: 0, count: words.count)
    for i in 0..<words.count - whole {
      result[i] = words[i + whole] >> part
      if part > 0 && i + whole + 1 < words.count { result[i] |= words[i + whole + 1] << (64 - part) }
    }
    return BitVector(width: width, words: result)
  }

  // MARK: arithmetic, all modulo 2^width, operands of equal width

  private func combined(_ other: BitVector, _ operation: (UInt64, UInt64) -> UInt64) -> BitVector {
    BitVector(width: width, words: zip(words, other.words).map { operation($0, $1) })
  }
  package static func & (a: BitVector, b: BitVector) -> BitVector { a.combined(b, &) }
  package static func | (a: BitVector, b: BitVector) -> BitVector { a.combined(b, |) }
  package static func ^ (a: BitVector, b: BitVector) -> BitVector { a.combined(b, ^) }
  package var inverted: BitVector { BitVector(width: width, words: words.map { ~$0 }) }
  package var negated: BitVector { inverted + BitVector(1, width: width) }

  package static func + (a: BitVector, b: BitVector) -> BitVector {
    var carry: UInt64 = 0
    var result: [UInt64] = []
    for (x, y) in zip(a.words, b.words) {
      let (partial, first) = x.addingReportingOverflow(y)
      let (sum, second) = partial.addingReportingOverflow(carry)
      carry = first || second ? 1 : 0
      result.append(sum)
    }
    return BitVector(width: a.width, words: result)
  }
  package static func - (a: BitVector, b: BitVector) -> BitVector { a + b.negated }
  package static func * (a: BitVector, b: BitVector) -> BitVector {
    var result = [UInt64](repeating: 0, count: a.words.count)
    for i in a.words.indices {
      var carry: UInt64 = 0
      for j in 0..<a.words.count - i {
        let (high, low) = a.words[i].multipliedFullWidth(by: b.words[j])
        let (first, overflow1) = result[i + j].addingReportingOverflow(low)
        let (second, overflow2) = first.addingReportingOverflow(carry)
        result[i + j] = second
        carry = high + (overflow1 ? 1 : 0) + (overflow2 ? 1 : 0)
      }
    }
    return BitVector(width: a.width, words: result)
  }
  package func isLess(than other: BitVector, isSigned: Bool) -> Bool {
    if isSigned && isNegative != other.isNegative { return isNegative }
    for i in words.indices.reversed() where words[i] != other.words[i] { return words[i] < other.words[i] }
    return false
  }
  package var parity: Bool { words.reduce(0) { $0 + $1.nonzeroBitCount } % 2 == 1 }

  /// Lowercase hexadecimal digits, without leading zeros.
  package var hexadecimal: String {
    var text = ""
    for word in words.reversed() {
      let digits = String(word, radix: 16)
      if text.isEmpty { if word != 0 { text = digits } } else {
        text += String(repeating: "0", count: 16 - digits.count) + digits
      }
    }
    return text.isEmpty ? "0" : text
  }
}
