// The contents of weight memory, parameter memory and tables, equal blocks stored once.

import Machine

/// Words of N·C weight bytes.
struct WeightImage: Sendable {
  let wordBytes: Int
  private(set) var bytes: [UInt8] = []
  private var known: [[UInt8]: Int] = [:]

  init(wordBytes: Int) { self.wordBytes = wordBytes }

  var words: Int { bytes.count / wordBytes }

  /// Adds whole words.
  /// - Returns: the word address of the block, or of an equal one that is there already.
  mutating func add(_ block: [UInt8]) -> Int {
    if let address = known[block] { return address }
    let address = words
    bytes += block
    known[block] = address
    return address
  }
}

/// Entries of Q parameter words.
struct ParameterImage: Sendable {
  let lanes: Int
  private(set) var words: [ParameterWord] = []
  private var known: [[ParameterWord]: Int] = [:]

  init(lanes: Int) { self.lanes = lanes }

  var entries: Int { words.count / lanes }

  /// What unused lanes hold.
  static let unused = ParameterWord(bias: 0, multiplier: 0, shift: 1, doubleRounding: false)

  /// Adds whole entries.
  /// - Returns: the entry address of the block, or of an equal one that is there already.
  mutating func add(_ block: [ParameterWord]) -> Int {
    if let address = known[block] { return address }
    let address = entries
    words += block
    known[block] = address
    return address
  }
}

/// Tables of 256 entries.
struct TableImage<Entry: Hashable & Sendable>: Sendable {
  private(set) var tables: [[Entry]] = []

  var count: Int { tables.count }

  /// Adds a table of up to 256 entries; the others have no meaning.
  /// - Returns: its number, or that of an equal one that is there already.
  mutating func add(_ table: [Entry]) -> Int {
    if let known = tables.firstIndex(of: table) { return known }
    tables.append(table)
    return tables.count - 1
  }
}
