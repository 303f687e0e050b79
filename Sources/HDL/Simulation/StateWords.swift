/// What a design remembers from one clock edge to the next, as words: registers and the words that
/// memories were asked for, each with what it becomes; and the memories themselves.
struct StateWords {
  /// One word of a register or of a memory's read port.
  struct Element {
    let word: Word
    /// The edge that changes it, as a position among the clock tree's ticks.
    let tick: Int
    /// What it becomes in reset, and which reset that is; nil if reset leaves it alone.
    let reset: (value: UInt64, source: Int, isAsynchronous: Bool)?
    /// What it is when the power comes on, if that is known.
    let initial: UInt64?
    /// What it becomes at the edge; nil for a read port, which its memory drives.
    var next: Word?
  }
  private(set) var elements: [Element] = []
  var memories: [MemoryWords] = []
  var properties: [PropertyWords] = []
  var prints: [PrintWords] = []
  private var position: [Word: Int] = [:]

  /// - Parameter reset: the words after reset, if there are any.
  mutating func add(_ words: [Word], _ domain: ClockTree.Domain, reset: [UInt64]?) {
    let isResettable = domain.kind != .powerUp
    for (index, word) in words.enumerated() {
      position[word] = elements.count
      elements.append(
        Element(
          word: word, tick: domain.tick, reset: isResettable ? reset.map { ($0[index], domain.reset, domain.kind.isAsynchronous) } : nil,
          initial: domain.hasInitialValues ? reset?[index] : nil))
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
    for print in prints { roots += print.values.joined() + (print.enable.map { [$0] } ?? []) }
    return roots
  }
}

/// A memory and its ports as words.
struct MemoryWords {
  struct Read {
    let address: Word
    let enable: Word?
    let tick: Int
    /// The words of state that receive what is read.
    let target: [Word]
  }
  struct Write {
    let address: Word
    let data: [Word]
    let enable: Word?
    /// The bits that are written, if not all.
    let mask: [Word]?
    let tick: Int
    let port: Int
  }
  let record: MemoryRecord
  let scope: Int
  var reads: [Read] = []
  var writes: [Write] = []
}

/// A line that one instance prints, as words: those of each value.
struct PrintWords {
  let record: PrintRecord
  let scope: Int
  let enable: Word?
  let values: [[Word]]
  let tick: Int
  let reset: Int?
}

/// A property of one instance as words.
struct PropertyWords {
  let property: Property
  let scope: Int
  let enable: Word?
  let condition: Word
  let tick: Int
  /// nil where there is none.
  let reset: Int?
}
