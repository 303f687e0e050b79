// Memories that a host fills through a window and an engine reads: program, weights, parameters, tables.
//
// A word is as wide as the engine wants it; the host writes it 32 bits at a time, of these the bytes whose strobe is set.
// Each 32-bit lane is a memory of its own: one wide memory with lane enables is the same hardware, but takes synthesis
// time that grows with the square of the lanes (64 lanes: over a minute in Yosys, against a second).

import HDL
import Machine

/// What the host port tells the memories: one write, inside the memory of its region, in the cycle in which `write` is set.
struct WindowBus: PortBundle {
  let write = Forward<Bit>()
  /// By `RegisterMap.Region`.
  let region = Forward<Unsigned>(4)
  /// Byte address in the window, a multiple of 4.
  let address = Forward<Unsigned>(24)
  let data = Forward<Unsigned>(32)
  /// One bit a byte.
  let strobe = Forward<Unsigned>(4)
}

extension Target where Members == WindowBus {
  /// Whether a region is being written.
  func writes(_ region: RegisterMap.Region) -> Bit {
    (self.write & (self.region === constant(region.rawValue, 4))).named("write\(region)".capitalized(after: 5))
  }
}

/// One lane: 32 bits wide, one write port with byte strobes and one read port.
struct HostMemoryLane: Module {
  let depth: Int
  var addressBits: Int { indexBits(depth) }
  @Input() var writeEnable: Bit
  @Input(\Self.addressBits) var writeAddress: Unsigned
  @Input(4) var writeStrobe: Unsigned
  @Input(32) var writeData: Unsigned
  @Input() var readEnable: Bit
  @Input(\Self.addressBits) var readAddress: Unsigned
  @Output(32) var readData: Unsigned

  var moduleName: String { "memory_lane\(depth)" }
  var documentation: String { "\(depth) words of 32 bits, written by bytes." }

  func body() {
    let words = Memory("words", depth: depth, width: 32, lanes: 4)
    words.write(at: writeAddress, writeData, when: writeEnable, lanes: writeStrobe)
    readData = words.read(at: readAddress, when: readEnable)
  }
}

/// A memory with the window through which it is filled.
struct HostMemory: Module {
  let region: RegisterMap.Region
  let name: String
  let depth: Int
  /// Where the 32-bit words of a memory word lie in the window, in ascending order; what lies between does not exist.
  let places: [Int]
  /// 32-bit words of the window from one memory word to the next, a power of two.
  let groupWords: Int
  var addressBits: Int { indexBits(depth) }
  var width: Int { 32 * places.count }
  let window = Target(WindowBus())
  @Input() var readEnable: Bit
  @Input(\Self.addressBits) var readAddress: Unsigned
  @Output(\Self.width) var readData: Unsigned

  var moduleName: String { "\(name)_memory" }
  var documentation: String { "\(name.prefix(1).uppercased() + name.dropFirst().replacing("_", with: " ")) memory: \(depth) words of \(width) bits, written 32 bits at a time." }

  func body() {
    let isWritten = window.writes(region)
    let wordBit = 2 + log2(groupWords)
    let word = window.address[wordBit..<24].resized(to: addressBits).named("writtenWord")
    readData = concatenate(
      places.enumerated().map { index, place in
        let lane = instance("lane\(index)", HostMemoryLane(depth: depth))
        lane.$writeEnable = groupWords == 1 ? isWritten : isWritten & (window.address[2..<wordBit] === constant(place, wordBit - 2))
        lane.$writeAddress = word
        lane.$writeStrobe = window.strobe
        lane.$writeData = window.data
        lane.$readEnable = readEnable
        lane.$readAddress = readAddress
        return lane.$readData
      })
  }
}

extension HostMemory {
  /// Program words.
  static func program(_ hardware: Hardware) -> HostMemory {
    HostMemory(region: .program, name: "program", depth: hardware.programWords, places: [0], groupWords: 1)
  }
  /// Weight words of N·C bytes.
  static func weights(_ hardware: Hardware) -> HostMemory {
    let words = hardware.configuration.weightWordBytes / 4
    return HostMemory(region: .weights, name: "weight", depth: hardware.weightWords, places: Array(0..<words), groupWords: words)
  }
  /// Entries of Q parameter words, three of four 32-bit words each.
  static func parameters(_ hardware: Hardware) -> HostMemory {
    let lanes = hardware.configuration.postLanes
    return HostMemory(
      region: .parameters, name: "parameter", depth: hardware.parameterEntries,
      places: (0..<3 * lanes).map { $0 / 3 * 4 + $0 % 3 }, groupWords: 4 * lanes)
  }
  /// Tables of the scalar unit.
  static func scalarTables(_ hardware: Hardware) -> HostMemory {
    HostMemory(region: .scalarTables, name: "scalar_table", depth: 256 * hardware.scalarTables, places: [0], groupWords: 1)
  }
  /// Tables of the post unit, one copy a lane.
  static func byteTables(tables: Int) -> HostMemory {
    HostMemory(region: .byteTables, name: "byte_table", depth: 64 * tables, places: [0], groupWords: 1)
  }
}
