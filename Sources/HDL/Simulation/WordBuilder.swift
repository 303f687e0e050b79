/// A 64-bit word of the program that is being built: a constant, a word of state or input, or what one
/// instruction computes from other words.
struct Word: Hashable {
  let index: Int32
}

/// What is known about a word: the fewest bits that surely hold it, read as signed or not.
///
/// 64 bits of either sign stand for any word at all.
struct Extent: Hashable {
  var bits: Int
  var isSigned: Bool
  static let anything = Extent(bits: 64, isSigned: false)
  static let bit = Extent(bits: 1, isSigned: false)

  init(bits: Int, isSigned: Bool) {
    self.bits = min(bits, 64)
    self.isSigned = bits > 64 ? false : isSigned
  }
  /// Whether every word like this is in canonical form for `other`.
  func fits(_ other: Extent) -> Bool {
    if other.bits == 64 { return true }
    return isSigned == other.isSigned ? bits <= other.bits : !isSigned && bits < other.bits
  }
  /// Holds what either holds.
  func union(_ other: Extent) -> Extent {
    if isSigned == other.isSigned { return Extent(bits: max(bits, other.bits), isSigned: isSigned) }
    return Extent(bits: isSigned ? max(bits, other.bits + 1) : max(bits + 1, other.bits), isSigned: true)
  }
}

/// The words of a program in the making, hash-consed, with constants folded and cuts left out where the
/// operands show that nothing can be lost.
struct WordBuilder {
  /// One word's instruction, with words as operands.
  struct Formula: Hashable {
    let opcode: Opcode
    var a: Word
    var b: Word
    /// An immediate, or the third word of `select`. The second of `choose` and `load` is the number of a table's entry, of a memory.
    var c: UInt32
  }
  /// nil for constants and for words that the program does not compute.
  private(set) var formulas: [Formula?] = []
  private(set) var extents: [Extent] = []
  private(set) var constants: [Word: UInt64] = [:]
  /// The entries of all `choose` instructions.
  private(set) var tables: [Word] = []
  private var constantWords: [UInt64: Word] = [:]
  private var known: [Formula: Word] = [:]

  // MARK: words

  private mutating func append(_ formula: Formula?, _ extent: Extent) -> Word {
    formulas.append(formula)
    extents.append(extent)
    return Word(index: Int32(truncatingIfNeeded: formulas.count - 1))
  }
  /// A word that somebody else writes: an input or a word of state.
  mutating func source(_ extent: Extent) -> Word { append(nil, extent) }

  mutating func constant(_ value: UInt64) -> Word {
    if let word = constantWords[value] { return word }
    let isNegative = value >> 63 == 1
    let magnitude = isNegative ? ~value : value
    let bits = 64 - magnitude.leadingZeroBitCount
    let word = append(nil, Extent(bits: isNegative ? bits + 1 : max(1, bits), isSigned: isNegative))
    constants[word] = value
    constantWords[value] = word
    return word
  }
  var zero: Word { mutating get { constant(0) } }

  func extent(_ word: Word) -> Extent { extents[Int(word.index)] }

  private mutating func emit(_ opcode: Opcode, _ a: Word, _ b: Word, _ extent: Extent, immediate: UInt32 = 0) -> Word {
    if let x = constants[a], let y = constants[b] { return constant(opcode.result(x, y, immediate)) }
    let formula = Formula(opcode: opcode, a: a, b: b, c: immediate)
    if let word = known[formula] { return word }
    let word = append(formula, extent)
    known[formula] = word
    return word
  }

  // MARK: arithmetic

  /// `word` in the canonical form of `extent`.
  mutating func cut(_ word: Word, to wanted: Extent) -> Word {
    if extent(word).fits(wanted) { return word }
    let count = 64 - wanted.bits
    return emit(wanted.isSigned ? .extractSigned : .extractUnsigned, word, word, wanted, immediate: Shifts(left: count, right: count).packed)
  }

  private mutating func emit(
    _ plain: Opcode, _ unsigned: Opcode, _ signed: Opcode, _ a: Word, _ b: Word, exact: Extent, to wanted: Extent
  ) -> Word {
    if wanted.bits == 64 { return emit(plain, a, b, exact.bits < 64 ? exact : .anything) }
    if exact.fits(wanted) { return emit(plain, a, b, exact) }
    return emit(wanted.isSigned ? signed : unsigned, a, b, wanted, immediate: UInt32(truncatingIfNeeded: 64 - wanted.bits))
  }

