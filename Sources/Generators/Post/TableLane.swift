// A lane of the post unit that looks its byte up.
//
// All lanes are pipelines that never stall: one channel in and one out every cycle.

import HDL
import Machine

/// Any function of a byte: the tables' entries, four to a word as the host writes them.
struct TableLane: Module {
  let tables: Int
  @Input(8) var index: Unsigned
  @Input(8) var table: Unsigned
  let load = Target(LoadPort())
  @Output(8) var result: Unsigned

  var moduleName: String { "table_lane" }
  var documentation: String { "\(tables) x 256 bytes, looked up in \(Timing.table) cycles." }

  func body() {
    precondition(Timing.table == Timing.memoryRead + 1, "the lane has a register behind the memory")
    let memory = instance("entries", LoadableMemory.byteTables(tables: tables))
    connect(load, to: memory.load)
    memory.read.enable = true
    memory.read.address = concatenate([index[2..<8], table]).resized(to: indexBits(64 * tables))
    let place = delayed(index[0..<2], by: Timing.memoryRead, "place")
    let entry = Register<Unsigned>("entry", 8, reset: nil)
    entry.value = choose(place, memory.read.data.bytes)
    result = entry.value
  }
}
