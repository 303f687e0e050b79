/// A hardware value as words: the least significant first, each full but the last.
///
/// The last word is in canonical form for the bits that are left to it. Every operation on a value wider
/// than a word is spelled in operations on words; the machine knows nothing wider.
struct WordBits {
  var words: [Word]
  let shape: Shape

  static func wordCount(_ width: Int) -> Int { (width + 63) / 64 }

  /// What word `index` of such a value may hold.
  static func extent(_ shape: Shape, _ index: Int) -> Extent {
    let above = shape.width - 64 * index
    return above > 64 ? .anything : Extent(bits: above, isSigned: shape.isSigned)
  }
}

/// The words of any operation of the netlist: first what only moves bits.
extension WordBuilder {
  /// The words of a value whose full words are right and whose last word may hold more than the shape allows.
  mutating func bits(_ words: [Word], _ shape: Shape) -> WordBits {
    var words = words
    let last = words.count - 1
    words[last] = cut(words[last], to: WordBits.extent(shape, last))
    return WordBits(words: words, shape: shape)
  }

  mutating func constant(_ value: BitVector, _ shape: Shape) -> WordBits {
    let words = value.words.map { constant($0) }
    return bits(words, shape)
  }

  /// Up to 64 bits from bit `low` on, which all exist, as one unsigned word.
  mutating func word(of value: WordBits, from low: Int, count: Int) -> Word {
    let index = low / 64, position = low % 64
    if position + count <= 64 {
      if position == 0 && count == 64 { return value.words[index] }
      return extract(value.words[index], low: position, count: count)
    }
    return funnel(low: value.words[index], high: value.words[index + 1], position: position, count: count)
  }

  mutating func slice(_ value: WordBits, from low: Int, _ shape: Shape) -> WordBits {
    let words = (0..<WordBits.wordCount(shape.width)).map { index in
      word(of: value, from: low + 64 * index, count: min(64, shape.width - 64 * index))
    }
    return bits(words, shape)
  }

  mutating func extend(_ value: WordBits, _ shape: Shape) -> WordBits {
    var words = value.words
    let count = WordBits.wordCount(shape.width)
    if words.count < count {
      let last = words.count - 1
      let fill = sign(of: words[last], in: WordBits.extent(value.shape, last))
      words += Array(repeating: fill, count: count - words.count)
    }
    return bits(words, shape)
  }

  /// The parts one after the other, the first in the least significant bits.
  mutating func concatenate(_ parts: [WordBits], _ shape: Shape) -> WordBits {
    var words = Array(repeating: zero, count: WordBits.wordCount(shape.width))
    var position = 0
    for part in parts {
      var taken = 0
      while taken < part.shape.width {
        let free = 64 - position % 64
        let count = min(free, part.shape.width - taken, 64 - taken % 64)
        let piece = word(of: part, from: taken, count: count)
        words[position / 64] = insert(piece, count: count, at: position % 64, into: words[position / 64])
        taken += count
        position += count
      }
    }
    return bits(words, shape)
  }

  /// The part at an index, as wide as the shape; zeros beyond the end.
  mutating func part(_ value: WordBits, _ index: WordBits, _ shape: Shape) -> WordBits {
    let size = shape.width, place = limited(index)
    if value.words.count == 1 {
      let distance = isBeyond(place, value.shape.width / size + 1, multiply(place, constant(UInt64(size)), to: .anything))
      let word = extract(value.words[0], low: 0, count: value.shape.width)
      return bits([extract(shiftRight(word, by: distance, isSigned: false), low: 0, count: size)], shape)
    }
    let count = (value.shape.width + size - 1) / size
    let nothing = WordBits(words: Array(repeating: zero, count: WordBits.wordCount(size)), shape: shape)
    let padded = extend(WordBits(words: value.words, shape: .unsigned(value.shape.width)), .unsigned(count * size))
    if 64 % size == 0 {
      // The word, and then the part in it.
      let perWord = 64 / size, shift = perWord.trailingZeroBitCount
      let word = choose(extract(place, low: shift, count: 64 - shift), padded.words + [zero])
      let distance = multiply(extract(place, low: 0, count: max(1, shift)), constant(UInt64(size)), to: .anything)
      return bits([extract(perWord == 1 ? word : shiftRight(word, by: distance, isSigned: false), low: 0, count: size)], shape)
    }
    let parts = (0..<count).map { slice(padded, from: $0 * size, shape) } + [nothing]
    return choose(WordBits(words: [place], shape: .unsigned(64)), parts, shape)
  }

