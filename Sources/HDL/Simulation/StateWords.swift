/// What a design remembers from one clock edge to the next, as words: registers and the words that
/// memories were asked for, each with what it becomes; and the memories themselves.
struct StateWords {
  /// One word of a register or of a memory's read port.
  struct Element {
    let word: Word
    /// The clock whose edge changes it.
    let clock: Int
    /// What it becomes at an edge in reset, and which reset that is; nil if reset leaves it alone.
    let reset: (value: UInt64, source: Int)?
    /// What it becomes at the edge; nil for a read port, which its memory drives.
    var next: Word?
  }
  private(set) var elements: [Element] = []
  var memories: [MemoryWords] = []
  var properties: [PropertyWords] = []
  private var position: [Word: Int] = [:]

  mutating func add(_ words: [Word], clock: Int, reset: (words: [UInt64], source: Int)?) {
    for (index, word) in words.enumerated() {
      position[word] = elements.count
      elements.append(Element(word: word, clock: clock, reset: reset.map { ($0.words[index], $0.source) }))
    }
  }
  mutating func drive(_ words: [Word], with next: [Word]) {
    for (word, value) in zip(words, next) { if let index = position[word] { elements[index].next = value } }
  }

  /// All words that the state is made from.
  var roots: [Word] {
    var roots = elements.map { $0.next ?? $0.word }
    for memory in memories {
      for write in memory.writes { roots += [write.address] + write.data + (write.mask ?? []) + (write.enable.map { [$0] } ?? []) }
      for read in memory.reads { roots += [read.address] + (read.enable.map { [$0] } ?? []) }
    }
    for property in properties { roots += [property.condition] + (property.enable.map { [$0] } ?? []) }
    return roots
  }
}

/// A memory and its ports as words.
struct MemoryWords {
  struct Read {
    let address: Word
    let enable: Word?
    let clock: Int
    /// The words of state that receive what is read.
    let target: [Word]
  }
  struct Write {
    let address: Word
    let data: [Word]
    let enable: Word?
    /// The bits that are written, if not all.
    let mask: [Word]?
    let clock: Int
  }
  let record: MemoryRecord
  let scope: Int
  var reads: [Read] = []
  var writes: [Write] = []
}

/// A property of one instance as words.
struct PropertyWords {
  let property: Property
  let scope: Int
  let enable: Word?
  let condition: Word
  let clock: Int
  let reset: Int
}