  mutating func add(_ a: Word, _ b: Word, to wanted: Extent) -> Word {
    if constants[a] == 0 { return cut(b, to: wanted) }
    if constants[b] == 0 { return cut(a, to: wanted) }
    let either = extent(a).union(extent(b))
    let exact = Extent(bits: either.bits + 1, isSigned: either.isSigned)
    return emit(.add, .addUnsigned, .addSigned, a, b, exact: exact, to: wanted)
  }
  mutating func subtract(_ a: Word, _ b: Word, to wanted: Extent) -> Word {
    if constants[b] == 0 { return cut(a, to: wanted) }
    let either = extent(a).union(extent(b))
    let exact = Extent(bits: either.bits + 1, isSigned: true)
    return emit(.subtract, .subtractUnsigned, .subtractSigned, a, b, exact: exact, to: wanted)
  }
  mutating func multiply(_ a: Word, _ b: Word, to wanted: Extent) -> Word {
    if constants[a] == 0 || constants[b] == 0 { return zero }
    if constants[a] == 1 { return cut(b, to: wanted) }
    if constants[b] == 1 { return cut(a, to: wanted) }
    let exact = Extent(bits: extent(a).bits + extent(b).bits, isSigned: extent(a).isSigned || extent(b).isSigned)
    return emit(.multiply, .multiplyUnsigned, .multiplySigned, a, b, exact: exact, to: wanted)
  }
  /// The upper word of the product of two words.
  mutating func multiplyHigh(_ a: Word, _ b: Word, isSigned: Bool) -> Word {
    emit(isSigned ? .multiplyHighSigned : .multiplyHighUnsigned, a, b, .anything)
  }

  // MARK: logic

  private func bitwise(_ a: Word, _ b: Word) -> Extent { extent(a).union(extent(b)) }

  mutating func and(_ a: Word, _ b: Word) -> Word {
    if a == b || constants[b] == .max { return a }
    if constants[a] == .max { return b }
    if constants[a] == 0 || constants[b] == 0 { return zero }
    let (x, y) = (extent(a), extent(b))
    if !x.isSigned && !y.isSigned {
      let bits = min(x.bits, y.bits)
      if let mask = constants[b], x.bits <= 64 - mask.leadingZeroBitCount, (mask &+ 1).nonzeroBitCount == 1 { return a }
      return emit(.and, a, b, Extent(bits: bits, isSigned: false))
    }
    return emit(.and, a, b, bitwise(a, b))
  }
  mutating func or(_ a: Word, _ b: Word) -> Word {
    if a == b || constants[b] == 0 { return a }
    if constants[a] == 0 { return b }
    if constants[a] == .max || constants[b] == .max { return constant(.max) }
    return emit(.or, a, b, bitwise(a, b))
  }
  mutating func xor(_ a: Word, _ b: Word) -> Word {
    if a == b { return zero }
    if constants[b] == 0 { return a }
    if constants[a] == 0 { return b }
    return emit(.xor, a, b, bitwise(a, b))
  }
  /// All bits of a canonical word inverted, which stays canonical.
  mutating func not(_ a: Word, in shape: Extent) -> Word {
    xor(a, constant(shape.isSigned || shape.bits == 64 ? .max : (1 << UInt64(shape.bits)) - 1))
  }
  mutating func parity(_ a: Word) -> Word { extent(a) == .bit ? a : emit(.parity, a, a, .bit) }

  // MARK: comparisons

  mutating func equal(_ a: Word, _ b: Word) -> Word {
    if a == b { return constant(1) }
    for (value, other) in [(a, b), (b, a)] where extent(other) == .bit {
      if constants[value] == 1 { return other }
      if constants[value] == 0 { return not(other, in: .bit) }
    }
    return emit(.equal, a, b, .bit)
  }
  mutating func notEqual(_ a: Word, _ b: Word) -> Word {
    if a == b { return zero }
    if constants[b] == 0 && extent(a) == .bit { return a }
    return emit(.notEqual, a, b, .bit)
  }
  mutating func less(_ a: Word, _ b: Word, isSigned: Bool) -> Word {
    a == b ? zero : emit(isSigned ? .lessSigned : .lessUnsigned, a, b, .bit)
  }
  mutating func lessOrEqual(_ a: Word, _ b: Word, isSigned: Bool) -> Word {
    a == b ? constant(1) : emit(isSigned ? .lessOrEqualSigned : .lessOrEqualUnsigned, a, b, .bit)
  }

