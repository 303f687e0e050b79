/// What a design remembers from one clock edge to the next, as words: registers and the words that
/// memories were asked for, each with what it becomes; and the memories themselves.
struct StateWords {
  /// One word of a register or of a memory's read port.
  struct Element {
    let word: Word
    /// What it becomes at the edge; nil for a read port, which its memory drives.
    var next: Word?
    /// What it becomes at an edge in reset; nil if reset leaves it alone.
    let reset: UInt64?
  }
  private(set) var elements: [Element] = []
  var memories: [MemoryWords] = []
  private var position: [Word: Int] = [:]

  mutating func add(_ words: [Word], reset: [UInt64]?) {
    for (index, word) in words.enumerated() {
      position[word] = elements.count
      elements.append(Element(word: word, next: nil, reset: reset?[index]))
    }
  }
  mutating func drive(_ words: [Word], with next: [Word]) {
    for (word, value) in zip(words, next) { if let index = position[word] { elements[index].next = value } }
  }
}

/// A memory and its ports as words.
struct MemoryWords {
  struct Read {
    let address: Word
    let enable: Word?
    /// The words of state that receive what is read.
    let target: [Word]
  }
  struct Write {
    let address: Word
    let data: [Word]
    let enable: Word?
    /// The bits that are written, if not all.
    let mask: [Word]?
  }
  let name: String
  let scope: Int
  let depth: Int
  let width: Int
  var reads: [Read] = []
  var writes: [Write] = []
}
