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
  /// State is the slots from `current` on; what it becomes, those from `next` on. What follows one tick is together.
  struct State: Sendable {
    var current = 0
    var next = 0
    var extents: [Extent] = []
    /// The elements that follow each tick.
    var clocked: [Range<Int>] = []
    /// The elements that reset changes at an edge, by tick.
    var resets: [[(element: Int, value: UInt64, source: Int)]] = []
    /// The elements that reset changes at once.
    var asynchronousResets: [(element: Int, value: UInt64, source: Int)] = []
    /// The elements that are known when the power comes on.
    var initial: [(element: Int, value: UInt64)] = []
  }
  private(set) var batches: [Batch] = []
  private(set) var code: [Instruction] = []
  private(set) var tables: [UInt32] = []
  /// The array before anything has run.
  private(set) var image: [UInt64] = []
  private(set) var state = State()
  private(set) var memories: [MemoryLayout] = []
  private(set) var properties: [PropertyLayout] = []
  private(set) var prints: [PrintLayout] = []
  /// The slot of each clock and reset that the design makes itself; nil for those of the top.
  private(set) var clocks: [UInt32?] = []
  private(set) var resets: [UInt32?] = []
  private(set) var enables: [UInt32] = []
  private(set) var ticks: [ClockTree.Tick] = []
  /// The slots before this one hold constants.
  private(set) var constantEnd = 0
  /// The slots of everything with a name, which may be looked at whenever all has settled.
  private(set) var observed: [UInt32] = []
  /// The same program as machine code, for all simulations of it.
  let native = NativeProgram()
  private var slots: [UInt32]

  init(_ lowering: Lowering) {
    let builder = lowering.builder
    let elements = lowering.state.elements.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }.map(\.element)
    slots = Array(repeating: 0, count: builder.formulas.count)
    let order = Schedule(builder, roots: lowering.demanded + lowering.state.roots).order

    for (word, value) in builder.constants.sorted(by: { $0.key.index < $1.key.index }) { place(word, value) }
    constantEnd = image.count
    for word in lowering.inputs.joined() { place(word, 0) }
    for word in lowering.enables { if let word { place(word, 1) } }
    state.current = image.count
    for element in elements { place(element.word, 0) }
    state.next = image.count
    let moves = placeNext(elements, builder)
    for word in order where slots[Int(word.index)] == 0 { place(word, 0) }

    tables = builder.tables.map { slot($0) }
    for word in order { if let formula = builder.formulas[Int(word.index)] { append(formula, to: slot(word), builder) } }
    for (source, element) in moves {
      append(.move, Instruction(destination: UInt32(truncatingIfNeeded: state.next + element), a: slot(source), b: slot(source), c: 0))
    }
    describe(elements, lowering)
    observed = lowering.demanded.map { slot($0) }
  }

  /// What an edge has to know beyond the instructions.
  private mutating func describe(_ elements: [StateWords.Element], _ lowering: Lowering) {
    let builder = lowering.builder, tree = lowering.clocks
    func made(_ source: ClockTree.Source) -> UInt32? {
      if case .node(let id) = source { slot(lowering.value(id).words[0]) } else { nil }
    }
    clocks = tree.clocks.map(made)
    resets = tree.resets.map(made)
    enables = zip(tree.enables, lowering.enables).map { source, word in word.map { slot($0) } ?? made(source) ?? 0 }
    ticks = tree.ticks
    state.extents = elements.map { builder.extent($0.word) }
    state.initial = elements.enumerated().compactMap { index, element in element.initial.map { (index, $0) } }
    let resets = elements.enumerated().compactMap { index, element in element.reset.map { (element: index, reset: $0) } }
    state.asynchronousResets = resets.filter(\.reset.isAsynchronous).map { ($0.element, $0.reset.value, $0.reset.source) }
    for tick in ticks.indices {
      let begin = elements.firstIndex { $0.tick >= tick } ?? elements.count, end = elements.firstIndex { $0.tick > tick } ?? elements.count
      state.clocked.append(begin..<end)
      state.resets.append((begin..<end).compactMap { index in elements[index].reset.map { (index, $0.value, $0.source) } })
    }
    var base = 0
    for memory in lowering.state.memories {
      memories.append(MemoryLayout(memory, base: base, state: state) { slot($0) })
      base += memories[memories.count - 1].wordCount
    }
    prints = lowering.state.prints.map { print in
      PrintLayout(
        record: print.record, scope: print.scope, enable: print.enable.map { slot($0) }, values: print.values.map { $0.map { slot($0) } },
        tick: print.tick, reset: print.reset)
    }
    properties = lowering.state.properties.map { property in
      PropertyLayout(
        property: property.property, scope: property.scope, enable: property.enable.map { slot($0) }, condition: slot(property.condition),
        tick: property.tick, reset: property.reset)
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
  private mutating func placeNext(_ elements: [StateWords.Element], _ builder: WordBuilder) -> [(source: Word, element: Int)] {
    var moves: [(Word, Int)] = []
    for (index, element) in elements.enumerated() {
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
    case .choose, .load:
      append(formula.opcode, Instruction(destination: destination, a: a, b: UInt32(bitPattern: formula.b.index), c: formula.c))
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
