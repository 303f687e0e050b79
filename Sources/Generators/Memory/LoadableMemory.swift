// Memories that a host fills through a window and an engine reads: program, weights, parameters, byte tables.
//
// A word is as wide as the engine wants it; the host writes it 32 bits at a time, of these the bytes whose strobe is set.
// Each 32-bit lane is a memory of its own: one wide memory with lane enables is the same hardware, but takes synthesis
// time that grows with the square of the lanes (64 lanes: over a minute in Yosys, against a second).

import HDL
import Machine

/// One lane: 32 bits wide, one write port with byte strobes and one read port.
struct LoadableLane: Module {
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
struct LoadableMemory: Module {
  let region: RegisterMap.Region
  let name: String
  let depth: Int
  /// The words of each 32-bit lane, where not all have as many: 0 for a lane that is not there and reads as zero. Beyond its
  /// words a lane loses writes and keeps what it read.
  var depths: [Int]?
  /// Where the 32-bit words of a memory word lie in the window, in ascending order; what lies between does not exist.
  let places: [Int]
  /// 32-bit words of the window from one memory word to the next, a power of two.
  let groupWords: Int
  var width: Int { 32 * places.count }
  var memoryRead: MemoryRead { MemoryRead(depth: depth, width: width) }
  let load = Target(LoadPort())
  let read = Target(\Self.memoryRead)

  var moduleName: String { "\(name)_memory" }
  var documentation: String { "\(name.prefix(1).uppercased() + name.dropFirst().replacing("_", with: " ")) memory: \(depth) words of \(width) bits, written 32 bits at a time." }

  func body() {
    let isWritten = load.writes(region)
    let wordBit = 2 + groupWords.log2
    let word = load.address[wordBit..<Configuration.addressBits].resized(to: indexBits(depth)).named("writtenWord")
    read.data = concatenate(
      places.enumerated().map { index, place in
        let depth = depths?[index] ?? depth
        guard depth > 0 else { return Unsigned(0, width: 32) }
        let lane = instance("lane\(index)", LoadableLane(depth: depth))
        let isPlace = groupWords == 1 ? isWritten : isWritten & (load.address[2..<wordBit] === Unsigned(place))
        let reaches = depth == self.depth ? nil : depth
        lane.$writeEnable = reaches.map { isPlace & word.isBelow($0) } ?? isPlace
        lane.$writeAddress = word.resized(to: indexBits(depth))
        lane.$writeStrobe = load.strobe
        lane.$writeData = load.data
        lane.$readEnable = reaches.map { read.enable & read.address.isBelow($0) } ?? read.enable
        lane.$readAddress = read.address.resized(to: indexBits(depth))
        return lane.$readData
      })
  }
}

extension LoadableMemory {
  /// Program words.
  static func program(_ hardware: Hardware) -> LoadableMemory {
    LoadableMemory(region: .program, name: "program", depth: hardware.programWords, places: [0], groupWords: 1)
  }
  /// Weight words of N·C bytes; a lane is as deep as the weights of the first element in it.
  static func weights(_ hardware: Hardware) -> LoadableMemory {
    let words = hardware.configuration.weightWordBytes / 4
    return LoadableMemory(
      region: .weights, name: "weight", depth: hardware.weightWords,
      depths: (0..<words).map { hardware.weightDepths[4 * $0 / hardware.configuration.dotProduct] }, places: Array(0..<words), groupWords: words)
  }
  /// Entries of Q parameter words, three of four 32-bit words each.
  static func parameters(_ hardware: Hardware) -> LoadableMemory {
    let lanes = hardware.configuration.postLanes
    return LoadableMemory(
      region: .parameters, name: "parameter", depth: hardware.parameterEntries,
      places: (0..<3 * lanes).map { $0 / 3 * 4 + $0 % 3 }, groupWords: 4 * lanes)
  }
  /// Tables of the post unit, one copy a lane.
  static func byteTables(tables: Int) -> LoadableMemory {
    LoadableMemory(region: .byteTables, name: "byte_table", depth: 64 * tables, places: [0], groupWords: 1)
  }
}

extension LoadableMemory {
  /// Puts the memory into the body that runs, between the host and its reader.
  func placed(_ name: String, from load: Target<LoadPort>, for reader: Target<MemoryRead>) {
    let memory = instance(name, self)
    connect(load, to: memory.load)
    connect(reader, to: memory.read)
  }
}
