/// Runs a program: settles everything combinational, and takes clock edges.
///
/// Safety of the pointers: `words` has one element per slot of the program, `memory` one per word of all
/// memories, the resets one per reset of the program, `code` and `tables` are copies of the program's. All are
/// allocated in `init`, live as long as the engine, and never move. Every index comes from the program, whose slots are dense by construction
/// (`Program.init` gives out each from the length of its image); the indices that the simulated design
/// computes, entries of a table and addresses of a memory, are compared with their bounds here.
/// An engine belongs to one simulation, which is not `Sendable`, so nothing is shared between threads.
final class Engine {
  let program: Program
  let words: UnsafeMutablePointer<UInt64>
  let memory: UnsafeMutablePointer<UInt64>
  private let code: UnsafeMutablePointer<Instruction>
  private let tables: UnsafeMutablePointer<UInt32>
  private let memoryCount: Int
  private(set) var random: RandomBits
  /// The resets of the top that are held.
  let heldResets: UnsafeMutableBufferPointer<Bool>
  private let activeResets: UnsafeMutableBufferPointer<Bool>
  /// Reads whose result the design does not define, since the last `takeUndefinedReads`.
  private(set) var undefinedReads: [(memory: Int, address: UInt64, isCollision: Bool)] = []
  /// Words that two ports have written at one edge, since the last `takeUndefinedWrites`.
  private(set) var undefinedWrites: [(memory: Int, address: UInt64)] = []
  /// Machine code, which does the same to the same arrays, from the moment it is there.
  var acceleration: Acceleration

  /// - Parameters:
  ///   - seed: what undefined words are made of; state and memories begin as zeros if nil.
  ///   - engine: what is to run the program.
  init(_ program: Program, seed: UInt64?, engine: SimulationEngine) {
    self.program = program
    acceleration = Acceleration(program, engine)
    random = RandomBits(seed: seed ?? 0)
    heldResets = .allocate(capacity: program.resets.count)
    activeResets = .allocate(capacity: program.resets.count)
    heldResets.initialize(repeating: false)
    activeResets.initialize(repeating: false)
    memoryCount = program.memories.reduce(0) { $0 + $1.wordCount }
    words = .allocate(capacity: program.image.count + 1)
    memory = .allocate(capacity: memoryCount + 1)
    code = .allocate(capacity: program.code.count + 1)
    tables = .allocate(capacity: program.tables.count + 1)
    for (index, value) in program.image.enumerated() { (words + index).initialize(to: value) }
    memory.initialize(repeating: 0, count: memoryCount + 1)
    for (index, value) in program.code.enumerated() { (code + index).initialize(to: value) }
    for (index, value) in program.tables.enumerated() { (tables + index).initialize(to: value) }
    if seed != nil { randomize() }
    for (element, value) in program.state.initial {
      words[program.state.current + element] = value
      words[program.state.next + element] = value
    }
    for layout in program.memories {
      for (index, word) in layout.initial.enumerated() { memory[layout.base + index] = word }
    }
  }
  deinit {
    words.deallocate()
    memory.deallocate()
    code.deallocate()
    tables.deallocate()
    heldResets.deallocate()
    activeResets.deallocate()
  }

  private func randomize() {
    for (index, extent) in program.state.extents.enumerated() {
      let value = random.next(extent)
      words[program.state.current + index] = value
      words[program.state.next + index] = value
    }
    for layout in program.memories {
      for index in 0..<layout.wordCount {
        memory[layout.base + index] = random.next(WordBits.extent(.unsigned(layout.width), index % layout.stride))
      }
    }
  }

  func takeUndefinedReads() -> [(memory: Int, address: UInt64, isCollision: Bool)] {
    defer { undefinedReads = [] }
    return undefinedReads
  }
  func takeUndefinedWrites() -> [(memory: Int, address: UInt64)] {
    defer { undefinedWrites = [] }
    return undefinedWrites
  }

  // MARK: settling

