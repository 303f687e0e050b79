// The contents of weight memory, parameter memory and tables, equal blocks stored once.

import Machine

/// Words of N·C weight bytes, in blocks whose addresses are known when all are there.
///
/// A layer of few channels uses the first elements only. The elements have memories of their own, so the widest blocks come
/// first, and the memory of an element ends with the last block that reaches it: what no element needs is no memory.
struct WeightImage: Sendable {
  let elements: Int, dotProduct: Int
  private var blocks: [(bytes: [UInt8], elements: Int)] = []
  private var known: [Key: Int] = [:]
  private struct Key: Hashable {
    var bytes: [UInt8]
    var copies: [ProductStream.Copy]?
  }

  init(elements: Int, dotProduct: Int) { (self.elements, self.dotProduct) = (elements, dotProduct) }

  /// Adds whole words.
  /// - Parameters:
  ///   - used: elements, from the first on, whose weights matter.
  ///   - copies: what writes some of its bytes before every use; nil where nothing does. A block serves several layers, one after the
  ///     other, where they write the same bytes: what one of them leaves behind is none of another's constants.
  /// - Returns: the number of the block, or of an equal one that is there already.
  mutating func add(_ block: [UInt8], elements used: Int, copies: [ProductStream.Copy]? = nil) -> Int {
    let key = Key(bytes: block, copies: copies)
    if let number = known[key] {
      blocks[number].elements = max(blocks[number].elements, used)
      return number
    }
    known[key] = blocks.count
    blocks.append((block, used))
    return blocks.count - 1
  }

  /// The memory with all blocks in it.
  struct Placed: Sendable {
    var bytes: [UInt8] = []
    /// The word address of every block.
    var addresses: [Int]
    /// Words that each element needs.
    var depths: [Int]
  }

  /// Gives every block its address.
  var placed: Placed {
    var result = Placed(addresses: [Int](repeating: 0, count: blocks.count), depths: [Int](repeating: 0, count: elements))
    let order = blocks.indices.sorted { (-blocks[$0].elements, $0) < (-blocks[$1].elements, $1) }
    for number in order {
      result.addresses[number] = result.bytes.count / (elements * dotProduct)
      result.bytes += blocks[number].bytes
      for element in 0..<blocks[number].elements { result.depths[element] = result.bytes.count / (elements * dotProduct) }
    }
    return result
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
