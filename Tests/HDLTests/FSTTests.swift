import Foundation
import HDL
import Testing

/// A recording as Fast Signal Trace: GTKWave's reader finds in it what is in the Value Change Dump, change for change.
@Suite struct FSTTests {
  /// What a Value Change Dump says, whatever its codes and the order within a moment.
  private struct Contents: Equatable {
    /// Kind, width and name with its range, of each scope and variable in the order of declaration.
    var declarations: [String] = []
    /// The moments, and what each variable becomes, by its position among the variables, without leading zeros.
    var times: [Int] = []
    var changes: [Set<String>] = []

    init(_ text: String) {
      var positions: [Substring: [Int]] = [:], count = 0
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        switch words[0] {
        case "$scope", "$upscope": declarations.append(line.description)
        case "$var":
          positions[words[3], default: []].append(count)
          count += 1
          declarations.append((words[1] == "string" ? ["string"] : words[1...2] + []).joined(separator: " ") + " " + words[4...].joined(separator: " "))
        case _ where line.hasPrefix("#"):
          times.append(Int(line.dropFirst()) ?? -1)
          changes.append([])
        case _ where words.count == 2 && !times.isEmpty && (line.hasPrefix("b") || line.hasPrefix("s")):
          let value = line.hasPrefix("b") ? "b" + (words[0].dropFirst().drop { $0 == "0" }) : words[0]
          for position in positions[words[1]] ?? [] { changes[changes.count - 1].insert("\(position): \(value)") }
        case _ where !times.isEmpty && (line.hasPrefix("0") || line.hasPrefix("1")):
          for position in positions[line.dropFirst()] ?? [] { changes[changes.count - 1].insert("\(position): \(line.prefix(1))") }
        default: break
        }
      }
    }
  }

  /// What fst2vcd makes of a recording.
  private func converted(_ waveform: Waveform, _ options: String...) throws -> String {
    try withTemporaryDirectory { directory in
      try Data(waveform.fst()).write(to: directory.appendingPathComponent("dump.fst"))
      let (status, _) = try Tool.fst2vcd.run(options + ["-f", "dump.fst", "-o", "dump.vcd"], in: directory)
      #expect(status == 0)
      // The tool writes texts as C does.
      return try String(contentsOf: directory.appendingPathComponent("dump.vcd"), encoding: .utf8).replacingOccurrences(of: "\\?", with: "?")
    }
  }
  private func compare(_ waveform: Waveform, _ what: String) throws {
    let expected = Contents(waveform.vcd()), actual = Contents(try converted(waveform))
    #expect(expected.declarations.count > 2 && expected.declarations == actual.declarations, "\(what)")
    #expect(expected.times == actual.times, "\(what)")
    for (time, pair) in zip(expected.times, zip(expected.changes, actual.changes)) {
      #expect(pair.0 == pair.1, "\(what) at \(time): \(pair.0.symmetricDifference(pair.1).sorted())")
    }
  }

  /// A machine with an enum whose encodings have gaps, and values of many widths around those of words and bytes.
  private struct Wide: Module {
    enum Mode: Int, CaseIterable { case off = 1, slow = 4, fast = 17 }
    static let widths = [1, 2, 7, 8, 9, 31, 33, 63, 64, 65, 127, 128, 129, 200]
    @Input(200) var x: Unsigned
    @Output(200) var y: Unsigned
    @Output() var shown: Enumerated<Mode>
    @StateRegister var mode: Mode = .off

    func body() {
      var sum = x
      for width in Self.widths {
        let register = Register<Signed>("held\(width)", width)
        register.value = x[0..<width].asSigned
        sum = sum ^ register.value.asUnsigned.extended(to: 200)
      }
      Switch($mode) {
        Case(.off) { mode = .slow }
        Case(.slow) { When(x[0]) { mode = .fast } }
        Case(.fast) { mode = .off }
      }
      shown = $mode
      y = sum
    }
  }
  private func wide(seed: UInt64, cycles: Int) throws -> Waveform {
    let simulation = try Simulation(Wide()), waveform = simulation.record()
    var random = SplitMix(state: seed)
    simulation.reset()
    for _ in 0..<cycles {
      if random.int(0...2) > 0 { simulation.poke(\.x, words: random.bits(200).words) }
      random.int(0...9) == 0 ? simulation.reset() : simulation.step()
    }
    return waveform
  }

  @Test(.enabled(if: Tool.available(.fst2vcd))) func readBack() throws {
    try compare(wide(seed: 1, cycles: 30), "wide values")
    let array = try Simulation(SystolicArray(2)), instances = array.record()
    array.poke(\.a, 0x0002)
    array.poke(\.b, 0x00FE)
    array.step(3)
    try compare(instances, "instances")
    let fifo = try Simulation(FIFO(Stream<Unsigned>(8), depth: 2))
    try compare(fifo.record(), "nothing but the present")
  }

  @Test(.enabled(if: Tool.available(.fst2vcd)), arguments: RandomAgreementTests.seeds) func readBackRandom(seed: UInt64) throws {
    print("random recordings, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    var random = SplitMix(state: seed)
    let batch = RandomClockBatch([seed, seed + 1]), clocks = try Simulation(batch, .random(seed: seed)), recorded = clocks.record()
    for _ in 0..<60 {
      (clocks.x, clocks.xLeft) = (random.int(0...4095), random.int(0...1))
      let domain = random.pick([ClockDomain.default, batch.left, batch.right])
      random.int(0...5) == 0 ? clocks.reset(in: domain) : clocks.step(in: domain)
    }
    try compare(recorded, "clocks, seed \(seed)")
    let programs = RandomBatch(programs: 3, seed: seed), simulation = try Simulation(programs), waveform = simulation.record()
    _ = try simulation.outputs(programs.stimuli(20, seed: seed))
    try compare(waveform, "modules, seed \(seed)")
    try compare(wide(seed: seed, cycles: 200), "wide values, seed \(seed)")
  }

  /// A change that is one bit, one moment or one letter off is found out.
  @Test func comparisonIsExact() throws {
    let text = try wide(seed: 1, cycles: 5).vcd(), contents = Contents(text)
    for (old, new) in [("b100 ", "b101 "), ("#20\n", "#21\n"), ("soff ", "sslow "), ("wire 7 ", "wire 8 "), ("held9 ", "held8 ")] {
      #expect(text.contains(old) && contents != Contents(text.replacingOccurrences(of: old, with: new)), "\(old)")
    }
  }

  @Test(.enabled(if: Tool.available(.fst2vcd))) func enumTables() throws {
    let text = try converted(wide(seed: 1, cycles: 1), "-e")
    #expect(text.contains("$attrbegin misc 07 Mode 3 off slow fast 00001 00100 10001 1 $end\n"))
    #expect(text.components(separatedBy: "$attrbegin misc 07 \"\" 1 $end\n").count == 3)
  }

  // MARK: without a tool

  /// The blocks follow each other without a gap, and what they count is there.
  @Test func structure() throws {
    let waveform = try wide(seed: 2, cycles: 10), file = waveform.fst(), vcd = Contents(waveform.vcd())
    func number(_ position: Int, _ count: Int = 8) -> Int { file[position..<position + count].reduce(0) { $0 << 8 | Int($1) } }
    var blocks: [(kind: UInt8, content: Range<Int>)] = [], next = 0
    while next < file.count {
      let end = next + 1 + number(next + 1)
      try #require(end <= file.count)
      blocks.append((file[next], next + 9..<end))
      next = end
    }
    #expect(blocks.map(\.kind) == [0, 8, 3, 4])
    let variables = vcd.declarations.count { !$0.hasPrefix("$") }, scopes = vcd.declarations.count { $0.hasPrefix("$scope") }
    let header = blocks[0].content.lowerBound
    #expect(blocks[0].content.count == 321 && number(header + 8) == vcd.times.last)
    #expect(stride(from: header + 32, through: header + 56, by: 8).map { number($0) } == [scopes, variables, variables, 1])
    let changes = blocks[1].content
    #expect(number(changes.upperBound - 8) == vcd.times.count && number(changes.upperBound - 16) == number(changes.upperBound - 24))
    let geometry = blocks[2].content
    #expect(number(geometry.lowerBound) == geometry.count - 16 && number(geometry.lowerBound + 8) == variables)
    // gzip: magic, one stored block, its length, and around it what has a fixed size.
    let hierarchy = blocks[3].content.lowerBound, length = number(hierarchy)
    #expect(number(hierarchy + 8, 3) == 0x1F8B08 && file[hierarchy + 18] == 1 && blocks[3].content.count == length + 31)
    #expect(256 * Int(file[hierarchy + 20]) + Int(file[hierarchy + 19]) == length)
    #expect(try file == wide(seed: 2, cycles: 10).fst())
  }
}