  /// Everything that follows inputs and state at once.
  func settle() {
    if let library = acceleration.library(after: program) { return library.settle(words, memory) }
    for batch in program.batches {
      let range = batch.range
      switch batch.opcode {
      case .move: run(range) { Opcode.move.result($0, $1, $2) }
      case .add: run(range) { Opcode.add.result($0, $1, $2) }
      case .subtract: run(range) { Opcode.subtract.result($0, $1, $2) }
      case .multiply: run(range) { Opcode.multiply.result($0, $1, $2) }
      case .addUnsigned: run(range) { Opcode.addUnsigned.result($0, $1, $2) }
      case .addSigned: run(range) { Opcode.addSigned.result($0, $1, $2) }
      case .subtractUnsigned: run(range) { Opcode.subtractUnsigned.result($0, $1, $2) }
      case .subtractSigned: run(range) { Opcode.subtractSigned.result($0, $1, $2) }
      case .multiplyUnsigned: run(range) { Opcode.multiplyUnsigned.result($0, $1, $2) }
      case .multiplySigned: run(range) { Opcode.multiplySigned.result($0, $1, $2) }
      case .multiplyHighUnsigned: run(range) { Opcode.multiplyHighUnsigned.result($0, $1, $2) }
      case .multiplyHighSigned: run(range) { Opcode.multiplyHighSigned.result($0, $1, $2) }
      case .and: run(range) { Opcode.and.result($0, $1, $2) }
      case .or: run(range) { Opcode.or.result($0, $1, $2) }
      case .xor: run(range) { Opcode.xor.result($0, $1, $2) }
      case .equal: run(range) { Opcode.equal.result($0, $1, $2) }
      case .notEqual: run(range) { Opcode.notEqual.result($0, $1, $2) }
      case .lessUnsigned: run(range) { Opcode.lessUnsigned.result($0, $1, $2) }
      case .lessSigned: run(range) { Opcode.lessSigned.result($0, $1, $2) }
      case .lessOrEqualUnsigned: run(range) { Opcode.lessOrEqualUnsigned.result($0, $1, $2) }
      case .lessOrEqualSigned: run(range) { Opcode.lessOrEqualSigned.result($0, $1, $2) }
      case .extractUnsigned: run(range) { Opcode.extractUnsigned.result($0, $1, $2) }
      case .extractSigned: run(range) { Opcode.extractSigned.result($0, $1, $2) }
      case .funnel: run(range) { Opcode.funnel.result($0, $1, $2) }
      case .insert: run(range) { Opcode.insert.result($0, $1, $2) }
      case .shiftLeftUnsigned: run(range) { Opcode.shiftLeftUnsigned.result($0, $1, $2) }
      case .shiftLeftSigned: run(range) { Opcode.shiftLeftSigned.result($0, $1, $2) }
      case .shiftRightUnsigned: run(range) { Opcode.shiftRightUnsigned.result($0, $1, $2) }
      case .shiftRightSigned: run(range) { Opcode.shiftRightSigned.result($0, $1, $2) }
      case .parity: run(range) { Opcode.parity.result($0, $1, $2) }
      case .select: select(range)
      case .choose: choose(range)
      case .load: load(range)
      }
    }
  }

  @inline(__always) private func run(_ range: Range<Int>, _ operation: (UInt64, UInt64, UInt32) -> UInt64) {
    let words = words
    var instruction = code + range.lowerBound
    let end = code + range.upperBound
    while instruction < end {
      let (destination, a, b, c) = (instruction.pointee.destination, instruction.pointee.a, instruction.pointee.b, instruction.pointee.c)
      words[Int(destination)] = operation(words[Int(a)], words[Int(b)], c)
      instruction += 1
    }
  }
  private func select(_ range: Range<Int>) {
    for index in range {
      let instruction = code[index]
      words[Int(instruction.destination)] = words[Int(words[Int(instruction.a)] != 0 ? instruction.b : instruction.c)]
    }
  }
  private func choose(_ range: Range<Int>) {
    for index in range {
      let instruction = code[index]
      let entry = min(words[Int(instruction.a)], UInt64(instruction.c))
      words[Int(instruction.destination)] = words[Int(tables[Int(instruction.b) + Int(entry)])]
    }
  }
  /// A word beyond the end is noise, but the same whenever it is read.
  private func load(_ range: Range<Int>) {
    for index in range {
      let instruction = code[index], layout = program.memories[Int(instruction.b)], address = words[Int(instruction.a)]
      if address < UInt64(layout.depth) {
        words[Int(instruction.destination)] = memory[layout.base + Int(address) * layout.stride + Int(instruction.c)]
      } else {
        var noise = RandomBits(seed: address ^ UInt64(instruction.b) << 32)
        words[Int(instruction.destination)] = noise.next(WordBits.extent(.unsigned(layout.width), Int(instruction.c)))
      }
    }
  }

