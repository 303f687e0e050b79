/// A memory and its ports in slots.
struct MemoryLayout: Sendable {
  struct Read: Sendable {
    let address: UInt32
    let enable: UInt32?
    let tick: Int
    /// Where the word that is read goes: the first of its slots among what the state becomes.
    let target: Int
  }
  struct Write: Sendable {
    let address: UInt32
    let data: [UInt32]
    let enable: UInt32?
    let mask: [UInt32]?
    let tick: Int
    let port: Int
  }
  let name: String
  let scope: Int
  let depth: Int
  let width: Int
  let collision: Memory.Collision
  /// What the first words are when the power comes on.
  let initial: [UInt64]
  /// The first 64-bit word of this memory among those of all memories.
  let base: Int
  let reads: [Read]
  let writes: [Write]

  /// 64-bit words that make one word of the memory.
  var stride: Int { WordBits.wordCount(width) }
  var wordCount: Int { depth * stride }

  init(_ memory: MemoryWords, base: Int, state: Program.State, slot: (Word) -> UInt32) {
    let record = memory.record
    name = record.name
    scope = memory.scope
    depth = record.depth
    width = record.width
    collision = record.collision
    initial = record.initial.flatMap(\.words)
    self.base = base
    reads = memory.reads.map { read in
      Read(
        address: slot(read.address), enable: read.enable.map(slot), tick: read.tick,
        target: Int(slot(read.target[0])) - state.current + state.next)
    }
    writes = memory.writes.map { write in
      Write(
        address: slot(write.address), data: write.data.map(slot), enable: write.enable.map(slot), mask: write.mask.map { $0.map(slot) },
        tick: write.tick, port: write.port)
    }
  }
}

/// A line that one instance prints, in slots.
struct PrintLayout: @unchecked Sendable {
  // The record is part of a design, which is frozen.
  let record: PrintRecord
  let scope: Int
  let enable: UInt32?
  let values: [[UInt32]]
  let tick: Int
  let reset: Int?
}

/// A property of one instance in slots.
struct PropertyLayout: @unchecked Sendable {
  // The property is part of a design, which is frozen.
  let property: Property
  let scope: Int
  let enable: UInt32?
  let condition: UInt32
  let tick: Int
  let reset: Int?
}
