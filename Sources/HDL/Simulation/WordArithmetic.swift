/// Arithmetic, logic, comparisons and choices of any width, as word operations.
///
/// Operands have the result's shape, or one common shape where the result is a bit, as in the netlist;
/// only products take operands of any width.
extension WordBuilder {
  // MARK: sums

  mutating func add(_ a: WordBits, _ b: WordBits, _ shape: Shape) -> WordBits {
    var words: [Word] = []
    var carry = zero
    for (index, (x, y)) in zip(a.words, b.words).enumerated() {
      let wanted = WordBits.extent(shape, index)
      if index == a.words.count - 1 {
        words.append(add(x, y, carry: carry, to: wanted))
        break
      }
      let sum = add(x, y, to: wanted)
      let total = add(sum, carry, to: wanted)
      let overflows = less(sum, x, isSigned: false)
      carry = index == 0 ? overflows : or(overflows, less(total, carry, isSigned: false))
      words.append(total)
    }
    return bits(words, shape)
  }
  private mutating func add(_ a: Word, _ b: Word, carry: Word, to wanted: Extent) -> Word {
    if constants[carry] == 0 { return add(a, b, to: wanted) }
    return add(add(a, b, to: .anything), carry, to: wanted)
  }

  mutating func subtract(_ a: WordBits, _ b: WordBits, _ shape: Shape) -> WordBits {
    var words: [Word] = []
    var borrow = zero
    for (index, (x, y)) in zip(a.words, b.words).enumerated() {
      let wanted = WordBits.extent(shape, index)
      if index == a.words.count - 1 {
        let difference = constants[borrow] == 0 ? subtract(x, y, to: wanted) : subtract(subtract(x, y, to: .anything), borrow, to: wanted)
        words.append(difference)
        break
      }
      let difference = subtract(x, y, to: wanted)
      words.append(subtract(difference, borrow, to: wanted))
      let underflows = less(x, y, isSigned: false)
      borrow = index == 0 ? underflows : or(underflows, less(difference, borrow, isSigned: false))
    }
    return bits(words, shape)
  }

  // MARK: products

  mutating func multiply(_ a: WordBits, _ b: WordBits, _ shape: Shape) -> WordBits {
    let count = WordBits.wordCount(shape.width)
    if count == 1 { return bits([multiply(a.words[0], b.words[0], to: WordBits.extent(shape, 0))], shape) }
    if count == 2 && a.words.count == 1 && b.words.count == 1 {
      let low = multiply(a.words[0], b.words[0], to: .anything)
      return bits([low, multiplyHigh(a.words[0], b.words[0], isSigned: a.shape.isSigned)], shape)
    }
    // Schoolbook, on operands that are widened first, so that the sign takes care of itself.
    let x = extend(a, Shape(width: 64 * count, isSigned: a.shape.isSigned)).words
    let y = extend(b, Shape(width: 64 * count, isSigned: b.shape.isSigned)).words
    let wide = Shape.unsigned(64 * count)
    var total = Array(repeating: zero, count: count)
    for i in 0..<count {
      var row = Array(repeating: zero, count: count)
      var upper = row
      for j in 0..<count - i {
        row[i + j] = multiply(x[i], y[j], to: .anything)
        if i + j + 1 < count { upper[i + j + 1] = multiplyHigh(x[i], y[j], isSigned: false) }
      }
      let line = add(WordBits(words: row, shape: wide), WordBits(words: upper, shape: wide), wide)
      total = add(WordBits(words: total, shape: wide), line, wide).words
    }
    return bits(total, shape)
  }

  // MARK: logic

  mutating func logic(_ a: WordBits, _ b: WordBits, _ shape: Shape, _ operation: (inout WordBuilder, Word, Word) -> Word) -> WordBits {
    bits(zip(a.words, b.words).map { operation(&self, $0, $1) }, shape)
  }
  mutating func not(_ a: WordBits, _ shape: Shape) -> WordBits {
    bits(a.words.enumerated().map { not($1, in: WordBits.extent(shape, $0)) }, shape)
  }
  mutating func isAllOnes(_ a: WordBits) -> Word {
    let ones = constant(BitVector(-1, width: a.shape.width), a.shape)
    return equal(a, ones)
  }
  mutating func isAnySet(_ a: WordBits) -> Word {
    let any = a.words.dropFirst().reduce(a.words[0]) { or($0, $1) }
    return notEqual(any, zero)
  }
  mutating func parity(_ a: WordBits) -> Word {
    let pattern = bits(a.words, .unsigned(a.shape.width))
    return parity(pattern.words.dropFirst().reduce(pattern.words[0]) { xor($0, $1) })
  }

  // MARK: comparisons

  mutating func equal(_ a: WordBits, _ b: WordBits) -> Word {
    if a.words.count == 1 { return equal(a.words[0], b.words[0]) }
    return not(notEqual(a, b), in: .bit)
  }
  mutating func notEqual(_ a: WordBits, _ b: WordBits) -> Word {
    if a.words.count == 1 { return notEqual(a.words[0], b.words[0]) }
    let differences = zip(a.words, b.words).map { xor($0, $1) }
    return notEqual(differences.dropFirst().reduce(differences[0]) { or($0, $1) }, zero)
  }
  /// The first words that differ decide, from the top; only there does the sign matter.
  mutating func less(_ a: WordBits, _ b: WordBits, orEqual: Bool) -> Word {
    let last = a.words.count - 1
    var result = zero
    for index in a.words.indices {
      let (x, y) = (a.words[index], b.words[index])
      let isSigned = index == last && a.shape.isSigned
      if index == 0 {
        result = orEqual ? lessOrEqual(x, y, isSigned: isSigned) : less(x, y, isSigned: isSigned)
      } else {
        result = select(equal(x, y), result, less(x, y, isSigned: isSigned))
      }
    }
    return result
  }

  // MARK: choices

  mutating func select(_ condition: Word, _ a: WordBits, _ b: WordBits, _ shape: Shape) -> WordBits {
    bits(zip(a.words, b.words).map { select(condition, $0, $1) }, shape)
  }
  mutating func choose(_ index: WordBits, _ entries: [WordBits], _ shape: Shape) -> WordBits {
    var position = index.words[0]
    for word in index.words.dropFirst() { position = select(word, constant(.max), position) }
    return bits(entries[0].words.indices.map { word in choose(position, entries.map { $0.words[word] }) }, shape)
  }
}
