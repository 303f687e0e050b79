/// A design as the simulator runs it: instructions over one flat array of 64-bit words.
///
/// The array holds, in this order: constants; the top's inputs; the state; what the state becomes at the
/// next edge, in the same order, so that an edge is one copy; and everything in between. A program never
/// changes, so any number of simulations share it.
struct Program: Sendable {
  /// Instructions of one kind, one after the other.
  struct Batch: Sendable {
    let opcode: Opcode
    let range: Range<Int>
  }
  /// State is the slots from `current` on; what it becomes, those from `next` on.
  struct State: Sendable {
    var current = 0
    var next = 0
    var count: Int { extents.count }
    var extents: [Extent] = []
    /// The elements that reset changes, with their values.
    var resets: [(element: Int, value: UInt64)] = []
  }
  private(set) var batches: [Batch] = []
  private(set) var code: [Instruction] = []
  private(set) var tables: [UInt32] = []
  /// The array before anything has run.
  private(set) var image: [UInt64] = []
  private(set) var state = State()
  private(set) var memories: [MemoryLayout] = []
  private var slots: [UInt32]

  init(_ lowering: Lowering) {
    let builder = lowering.builder, state = lowering.state
    slots = Array(repeating: 0, count: builder.formulas.count)
    var roots = lowering.demanded + state.elements.map { $0.next ?? $0.word }
    for memory in state.memories {
      for write in memory.writes { roots += [write.address] + write.data + (write.mask ?? []) + (write.enable.map { [$0] } ?? []) }
      for read in memory.reads { roots += [read.address] + (read.enable.map { [$0] } ?? []) }
    }
    let order = Schedule(builder, roots: roots).order

    for (word, value) in builder.constants.sorted(by: { $0.key.index < $1.key.index }) { place(word, value) }
    for word in lowering.inputs.joined() { place(word, 0) }
    self.state.current = image.count
    for element in state.elements { place(element.word, 0) }
    self.state.next = image.count
    let moves = placeNext(state, builder)
    for word in order where slots[Int(word.index)] == 0 { place(word, 0) }

    tables = builder.tables.map { slot($0) }
    for word in order { if let formula = builder.formulas[Int(word.index)] { append(formula, to: slot(word), builder) } }
    for (source, element) in moves {
      append(.move, Instruction(destination: UInt32(self.state.next + element), a: slot(source), b: slot(source), c: 0))
    }
    self.state.extents = state.elements.map { builder.extent($0.word) }
    self.state.resets = state.elements.enumerated().compactMap { index, element in element.reset.map { (index, $0) } }
    var base = 0
    for memory in state.memories {
      memories.append(MemoryLayout(memory, base: base, state: self.state) { slot($0) })
      base += memories[memories.count - 1].wordCount
    }
  }

  func slot(_ word: Word) -> UInt32 { slots[Int(word.index)] }

  private mutating func place(_ word: Word, _ value: UInt64) {
    // Slot 0 means "none yet", so the first word is one that nobody looks for.
    if image.isEmpty { image.append(0) }
    slots[Int(word.index)] = UInt32(truncatingIfNeeded: image.count)
    image.append(value)
  }

  /// Puts what each element becomes where the edge looks for it. A word that is already somewhere, as
  /// another register's value is, has to be moved there by an instruction: those are returned.
  private mutating func placeNext(_ state: StateWords, _ builder: WordBuilder) -> [(source: Word, element: Int)] {
    var moves: [(Word, Int)] = []
    for (index, element) in state.elements.enumerated() {
      guard let next = element.next else {
        image.append(0)
        continue
      }
      if builder.formulas[Int(next.index)] != nil && slots[Int(next.index)] == 0 {
        place(next, 0)
      } else {
        image.append(0)
        moves.append((next, index))
      }
    }
    return moves
  }

  private mutating func append(_ formula: WordBuilder.Formula, to destination: UInt32, _ builder: WordBuilder) {
    let a = slot(formula.a)
    switch formula.opcode {
    case .select:
      let c = slot(Word(index: Int32(bitPattern: formula.c)))
      append(.select, Instruction(destination: destination, a: a, b: slot(formula.b), c: c))
    case .choose: append(.choose, Instruction(destination: destination, a: a, b: UInt32(bitPattern: formula.b.index), c: formula.c))
    default: append(formula.opcode, Instruction(destination: destination, a: a, b: slot(formula.b), c: formula.c))
    }
  }

  private mutating func append(_ opcode: Opcode, _ instruction: Instruction) {
    code.append(instruction)
    if let last = batches.last, last.opcode == opcode {
      batches[batches.count - 1] = Batch(opcode: opcode, range: last.range.lowerBound..<code.count)
    } else {
      batches.append(Batch(opcode: opcode, range: code.count - 1..<code.count))
    }
  }
}

/// A memory and its ports in slots.
struct MemoryLayout: Sendable {
  struct Read: Sendable {
    let address: UInt32
    let enable: UInt32?
    /// Where the word that is read goes: the first of its slots among what the state becomes.
    let target: Int
  }
  struct Write: Sendable {
    let address: UInt32
    let data: [UInt32]
    let enable: UInt32?
    let mask: [UInt32]?
  }
  let name: String
  let scope: Int
  let depth: Int
  let width: Int
  /// The first 64-bit word of this memory among those of all memories.
  let base: Int
  let reads: [Read]
  let writes: [Write]

  /// 64-bit words that make one word of the memory.
  var stride: Int { WordBits.wordCount(width) }
  var wordCount: Int { depth * stride }

  init(_ memory: MemoryWords, base: Int, state: Program.State, slot: (Word) -> UInt32) {
    name = memory.name
    scope = memory.scope
    depth = memory.depth
    width = memory.width
    self.base = base
    reads = memory.reads.map { read in
      Read(address: slot(read.address), enable: read.enable.map(slot), target: Int(slot(read.target[0])) - state.current + state.next)
    }
    writes = memory.writes.map { write in
      Write(address: slot(write.address), data: write.data.map(slot), enable: write.enable.map(slot), mask: write.mask.map { $0.map(slot) })
    }
  }
}
