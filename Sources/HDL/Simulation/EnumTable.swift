/// The names of an enum's cases by their encodings, as waveform viewers get them.
struct EnumTable: Hashable {
  struct Case: Hashable {
    let encoding: Int
    let name: String
  }
  /// The name of the enum, and a number if others have it, too.
  var name: String
  /// Bits of an encoding.
  let width: Int
  /// By ascending encoding.
  let cases: [Case]

  /// An encoding, in all its binary digits, and a name on each line: what GTKWave and Surfer read.
  var lines: String { cases.map { "\(BitVector($0.encoding, width: width).binary(digits: width)) \($0.name)\n" }.joined() }
}

/// The tables of all enums that a recording shows, in the order of the signals.
struct EnumTables {
  private(set) var all: [EnumTable] = []
  /// The table of each trace that shows an enum, as a position in `all`.
  private var positions: [Int: Int] = [:]

  init(_ recording: Recording) {
    var known: [EnumTable: Int] = [:], used: Set<String> = []
    for (index, trace) in recording.traces.enumerated() where !trace.handle.labels.isEmpty {
      let cases = trace.handle.labels.sorted { $0.key < $1.key }.map { EnumTable.Case(encoding: $0, name: ChangeDump.identifier($1)) }
      var table = EnumTable(name: ChangeDump.identifier(trace.entry.labelType), width: trace.handle.shape.width, cases: cases)
      if known[table] == nil {
        known[table] = all.count
        let wanted = table.name
        var number = 0
        while !used.insert(table.name).inserted {
          number += 1
          table.name = "\(wanted)_\(number)"
        }
        all.append(table)
        positions[index] = all.count - 1
      } else {
        positions[index] = known[table]
      }
    }
  }

  func position(ofTrace trace: Int) -> Int? { positions[trace] }
}
