import Foundation
import HDL
import Testing

/// Memories behave as stated, cycle by cycle, and become block RAM.

struct RandomAccess: Module {
  let depth: Int
  let lanes: Int
  let holds: Bool
  @Input() var write: Bit
  @Input() var read: Bit
  @Input var mask: Unsigned
  @Input var writeAddress: Unsigned
  @Input var readAddress: Unsigned
  @Input var data: Unsigned
  @Output var word: Unsigned

  init(depth: Int, width: Int, lanes: Int, holds: Bool) {
    self.depth = depth
    self.lanes = lanes
    self.holds = holds
    _mask = Input(lanes)
    _writeAddress = Input(bitsNeeded(for: depth))
    _readAddress = Input(bitsNeeded(for: depth))
    _data = Input(width)
    _word = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: data.width, lanes: lanes)
    rows.write(at: writeAddress, data, when: write, lanes: lanes > 1 ? mask : nil)
    word = rows.read(at: readAddress, when: holds ? read : nil)
  }
}

@Suite struct MemoryTests {
  /// What Yosys makes of a memory: cell counts by type.
  private func cells(_ module: some Module, _ flow: String) throws -> [String: Int] {
    try withTemporaryDirectory { directory in
      let design = try elaborate(module)
      try VerilogPrinter.text(design).write(to: directory.appendingPathComponent("m.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.yosys.run(["-p", "read_verilog m.v; \(flow) -top random_access; stat"], in: directory)
      #expect(status == 0, "\(output.suffix(2000))")
      var cells: [String: Int] = [:]
      for line in output.components(separatedBy: "Number of cells:").last?.split(separator: "\n").dropFirst() ?? [] {
        let words = line.split(separator: " ")
        guard words.count == 2, let count = Int(words[1]) else { continue }
        cells[String(words[0])] = count
      }
      return cells
    }
  }

  @Test(.enabled(if: Tool.available(.yosys)), arguments: [(1, false), (1, true), (4, false), (8, true)])
  func blockRAMOnICE40(lanes: Int, holds: Bool) throws {
    // 512 x 32 bits are four iCE40 blocks of 256 x 16.
    let cells = try cells(RandomAccess(depth: 512, width: 32, lanes: lanes, holds: holds), "synth_ice40")
    #expect(cells["SB_RAM40_4K"] == 4)
    let flipFlops = cells.filter { $0.key.hasPrefix("SB_DFF") }.values.reduce(0, +)
    #expect(flipFlops <= 2, "the read register belongs inside the block: \(cells)")
  }

  @Test(.enabled(if: Tool.available(.yosys)), arguments: [(1, false), (1, true), (4, false), (8, true)])
  func blockRAMOnECP5(lanes: Int, holds: Bool) throws {
    let cells = try cells(RandomAccess(depth: 1024, width: 32, lanes: lanes, holds: holds), "synth_ecp5")
    #expect((2...8).contains(cells["DP16KD"] ?? 0), "\(cells)")
    #expect(cells["TRELLIS_DPR16X4"] == nil && (cells["TRELLIS_FF"] ?? 0) <= 2, "\(cells)")
  }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: [(64, 32, 4, true), (37, 24, 3, false), (16, 8, 8, true), (8, 48, 1, true), (2, 1, 1, false), (1, 5, 1, true)])
  func behavesAsStated(depth: Int, width: Int, lanes: Int, holds: Bool) throws {
    let design = try elaborate(RandomAccess(depth: depth, width: width, lanes: lanes, holds: holds))
    var random = SplitMix(state: UInt64(depth * 1000 + width))
    var rows = (0..<depth).map { _ in BitVector.zero(width) }
    var word: BitVector?
    let address = bitsNeeded(for: depth)
    var bench = """
      module bench;
        reg clock = 0, write, read;
        reg [\(lanes - 1):0] mask;
        reg [\(address - 1):0] write_address, read_address;
        reg [\(width - 1):0] data;
        wire [\(width - 1):0] word;
        random_access top (.clock(clock), .write(write), .read(read), .mask(mask), .write_address(write_address),
          .read_address(read_address), .data(data), .word(word));
        initial begin

      """
    var expected: [String] = []
    for cycle in 0..<400 {
      // The first cycles fill every row, so that nothing unknown is read.
      let filling = cycle < depth
      let write = filling || random.int(0...1) == 0, read = random.int(0...2) > 0
      let mask = filling ? BitVector(-1, width: lanes) : random.bits(lanes)
      let target = filling ? cycle : random.int(0...depth - 1), data = random.bits(width)
      var source = random.int(0...depth - 1)
      // Reading the row that is being written is undefined by contract.
      if write && source == target { source = (source + 1) % depth }
      let collides = write && source == target
      bench += "    write = \(write ? 1 : 0); read = \(read ? 1 : 0); mask = \(lanes)'h\(mask.hexadecimal); write_address = \(target);"
      bench += " read_address = \(source); data = \(width)'h\(data.hexadecimal);\n"
      bench += "    #1 clock = 1; #1 $display(\"%h\", word); clock = 0;\n"
      if read || !holds { word = source < cycle && !collides ? rows[source] : nil }
      if write {
        for lane in 0..<lanes where lanes == 1 || mask[lane] {
          let size = width / lanes, selected = BitVector(-1, width: size).resized(to: width, isSigned: false).shiftedLeft(lane * size)
          rows[target] = (rows[target] & selected.inverted) | (data & selected)
        }
      }
      expected.append(word.map(\.hexadecimal) ?? "?")
    }
    bench += "  end\nendmodule\n"
    let actual = try withTemporaryDirectory { directory in
      try (VerilogPrinter.text(design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.iverilog.run(["-g2005", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0, "\(output)")
      return try Tool.vvp.run(["bench"], in: directory).output.split(separator: "\n").map { line in
        let digits = line.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
      }
    }
    #expect(actual.count == expected.count)
    let wrong = zip(actual, expected).enumerated().first { $1.1 != "?" && $1.0 != $1.1 }
    #expect(wrong == nil, "cycle \(wrong.map { "\($0)" } ?? "")")
    #expect(expected.filter { $0 != "?" }.count > 100 || depth == 1)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [(64, 32, 4), (37, 24, 3), (16, 8, 8), (8, 48, 1), (2, 1, 1), (1, 5, 1), (100, 64, 64)])
  func lintersAreSilent(depth: Int, width: Int, lanes: Int) throws {
    let complaints = try lint(elaborate(RandomAccess(depth: depth, width: width, lanes: lanes, holds: true)))
    #expect(complaints == "")
  }
}