  /// `value` with the part at an index replaced; unchanged where the index is beyond the end.
  mutating func replace(_ value: WordBits, at index: WordBits, with part: WordBits) -> WordBits {
    let size = part.shape.width, place = limited(index), count = value.shape.width / size
    if value.words.count == 1 {
      let distance = isBeyond(place, count, multiply(place, constant(UInt64(size)), to: .anything))
      let mask = shiftLeft(constant(size == 64 ? .max : (1 << UInt64(size)) - 1), by: distance, to: .anything)
      let moved = shiftLeft(extract(part.words[0], low: 0, count: size), by: distance, to: .anything)
      return bits([or(and(value.words[0], not(mask, in: .anything)), moved)], value.shape)
    }
    let pieces = (0..<count).map { number in
      let old = slice(value, from: number * size, .unsigned(size))
      let isHere = equal(place, constant(UInt64(number)))
      return WordBits(words: zip(part.words, old.words).map { select(isHere, $0, $1) }, shape: .unsigned(size))
    }
    return concatenate(pieces, value.shape)
  }

  /// A distance that shifts everything out where the index is beyond the end.
  private mutating func isBeyond(_ index: Word, _ count: Int, _ distance: Word) -> Word {
    select(less(index, constant(UInt64(count)), isSigned: false), distance, constant(64))
  }

  /// A single bit everywhere, or a value several times.
  mutating func replicate(_ value: WordBits, _ count: Int, _ shape: Shape) -> WordBits {
    if value.shape.width > 1 { return concatenate(Array(repeating: value, count: count), shape) }
    let bit = extract(value.words[0], low: 0, count: 1)
    let fill = subtract(zero, bit, to: Extent(bits: 1, isSigned: true))
    return bits(Array(repeating: fill, count: WordBits.wordCount(shape.width)), shape)
  }

  /// Shifts right by whole words, selected bit by bit of the amount, then by the rest, words apart.
  mutating func shiftRight(_ value: WordBits, by amount: WordBits) -> WordBits {
    let isSigned = value.shape.isSigned
    let last = value.words.count - 1
    let steps = limited(amount)
    if last == 0 { return bits([shiftRight(value.words[0], by: steps, isSigned: isSigned)], value.shape) }
    let fill = sign(of: value.words[last], in: WordBits.extent(value.shape, last))
    let (words, rest) = shiftedByWords(value.words, steps, fill) { $0 + $1 }
    let complement = xor(rest, constant(63))
    let shifted = words.indices.map { index in
      if index == last && isSigned { return shiftRight(words[index], by: rest, isSigned: true) }
      let high = index == last ? fill : words[index + 1]
      let low = shiftRight(words[index], by: rest, isSigned: false)
      return or(low, shiftLeft(doubled(high), by: complement, to: .anything))
    }
    return bits(shifted, value.shape)
  }

  mutating func shiftLeft(_ value: WordBits, by amount: WordBits) -> WordBits {
    let last = value.words.count - 1
    let steps = limited(amount)
    if last == 0 { return bits([shiftLeft(value.words[0], by: steps, to: WordBits.extent(value.shape, 0))], value.shape) }
    let (words, rest) = shiftedByWords(value.words, steps, zero) { $0 - $1 }
    let complement = xor(rest, constant(63))
    let shifted = words.indices.map { index in
      let high = shiftLeft(words[index], by: rest, to: .anything)
      if index == 0 { return high }
      let half = extract(words[index - 1], low: 1, count: 63)
      return or(high, shiftRight(half, by: complement, isSigned: false))
    }
    return bits(shifted, value.shape)
  }

  /// `words` moved by the words in `amount`, and the bits that are left to move: 0 to 63.
  private mutating func shiftedByWords(_ words: [Word], _ amount: Word, _ fill: Word, _ source: (Int, Int) -> Int) -> ([Word], Word) {
    var words = words
    var distance = 1, bit = 6
    while distance < words.count {
      let isSet = extract(amount, low: bit, count: 1)
      words = words.indices.map { index in
        let from = source(index, distance)
        return select(isSet, words.indices.contains(from) ? words[from] : fill, words[index])
      }
      distance *= 2
      bit += 1
    }
    let isBeyond = notEqual(extract(amount, low: bit, count: 64 - bit), zero)
    let rest = extract(amount, low: 0, count: 6)
    return (words.map { select(isBeyond, fill, $0) }, rest)
  }
  /// A shift amount as one word; one that needs more is as good as the largest.
  private mutating func limited(_ amount: WordBits) -> Word {
    var isLarge = zero
    for word in amount.words.dropFirst() { isLarge = or(isLarge, word) }
    return select(isLarge, constant(.max), amount.words[0])
  }
  private mutating func doubled(_ word: Word) -> Word { add(word, word, to: .anything) }
}