  // MARK: edges

  /// Whether a reset is active, after `settle`.
  func isActive(reset: Int) -> Bool { heldResets[reset] || program.resets[reset].map { words[Int($0)] != 0 } ?? false }

  /// Whether an edge of this kind counts, after `settle`.
  func isEnabled(tick: Int) -> Bool { program.ticks[tick].enables.allSatisfy { words[Int(program.enables[$0])] != 0 } }

  /// Puts registers whose reset acts at once into it, after `settle`; whether that changed anything.
  func resetAtOnce() -> Bool {
    let current = words + program.state.current
    var hasChanged = false
    for (element, value, source) in program.state.asynchronousResets where current[element] != value && isActive(reset: source) {
      current[element] = value
      hasChanged = true
    }
    return hasChanged
  }

  /// Edges of some kinds at once, after `settle`. Where an enable is missing, only reset acts.
  func edge(of ticks: [Int]) {
    if takesNativeEdge(of: ticks) { return }
    var isAnyActive = false
    for reset in activeResets.indices {
      activeResets[reset] = isActive(reset: reset)
      if activeResets[reset] { isAnyActive = true }
    }
    let enabled = program.enables.isEmpty ? ticks : ticks.filter { isEnabled(tick: $0) }
    for index in program.memories.indices { access(index, enabled) }
    let current = words + program.state.current, next = words + program.state.next
    for tick in enabled {
      let range = program.state.clocked[tick]
      (current + range.lowerBound).update(from: next + range.lowerBound, count: range.count)
    }
    if !isAnyActive { return }
    for tick in ticks {
      for (element, value, source) in program.state.resets[tick] where activeResets[source] { current[element] = value }
    }
  }

  /// Reads see the memory before the edge. What is read from a word that is being written, or from one
  /// that does not exist, is noise where the design leaves it undefined, so that nobody comes to rely on it.
  private func access(_ index: Int, _ ticks: [Int]) {
    let layout = program.memories[index], depth = UInt64(layout.depth)
    for read in layout.reads where ticks.contains(read.tick) {
      if let enable = read.enable, words[Int(enable)] == 0 { continue }
      let address = words[Int(read.address)]
      let isCollision = layout.collision == .undefined && layout.writes.contains { writes($0, ticks) && words[Int($0.address)] == address }
      if address >= depth || isCollision {
        undefinedReads.append((index, address, isCollision))
        for word in 0..<layout.stride { words[read.target + word] = random.next(WordBits.extent(.unsigned(layout.width), word)) }
      } else {
        let source = memory + layout.base + Int(address) * layout.stride
        (words + read.target).update(from: source, count: layout.stride)
      }
    }
    for (number, write) in layout.writes.enumerated() where writes(write, ticks) {
      let address = words[Int(write.address)]
      if address >= depth { continue }
      let others = layout.writes[..<number].filter { $0.port != write.port && writes($0, ticks) && words[Int($0.address)] == address }
      let target = memory + layout.base + Int(address) * layout.stride
      for word in 0..<layout.stride {
        let data = words[Int(write.data[word])]
        let mask = write.mask.map { words[Int($0[word])] } ?? .max
        target[word] = (target[word] & ~mask) | (data & mask)
        let twice = others.reduce(0) { $0 | ($1.mask.map { words[Int($0[word])] } ?? .max) } & mask
        if twice == 0 { continue }
        target[word] = (target[word] & ~twice) | (random.next(WordBits.extent(.unsigned(layout.width), word)) & twice)
        undefinedWrites.append((index, address))
      }
    }
  }
  private func writes(_ write: MemoryLayout.Write, _ ticks: [Int]) -> Bool {
    if !ticks.contains(write.tick) { return false }
    if let enable = write.enable, words[Int(enable)] == 0 { return false }
    return write.mask?.contains { words[Int($0)] != 0 } ?? true
  }
}

/// A reproducible source of noise (SplitMix64; Steele, Lea, Flood, OOPSLA 2014).
struct RandomBits {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  /// Any word that is canonical for `extent`.
  mutating func next(_ extent: Extent) -> UInt64 {
    let shift = UInt64(64 - extent.bits)
    let word = next() << shift
    return extent.isSigned ? UInt64(bitPattern: Int64(bitPattern: word) >> Int64(shift)) : word >> shift
  }
}
