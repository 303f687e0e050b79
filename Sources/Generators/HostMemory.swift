// Memories that a host fills through a window and an engine reads: program, weights, parameters, tables.
//
// A word is as wide as the engine wants it; the host writes it 32 bits at a time. Each 32-bit lane is a memory of
// its own: one wide memory with lane enables is the same hardware, but takes synthesis time that grows with the
// square of the lanes (64 lanes: over a minute in Yosys, against a second).

import HDL
import Machine

/// One lane: 32 bits wide, one write and one read port.
struct HostMemoryLane: Module {
  let depth: Int
  @Input var writeEnable: Bit
  @Input var writeAddress: Unsigned
  @Input var writeData: Unsigned
  @Input var readEnable: Bit
  @Input var readAddress: Unsigned
  @Output var readData: Unsigned

  init(depth: Int) {
    self.depth = depth
    let bits = indexBits(depth)
    _writeEnable = Input(); _writeAddress = Input(bits); _writeData = Input(32)
    _readEnable = Input(); _readAddress = Input(bits); _readData = Output(32)
  }
  var moduleName: String { "weft_memory_lane\(depth)" }
  var documentation: String { "\(depth) words of 32 bits." }

  func body() {
    let words = Memory("words", depth: depth, width: 32)
    words.write(at: writeAddress, writeData, when: writeEnable)
    readData = words.read(at: readAddress, when: readEnable)
  }
}

struct HostMemory: Module {
  let name: String
  let depth: Int
  let width: Int
  @Input var writeEnable: Bit
  @Input var writeAddress: Unsigned
  /// One bit per 32-bit lane.
  @Input var writeLanes: Unsigned
  @Input var writeData: Unsigned
  @Input var readEnable: Bit
  @Input var readAddress: Unsigned
  @Output var readData: Unsigned

  /// - Parameter width: a multiple of 32.
  init(name: String, depth: Int, width: Int) {
    (self.name, self.depth, self.width) = (name, depth, width)
    let bits = indexBits(depth)
    _writeEnable = Input(); _writeAddress = Input(bits); _writeLanes = Input(width / 32); _writeData = Input(32)
    _readEnable = Input(); _readAddress = Input(bits); _readData = Output(width)
  }
  var moduleName: String { "weft_\(name)_memory" }
  var documentation: String { "\(name.prefix(1).uppercased() + name.dropFirst()) memory: \(depth) words of \(width) bits, written 32 bits at a time." }

  func body() {
    readData = concatenate(
      (0..<width / 32).map { index in
        let lane = instance("lane\(index)", HostMemoryLane(depth: depth))
        lane.$writeEnable = writeEnable & writeLanes[index]
        lane.$writeAddress = writeAddress
        lane.$writeData = writeData
        lane.$readEnable = readEnable
        lane.$readAddress = readAddress
        return lane.$readData
      })
  }
}
