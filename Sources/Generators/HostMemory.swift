// Memories that a host fills through a window and an engine reads: program, weights, parameters, tables.
//
// A word is as wide as the engine wants it; the host writes it 32 bits at a time through a lane enable.

import HDL
import Machine

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
    let words = Memory("words", depth: depth, width: width, lanes: width / 32)
    words.write(at: writeAddress, concatenate(Array(repeating: writeData, count: width / 32)), when: writeEnable, lanes: writeLanes)
    readData = words.read(at: readAddress, when: readEnable)
  }
}
