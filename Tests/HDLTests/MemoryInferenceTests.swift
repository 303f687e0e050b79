import Foundation
import HDL
import Testing

/// Every kind of memory becomes block RAM in Yosys, on iCE40 and on ECP5, and nothing of it flip-flops; and what those do not have,
/// on ECP5 and the 7 series.
@Suite(.enabled(if: Tool.available(.yosys))) struct MemoryInferenceTests {
  /// Cell counts by type.
  private func cells(_ module: some Module, _ flow: String) throws -> [String: Int] {
    try withTemporaryDirectory { directory in
      let design = try elaborate(module)
      try VerilogPrinter.text(design).write(to: directory.appendingPathComponent("m.v"), atomically: true, encoding: .utf8)
      for file in VerilogPrinter.memoryFiles(design) {
        try file.text.write(to: directory.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
      }
      let (status, output) = try Tool.yosys.run(["-p", "read_verilog m.v; \(flow) -top \(design.top?.name ?? ""); stat"], in: directory)
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
  private func flipFlops(_ cells: [String: Int]) -> Int {
    cells.filter { $0.key.hasPrefix("SB_DFF") || $0.key == "TRELLIS_FF" || $0.key.hasPrefix("FD") }.values.reduce(0, +)
  }

  static let kinds: [(lanes: Int, holds: Bool)] = [(1, false), (1, true), (4, false), (8, true)]

  @Test(arguments: kinds) func undefinedCollisionsOnICE40(lanes: Int, holds: Bool) throws {
    // 512 x 32 bits are four iCE40 blocks of 256 x 16.
    let cells = try cells(RandomAccess(depth: 512, width: 32, lanes: lanes, holds: holds), "synth_ice40")
    #expect(cells["SB_RAM40_4K"] == 4)
    #expect(flipFlops(cells) == 0, "the read register belongs inside the block: \(cells)")
  }
  @Test(arguments: kinds) func undefinedCollisionsOnECP5(lanes: Int, holds: Bool) throws {
    let cells = try cells(RandomAccess(depth: 1024, width: 32, lanes: lanes, holds: holds), "synth_ecp5")
    // A block of 1024 x 18 bits can mask 9 bits at a time, so lanes of 4 bits take twice as many.
    #expect(cells["DP16KD"] == (lanes == 8 ? 4 : 2), "\(cells)")
    #expect(flipFlops(cells) == 0 && cells["TRELLIS_DPR16X4"] == nil, "\(cells)")
  }

  /// Our own bypass remembers the word written and the lanes that were hit. For the old word Yosys remembers both words.
  private func expectRegisters(_ cells: [String: Int], _ lanes: Int, _ collision: Memory.Collision) {
    if collision == .readsNew {
      #expect(flipFlops(cells) == 32 + lanes, "\(cells)")
    } else {
      #expect(flipFlops(cells) <= 2 * 32 + 20 + lanes, "\(cells)")
    }
  }

  /// What the RAM cannot do by itself costs the registers that remember a collision, and no more.
  @Test(arguments: kinds, [Memory.Collision.readsOld, .readsNew]) func statedCollisionsOnICE40(kind: (lanes: Int, holds: Bool), collision: Memory.Collision) throws {
    let cells = try cells(RandomAccess(depth: 512, width: 32, lanes: kind.lanes, holds: kind.holds, collision: collision), "synth_ice40")
    #expect(cells["SB_RAM40_4K"] == 4)
    expectRegisters(cells, kind.lanes, collision)
  }
  @Test(arguments: kinds, [Memory.Collision.readsOld, .readsNew]) func statedCollisionsOnECP5(kind: (lanes: Int, holds: Bool), collision: Memory.Collision) throws {
    let cells = try cells(RandomAccess(depth: 1024, width: 32, lanes: kind.lanes, holds: kind.holds, collision: collision), "synth_ecp5")
    #expect(cells["DP16KD"] == (kind.lanes == 8 ? 4 : 2) && cells["TRELLIS_DPR16X4"] == nil, "\(cells)")
    expectRegisters(cells, kind.lanes, collision)
  }

  @Test(arguments: [nil, "wave.hex"]) func tables(file: String?) throws {
    let wave = WaveTable(samples: (0..<1024).map { ($0 * 97) % 256 - 128 }, file: file)
    let small = try cells(wave, "synth_ice40"), large = try cells(wave, "synth_ecp5")
    #expect(small["SB_RAM40_4K"] == 2 && flipFlops(small) == 0, "\(small)")
    #expect(large["DP16KD"] == 1 && flipFlops(large) == 0, "\(large)")
  }

  @Test func onePort() throws {
    let small = try cells(OnePort(depth: 512, width: 16), "synth_ice40"), large = try cells(OnePort(depth: 1024, width: 16), "synth_ecp5")
    #expect(small["SB_RAM40_4K"] == 2 && flipFlops(small) == 0, "\(small)")
    #expect(large["DP16KD"] == 1 && flipFlops(large) == 0, "\(large)")
    let huge = try cells(OnePort(depth: 16384, width: 16), "synth_ice40 -spram")
    #expect(huge["SB_SPRAM256KA"] == 1 && huge["SB_RAM40_4K"] == nil && flipFlops(huge) == 0, "\(huge)")
  }

  private static let sevenSeries = "synth_xilinx -family xc7"

  /// Reads without a clock are lookup tables as RAM where there are such.
  @Test func asynchronousReads() throws {
    let large = try cells(RegisterFile(), "synth_ecp5"), seven = try cells(RegisterFile(), Self.sevenSeries)
    #expect(large["TRELLIS_DPR16X4"] == 16 && flipFlops(large) == 0, "\(large)")
    #expect(seven["RAM32M"] == 6 && flipFlops(seven) == 0, "\(seven)")
    let registers = try cells(RegisterFile(style: .registers), "synth_ecp5")
    #expect(flipFlops(registers) == 512 && registers["TRELLIS_DPR16X4"] == nil, "\(registers)")
    // iCE40 has none: a register file is flip-flops there.
    #expect(flipFlops(try cells(RegisterFile(), "synth_ice40")) == 512)
  }

  /// Two ports that write. iCE40 has no such block.
  @Test(arguments: [false, true]) func twoWritePorts(twoClocks: Bool) throws {
    let ports = TwoPorts(depth: 1024, width: 16, twoClocks: twoClocks)
    let large = try cells(ports, "synth_ecp5"), seven = try cells(ports, Self.sevenSeries)
    #expect(large["DP16KD"] == 1 && flipFlops(large) == 0, "\(large)")
    #expect(seven["RAMB18E1"] == 1 && flipFlops(seven) == 0, "\(seven)")
  }

  @Test(arguments: [(2, 1), (1, 2)]) func portsOfUnlikeWidths(writes: Int, reads: Int) throws {
    let ports = Narrowing(depth: 2048, width: 8, writes: writes, reads: reads)
    let small = try cells(ports, "synth_ice40"), large = try cells(ports, "synth_ecp5"), seven = try cells(ports, Self.sevenSeries)
    #expect(small["SB_RAM40_4K"] == 4 && flipFlops(small) == 0, "\(small)")
    #expect(large["DP16KD"] == 1 && flipFlops(large) == 0, "\(large)")
    #expect(seven["RAMB18E1"] == 1 && flipFlops(seven) == 0, "\(seven)")
  }

  @Test func twoClocks() throws {
    let small = try cells(TwoClocks(depth: 512, width: 16), "synth_ice40"), large = try cells(TwoClocks(depth: 1024, width: 16), "synth_ecp5")
    #expect(small["SB_RAM40_4K"] == 2 && flipFlops(small) == 0, "\(small)")
    #expect(large["DP16KD"] == 1 && flipFlops(large) == 0, "\(large)")
  }
}

/// A memory with one port for both directions.
struct OnePort: Module {
  let depth: Int
  @Input() var isWriting: Bit
  @Input() var enable: Bit
  @Input var address: Unsigned
  @Input var data: Unsigned
  @Output var word: Unsigned
  init(depth: Int, width: Int) {
    self.depth = depth
    _address = Input(indexBits(depth))
    _data = Input(width)
    _word = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: data.width)
    word = rows.access(at: address, write: data, when: isWriting, enable: enable)
  }
}

/// A memory that is written with one clock and read with another.
struct TwoClocks: Module {
  let depth: Int
  let camera = ClockDomain("camera")
  @Input var isWriting: Bit
  @Input var writeAddress: Unsigned
  @Input var data: Unsigned
  @Input var readAddress: Unsigned
  @Output var word: Unsigned
  init(depth: Int, width: Int) {
    self.depth = depth
    _isWriting = Input(in: camera)
    _writeAddress = Input(indexBits(depth), in: camera)
    _data = Input(width, in: camera)
    _readAddress = Input(indexBits(depth))
    _word = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: data.width)
    rows.write(at: writeAddress, data, when: isWriting, in: camera)
    word = rows.read(at: readAddress)
  }
}
