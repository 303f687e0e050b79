import Foundation
import HDL
import Testing

/// Memories behave as stated, cycle by cycle.

struct RandomAccess: Module {
  let depth: Int
  let lanes: Int
  let holds: Bool
  let collision: Memory.Collision
  @Input() var write: Bit
  @Input() var read: Bit
  @Input var mask: Unsigned
  @Input var writeAddress: Unsigned
  @Input var readAddress: Unsigned
  @Input var data: Unsigned
  @Output var word: Unsigned

  init(depth: Int, width: Int, lanes: Int, holds: Bool, collision: Memory.Collision = .undefined) {
    self.depth = depth
    self.lanes = lanes
    self.holds = holds
    self.collision = collision
    _mask = Input(lanes)
    _writeAddress = Input(indexBits(depth))
    _readAddress = Input(indexBits(depth))
    _data = Input(width)
    _word = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: data.width, lanes: lanes, collision: collision)
    rows.write(at: writeAddress, data, when: write, lanes: lanes > 1 ? mask : nil)
    word = rows.read(at: readAddress, when: holds ? read : nil)
  }
}

@Suite struct MemoryTests {
  /// Against Icarus, with reads that meet writes in half of the cycles where that is defined.
  @Test(
    .enabled(if: Tool.available(.iverilog, .vvp)),
    arguments: [
      (64, 32, 4, true), (37, 24, 3, false), (16, 8, 8, true), (8, 48, 1, true), (2, 1, 1, false), (1, 5, 1, true),
      (16, 65, 65, true), (16, 200, 100, false),
    ],
    [Memory.Collision.undefined, .readsOld, .readsNew])
  func behavesAsStated(size: (depth: Int, width: Int, lanes: Int, holds: Bool), collision: Memory.Collision) throws {
    let (depth, width, lanes, holds) = size
    let design = try elaborate(RandomAccess(depth: depth, width: width, lanes: lanes, holds: holds, collision: collision))
    var random = SplitMix(state: UInt64(depth * 1000 + width))
    var rows = (0..<depth).map { _ in BitVector.zero(width) }
    var word: BitVector?
    let address = indexBits(depth)
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
      if collision == .undefined && write && source == target { source = (source + 1) % depth }
      if collision != .undefined && random.int(0...1) == 0 { source = target }
      let collides = write && source == target
      bench += "    write = \(write ? 1 : 0); read = \(read ? 1 : 0); mask = \(lanes)'h\(mask.hexadecimal); write_address = \(target);"
      bench += " read_address = \(source); data = \(width)'h\(data.hexadecimal);\n"
      bench += "    #1 clock = 1; #1 $display(\"%h\", word); clock = 0;\n"
      let old = source < cycle && (collision != .undefined || !collides) ? rows[source] : nil
      if write {
        for lane in 0..<lanes where lanes == 1 || mask[lane] {
          let size = width / lanes, selected = BitVector(-1, width: size).resized(to: width, isSigned: false).shiftedLeft(lane * size)
          rows[target] = (rows[target] & selected.inverted) | (data & selected)
        }
      }
      if read || !holds { word = collides && collision == .readsNew && (source < cycle || filling) ? rows[source] : old }
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
    #expect(expected.filter { $0 != "?" }.count > 100 || (depth == 1 && collision == .undefined))
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [(64, 32, 4), (37, 24, 3), (16, 8, 8), (8, 48, 1), (2, 1, 1), (1, 5, 1), (100, 64, 64)])
  func lintersAreSilent(depth: Int, width: Int, lanes: Int) throws {
    for collision in [Memory.Collision.undefined, .readsOld, .readsNew] {
      let complaints = try lint(elaborate(RandomAccess(depth: depth, width: width, lanes: lanes, holds: true, collision: collision)))
      #expect(complaints == "")
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [(65, 65), (200, 100)])
  func lintersAreSilentAboutManyLanes(width: Int, lanes: Int) throws {
    #expect(try lint(elaborate(RandomAccess(depth: 16, width: width, lanes: lanes, holds: true))) == "")
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilentAboutEveryKind() throws {
    #expect(try lint(elaborate(OnePort(depth: 64, width: 16))) == "")
    #expect(try lint(elaborate(TwoClocks(depth: 64, width: 16))) == "")
    #expect(try lint(elaborate(WaveTable(samples: [1, -2, 3], file: nil))) == "")
  }

  @Test func newWordsAreBypassed() throws {
    try expectVerilog(
      RandomAccess(depth: 16, width: 8, lanes: 2, holds: true, collision: .readsNew),
      """
      module random_access (
        input  wire clock,
        input  wire write,
        input  wire read,
        input  wire [1:0] mask,
        input  wire [3:0] write_address,
        input  wire [3:0] read_address,
        input  wire [7:0] data,
        output wire [7:0] word
      );
        reg [7:0] rows_data;
        wire [7:0] rows_word;
        reg [1:0] rows_hit;
        reg [7:0] rows_written;
        (* no_rw_check *)
        reg [7:0] rows [0:15];

        assign word = rows_word;
        assign rows_word = {rows_hit[1] ? rows_written[7:4] : rows_data[7:4], rows_hit[0] ? rows_written[3:0]
            : rows_data[3:0]};

        always @(posedge clock) begin
          if (read) begin
            rows_hit <= (read_address == write_address && write) ? mask : 2'd0;
            rows_written <= data;
          end
        end

        always @(posedge clock) begin
          if (write) begin
            if (mask[0]) rows[write_address][3:0] <= data[3:0];
            if (mask[1]) rows[write_address][7:4] <= data[7:4];
          end
        end

        always @(posedge clock) begin
          if (read) begin
            rows_data <= rows[read_address];
          end
        end
      endmodule

      """)
  }

  /// Loops have at most 64 turns, which Verilator unrolls.
  @Test func manyLanesAreWrittenInSeveralLoops() throws {
    let text = try VerilogPrinter.text(elaborate(RandomAccess(depth: 16, width: 200, lanes: 100, holds: true)))
    #expect(
      text.contains(
        """
            if (write) begin
              for (rows_lane = 0; rows_lane < 64; rows_lane = rows_lane + 1) begin
                if (mask[rows_lane]) rows[write_address][2 * rows_lane +: 2] <= data[2 * rows_lane +: 2];
              end
              for (rows_lane = 64; rows_lane < 100; rows_lane = rows_lane + 1) begin
                if (mask[rows_lane]) rows[write_address][2 * rows_lane +: 2] <= data[2 * rows_lane +: 2];
              end
            end

        """))
  }

  @Test func contentsAreAList() throws {
    try expectVerilog(
      WaveTable(samples: [0, 90, -128, 127], file: nil),
      """
      module wave_table (
        input  wire clock,
        input  wire [1:0] phase,
        output wire signed [7:0] sample
      );
        reg [7:0] samples_data;
        reg [7:0] samples [0:3];

        assign sample = samples_data;

        initial begin
          samples[0] = 8'd0;
          samples[1] = 8'd90;
          samples[2] = 8'd128;
          samples[3] = 8'd127;
        end

        always @(posedge clock) begin
          samples_data <= samples[phase];
        end
      endmodule

      """)
  }

  @Test func contentsAreAFile() throws {
    let design = try elaborate(WaveTable(samples: [0, 90, -128, 127], file: "wave.hex"))
    #expect(VerilogPrinter.text(design).contains("  initial $readmemh(\"wave.hex\", samples);\n"))
    let files = VerilogPrinter.memoryFiles(design)
    #expect(files.map(\.name) == ["wave.hex"])
    #expect(files.map(\.text) == ["0\n5a\n80\n7f\n"])
    let quoted = try elaborate(WaveTable(samples: [0, 90], file: "a \"b\n\\.hex"))
    #expect(VerilogPrinter.text(quoted).contains(#"  initial $readmemh("a \"b\n\\.hex", samples);"# + "\n"))
    #expect(VerilogPrinter.memoryFiles(quoted).map(\.name) == ["a \"b\n\\.hex"])
  }

  /// A table read out by Icarus, from the list and from the file.
  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: [nil, "wave.hex", "a \"b\\.hex"])
  func tablesHoldTheirContents(file: String?) throws {
    let samples = (0..<37).map { ($0 * $0 * 7) % 256 - 128 }
    let design = try elaborate(WaveTable(samples: samples, file: file))
    let bench = """
      module bench;
        reg clock = 0;
        reg [5:0] phase = 0;
        wire signed [7:0] sample;
        wave_table top (.clock(clock), .phase(phase), .sample(sample));
        initial for (phase = 0; phase < 37; phase = phase + 1) begin
          #1 clock = 1; #1 $display("%0d", sample); clock = 0;
        end
      endmodule

      """
    let output = try withTemporaryDirectory { directory in
      for file in VerilogPrinter.memoryFiles(design) {
        try file.text.write(to: directory.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
      }
      try (VerilogPrinter.text(design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.iverilog.run(["-g2005", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0, "\(output)")
      return try Tool.vvp.run(["bench"], in: directory).output
    }
    #expect(output.split(separator: "\n").filter { !$0.contains("WARNING") }.compactMap { Int($0) } == samples)
  }
}

/// A table of signed samples.
struct WaveTable: Module {
  let samples: [Int]
  let file: String?
  @Input var phase: Unsigned
  @Output(8) var sample: Signed
  init(samples: [Int], file: String?) {
    self.samples = samples
    self.file = file
    _phase = Input(indexBits(samples.count))
  }
  func body() {
    let table = Memory("samples", depth: samples.count, width: 8, contents: file.map { .file($0, samples) } ?? .words(samples))
    sample = table.read(at: phase).asSigned
  }
}
