// Tables of the scalar unit: words that a host fills, and that are read two at a time.
//
// Two reads and a write would need three ports. The host writes only while the accelerator is idle, so its writes share a
// port with the second read: a true dual-port block of RAM has what is needed.

import HDL
import Machine

struct ScalarTableMemory: Module {
  /// Words of all tables.
  let depth: Int
  var tableRead: MemoryRead { MemoryRead(depth: depth, width: 32) }
  let load = Target(LoadPort())
  let first = Target(\Self.tableRead)
  /// Keeps its word while the host writes.
  let second = Target(\Self.tableRead)

  init(tables: Int) { depth = 256 * tables }
  var moduleName: String { "scalar_table_memory" }
  var documentation: String { "Scalar table memory: \(depth) words of 32 bits, read two at a time; the host writes through the second port." }

  func body() {
    let isWritten = load.writes(.scalarTables)
    let writtenWord = load.address[2..<Configuration.addressBits].resized(to: indexBits(depth)).named("writtenWord")
    let shared = select(isWritten, writtenWord, second.address).named("sharedAddress")
    let words = Memory("words", depth: depth, width: 32, lanes: 4)
    words.write(at: shared, load.data, when: isWritten, lanes: load.strobe)
    first.data = words.read(at: first.address, when: first.enable)
    second.data = words.read(at: shared, when: second.enable & !isWritten)
  }

  /// Puts the memory into the body that runs, between the host and the scalar unit.
  func placed(_ name: String, from load: Target<LoadPort>, for first: Target<MemoryRead>, and second: Target<MemoryRead>) {
    let memory = instance(name, self)
    connect(load, to: memory.load)
    connect(first, to: memory.first)
    connect(second, to: memory.second)
  }
}
