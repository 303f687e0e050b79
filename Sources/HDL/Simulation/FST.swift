/// A recording as Fast Signal Trace, the format of GTKWave, which Surfer and others read as well: smaller than a Value Change
/// Dump, and a viewer reads of it only the signals that it shows.
///
/// The format is described by the reader and writer of GTKWave, `fstapi.c`, and its `block_format.txt`. A file is a list of
/// blocks: a kind, a length that counts itself, and contents. Numbers of fixed length are big-endian, others LEB128. Whatever may
/// be compressed may also be as it is, which its two lengths say by being equal; so no compressor is needed, and equal
/// recordings are equal bytes.
extension Waveform {
  /// The recording for a viewer, as `vcd()` has it: see `ChangeDump`. An enum has a table of its cases, too, so that a viewer
  /// shows their names where the bits are. GTKWave opens no file without a signal.
  public func fst() -> [UInt8] { FSTWriter(ChangeDump(current())).file() }
}

private struct FSTWriter {
  /// The kinds of block that are written.
  private enum Block {
    static let header: UInt8 = 0
    static let geometry: UInt8 = 3
    static let hierarchy: UInt8 = 4
    /// Changes of values, where variables that change alike share what is stored.
    static let changes: UInt8 = 8
  }
  private let dump: ChangeDump
  private let tables: EnumTables

  init(_ dump: ChangeDump) {
    self.dump = dump
    tables = EnumTables(dump.recording)
  }

  func file() -> [UInt8] {
    var file = ByteWriter()
    for (kind, content) in [(Block.header, header), (Block.changes, changes), (Block.geometry, geometry), (Block.hierarchy, hierarchy)] {
      file.append(kind)
      file.append(bigEndian: UInt64(content.count + 8))
      file.append(content)
    }
    return file.bytes
  }

  // MARK: header

  private var end: UInt64 { UInt64(dump.moments.last ?? 0) }
  private var header: [UInt8] {
    let scopes = dump.declarations.count { if case .scope = $0 { true } else { false } }
    var block = ByteWriter()
    block.append(bigEndian: 0)
    block.append(bigEndian: end)
    // By this number a reader finds out how numbers with a point are stored.
    block.append(littleEndian: 2.7182818284590452354.bitPattern, count: 8)
    // Memory that the writer used, scopes, variables, the last variable's number, and blocks of changes.
    for number in [0, scopes, dump.variables.count, dump.variables.count, 1] { block.append(bigEndian: UInt64(number)) }
    // 10⁻⁹ s.
    block.append(UInt8(bitPattern: -9))
    block.append(text("Weft", count: 128))
    block.append(text("", count: 119))
    // Verilog; no offset of time.
    block.append(0)
    block.append(bigEndian: 0)
    return block.bytes
  }
  private func text(_ text: String, count: Int) -> [UInt8] { text.utf8 + Array(repeating: 0, count: count - text.utf8.count) }

  // MARK: declarations

  /// The width of each variable; a text has one that stands for any.
  private var geometry: [UInt8] {
    var widths = ByteWriter(), block = ByteWriter()
    for variable in dump.variables { widths.append(leb128: variable.width == 0 ? 0xFFFF_FFFF : variable.width) }
    block.append(bigEndian: UInt64(widths.bytes.count))
    block.append(bigEndian: UInt64(dump.variables.count))
    block.append(widths.bytes)
    return block.bytes
  }

  private var hierarchy: [UInt8] {
    var tree = ByteWriter(), block = ByteWriter()
    for (index, table) in tables.all.enumerated() { attribute(text(of: table), table: index, &tree) }
    for declaration in dump.declarations {
      switch declaration {
      case .scope(let name):
        // A scope that is a module, its name, and no name of a definition.
        tree.append([254, 0])
        tree.append(name)
        tree.append("")
      case .end: tree.append(255)
      case .variable(let number): declare(dump.variables[number], &tree)
      }
    }
    block.append(bigEndian: UInt64(tree.bytes.count))
    block.append(gzip: tree.bytes)
    return block.bytes
  }