  // MARK: choices

  mutating func select(_ condition: Word, _ a: Word, _ b: Word) -> Word {
    if let value = constants[condition] { return value != 0 ? a : b }
    if a == b { return a }
    if extent(condition) == .bit && constants[a] == 1 && constants[b] == 0 { return condition }
    if extent(condition) == .bit && constants[a] == 0 && constants[b] == 1 { return not(condition, in: .bit) }
    let formula = Formula(opcode: .select, a: condition, b: a, c: UInt32(bitPattern: b.index))
    if let word = known[formula] { return word }
    let word = append(formula, extent(a).union(extent(b)))
    known[formula] = word
    return word
  }
  /// The last entry stands for every index beyond.
  mutating func choose(_ index: Word, _ entries: [Word]) -> Word {
    if let value = constants[index] { return entries[Int(min(value, UInt64(entries.count - 1)))] }
    if entries.allSatisfy({ $0 == entries[0] }) { return entries[0] }
    if entries.count == 2 { return select(index, entries[1], entries[0]) }
    let extent = entries.dropFirst().reduce(extent(entries[0])) { $0.union(self.extent($1)) }
    let begin = Word(index: Int32(truncatingIfNeeded: tables.count))
    tables += entries
    return append(Formula(opcode: .choose, a: index, b: begin, c: UInt32(entries.count - 1)), extent)
  }

  /// One word of what a memory holds at an address.
  mutating func load(memory: Int, at address: Word, word: Int, _ extent: Extent) -> Word {
    let formula = Formula(opcode: .load, a: address, b: Word(index: Int32(truncatingIfNeeded: memory)), c: UInt32(truncatingIfNeeded: word))
    if let known = known[formula] { return known }
    let result = append(formula, extent)
    known[formula] = result
    return result
  }

  // MARK: bits

  /// `count` bits of `word` from bit `low`, as an unsigned number.
  mutating func extract(_ word: Word, low: Int, count: Int) -> Word {
    if low == 0 { return cut(word, to: Extent(bits: count, isSigned: false)) }
    if !extent(word).isSigned && extent(word).bits <= low { return zero }
    let shifts = Shifts(left: 64 - low - count, right: 64 - count)
    return emit(.extractUnsigned, word, word, Extent(bits: count, isSigned: false), immediate: shifts.packed)
  }
  /// `count` bits of the two-word value `high:low` from bit `position`, which is from 1 to 63.
  mutating func funnel(low: Word, high: Word, position: Int, count: Int) -> Word {
    emit(.funnel, low, high, Extent(bits: count, isSigned: false), immediate: Shifts(left: 64 - count, right: position).packed)
  }
  /// `base`, which has zeros there, with `count` bits of `part` from bit `position` on.
  mutating func insert(_ part: Word, count: Int, at position: Int, into base: Word) -> Word {
    if constants[part] == 0 { return base }
    if position == 0 && constants[base] == 0 { return extract(part, low: 0, count: count) }
    let shifts = Shifts(left: 64 - count, right: 64 - count - position)
    return emit(.insert, base, part, Extent(bits: position + count, isSigned: false), immediate: shifts.packed)
  }
  /// Copies of the sign bit of a canonical word of that extent.
  mutating func sign(of word: Word, in shape: Extent) -> Word {
    if !shape.isSigned || (!extent(word).isSigned && extent(word).bits < 64) { return zero }
    return emit(.extractSigned, word, word, Extent(bits: 1, isSigned: true), immediate: Shifts(left: 0, right: 63).packed)
  }
  mutating func shiftLeft(_ a: Word, by amount: Word, to wanted: Extent) -> Word {
    let count = UInt32(truncatingIfNeeded: 64 - wanted.bits)
    return emit(wanted.isSigned ? .shiftLeftSigned : .shiftLeftUnsigned, a, amount, wanted, immediate: count)
  }
  mutating func shiftRight(_ a: Word, by amount: Word, isSigned: Bool) -> Word {
    emit(isSigned ? .shiftRightSigned : .shiftRightUnsigned, a, amount, extent(a).isSigned && !isSigned ? .anything : extent(a))
  }
}