  private func declare(_ variable: ChangeDump.Variable, _ tree: inout ByteWriter) {
    var direction: UInt8 = 0
    if case .trace(let index) = variable.source {
      let kind = dump.recording.traces[index].entry.kind
      direction = kind == .input ? 1 : kind == .output ? 2 : 0
      if let table = tables.position(ofTrace: index), !variable.isLabel { attribute("", table: table, &tree) }
    }
    // A string, or a wire.
    tree.append([variable.isLabel ? 21 : 16, direction])
    tree.append(variable.name + (variable.width > 1 ? " [\(variable.width - 1):0]" : ""))
    tree.append(leb128: variable.width)
    // No other variable's changes.
    tree.append(leb128: 0)
  }

  /// Introduces a table of an enum; with an empty text, says that the next variable has it.
  private func attribute(_ text: String, table: Int, _ tree: inout ByteWriter) {
    tree.append([252, 0, 7])
    tree.append(text)
    tree.append(leb128: table + 1)
  }
  private func text(of table: EnumTable) -> String {
    let encodings = table.cases.map { BitVector($0.encoding, width: table.width).binary(digits: table.width) }
    return ([table.name, String(table.cases.count)] + table.cases.map(\.name) + encodings).joined(separator: " ")
  }

  // MARK: changes

  private var changes: [UInt8] {
    var first = ByteWriter(), values = ByteWriter(), positions = ByteWriter(), block = ByteWriter()
    var known: [[UInt8]: Int] = [:], last = 0, memory = 0
    for (number, variable) in dump.variables.enumerated() {
      let chain = chain(of: variable, &first)
      memory += chain.count
      if let same = known[chain] {
        positions.append(signedLEB128: -(same + 1) << 1 | 1)
        continue
      }
      known[chain] = number
      // Counted from the byte before all chains.
      let position = values.bytes.count + 1
      positions.append(signedLEB128: (position - last) << 1 | 1)
      last = position
      // Not compressed.
      values.append(leb128: 0)
      values.append(chain)
    }
    block.append(bigEndian: 0)
    block.append(bigEndian: end)
    block.append(bigEndian: UInt64(memory))
    for number in [first.bytes.count, first.bytes.count, dump.variables.count] { block.append(leb128: number) }
    block.append(first.bytes)
    block.append(leb128: dump.variables.count)
    // How chains would be compressed: by zlib.
    block.append(UInt8(ascii: "Z"))
    block.append(values.bytes)
    block.append(positions.bytes)
    block.append(bigEndian: UInt64(positions.bytes.count))
    let times = times
    block.append(times)
    for number in [times.count, times.count, dump.moments.count] { block.append(bigEndian: UInt64(number)) }
    return block.bytes
  }

  /// All changes of a variable, each with the number of moments since the one before; its first value goes to `first`, too, digit
  /// by digit.
  private func chain(of variable: ChangeDump.Variable, _ first: inout ByteWriter) -> [UInt8] {
    var chain = ByteWriter(), before = 0
    dump.forEachChange(of: variable) { moment, value in
      let distance = moment - before
      before = moment
      switch value {
      case .text(let text):
        chain.append(leb128: distance << 1)
        chain.append(leb128: text.utf8.count)
        chain.append(text.utf8)
      case .bits(let bits):
        if chain.bytes.isEmpty { first.append(bits.binary(digits: variable.width).utf8) }
        if variable.width == 1 { return chain.append(leb128: distance << 2 | (bits.isZero ? 0 : 2)) }
        chain.append(leb128: distance << 1)
        // The most significant bit is that of the first byte.
        let size = (variable.width + 7) / 8
        let aligned = bits.resized(to: 8 * size, isSigned: false).shiftedLeft(8 * size - variable.width)
        for byte in (0..<size).reversed() { chain.append(UInt8(truncatingIfNeeded: aligned.words[byte / 8] >> UInt64(8 * (byte % 8)))) }
      }
    }
    return chain.bytes
  }

  /// The distances between moments.
  private var times: [UInt8] {
    var times = ByteWriter(), before = 0
    for moment in dump.moments {
      times.append(leb128: moment - before)
      before = moment
    }
    return times.bytes
  }
}
