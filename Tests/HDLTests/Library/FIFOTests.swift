import Foundation
import HDL
import Testing

/// The queue keeps order and loses nothing, at the speed and with the delay that it states.

struct Pixel: Record {
  let red = Forward<Unsigned>(5)
  let green = Forward<Unsigned>(6)
  let shade = Forward<Signed>(4)
  let last = Forward<Bit>()
}

@Suite struct FIFOTests {
  /// What leaves is what came in, and `level` counts what is inside.
  private func asStated(_ depth: Int) -> (StreamTrace) -> String? {
    { trace in
      let sent = trace.inputs[0], received = trace.outputs[0]
      if received.map(\.word) != sent.prefix(received.count).map(\.word) { return "received \(received), sent \(sent)" }
      for (cycle, level) in (trace.others["level"] ?? []).enumerated() {
        let inside = sent.filter { $0.cycle < cycle }.count - received.filter { $0.cycle < cycle }.count
        if level != inside || inside > depth { return "level \(level) in cycle \(cycle), when \(inside) are inside" }
      }
      return nil
    }
  }

  @Test(arguments: [1, 2, 3, 5, 8, 16], [FIFO<Unsigned>.Storage.registers, .memory])
  func keepsOrder(depth: Int, storage: FIFO<Unsigned>.Storage) throws {
    try StreamBench(FIFO(Stream<Unsigned>(16), depth: depth, storage: storage)).check(seeds: 1..<5, asStated(depth))
  }
  @Test func keepsRecordsTogether() throws {
    try StreamBench(FIFO(Stream(Pixel()), depth: 12)).check(asStated(12))
  }
  @Test(arguments: [(FIFO<Unsigned>.Storage.registers, 1), (.memory, 2)])
  func delayAndThroughput(storage: FIFO<Unsigned>.Storage, delay: Int) throws {
    let trace = try StreamBench(FIFO(Stream<Unsigned>(8), depth: 4, storage: storage)).runOpen(cycles: 50)
    #expect(trace.inputs[0].map(\.cycle) == Array(0..<50))
    #expect(trace.outputs[0].map(\.cycle) == Array(delay..<50))
  }
  @Test func holdsExactlyItsDepth() throws {
    for storage in [FIFO<Unsigned>.Storage.registers, .memory] {
      let bench = try StreamBench(FIFO(Stream<Unsigned>(8), depth: 5, storage: storage))
      var stimulus = bench.stimulus(seed: 1, cycles: 40)
      stimulus.open()
      stimulus.takes = [Array(repeating: false, count: 40)]
      #expect(try bench.run(stimulus).inputs[0].map(\.cycle) == Array(0..<5))
    }
  }
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [(1, FIFO<Unsigned>.Storage.registers), (3, .registers), (8, .registers), (2, .memory), (5, .memory), (64, .memory)])
func fifoPassesTheLinters(depth: Int, storage: FIFO<Unsigned>.Storage) throws {
  #expect(try lint(elaborate(FIFO(Stream<Unsigned>(8), depth: depth, storage: storage))) == "")
  #expect(try lint(elaborate(FIFO(Stream(Pixel()), depth: depth))) == "")
}

@Test func fifoInRegistersVerilog() throws {
  try expectVerilog(
    FIFO(Stream<Unsigned>(8), depth: 4),
    """
    // First-in first-out queue, 4 deep, in registers: one cycle from input to output.
    module fifo_4x8 (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output reg  [7:0] output_payload,
      output wire output_valid,
      input  wire output_ready,
      output wire [2:0] level
    );
      reg [2:0] count;
      reg [1:0] write_position;
      reg [1:0] read_position;
      reg [7:0] slot0;
      reg [7:0] slot1;
      reg [7:0] slot2;
      reg [7:0] slot3;

      wire pops = output_valid && output_ready;
      wire pushes = input_valid && input_ready;

      assign input_ready = count != 3'd4;
      assign level = count;
      assign output_valid = count != 3'd0;

      always @* begin
        case (read_position)
          2'd0: output_payload = slot0;
          2'd1: output_payload = slot1;
          2'd2: output_payload = slot2;
          default: output_payload = slot3;
        endcase
      end

      always @(posedge clock) begin
        if (pushes && !pops) begin
          count <= count + 3'd1;
        end else if (pops && !pushes) begin
          count <= count - 3'd1;
        end
        if (pushes) begin
          write_position <= write_position + 2'd1;
        end
        if (pops) begin
          read_position <= read_position + 2'd1;
        end
        if (pushes && write_position == 2'd0) begin
          slot0 <= input_payload;
        end
        if (pushes && write_position == 2'd1) begin
          slot1 <= input_payload;
        end
        if (pushes && write_position == 2'd2) begin
          slot2 <= input_payload;
        end
        if (pushes && write_position == 2'd3) begin
          slot3 <= input_payload;
        end
        if (reset) begin
          count <= 3'd0;
          write_position <= 2'd0;
          read_position <= 2'd0;
        end
      end
    endmodule

    """)
}

@Test func fifoInMemoryVerilog() throws {
  try expectVerilog(
    FIFO(Stream(Pixel()), depth: 512),
    """
    // First-in first-out queue, 512 deep, in a memory: two cycles from input to output.
    module fifo_512x16 (
      input  wire clock,
      input  wire reset,
      input  wire [4:0] input_payload_red,
      input  wire [5:0] input_payload_green,
      input  wire signed [3:0] input_payload_shade,
      input  wire input_payload_last,
      input  wire input_valid,
      output wire input_ready,
      output wire [4:0] output_payload_red,
      output wire [5:0] output_payload_green,
      output wire signed [3:0] output_payload_shade,
      output wire output_payload_last,
      output wire output_valid,
      input  wire output_ready,
      output wire [9:0] level
    );
      reg [9:0] count;
      reg is_fetched;
      reg [8:0] write_position;
      reg [8:0] read_position;
      reg [15:0] memory_data;
      (* no_rw_check *)
      reg [15:0] memory [0:511];

      wire pops = output_valid && output_ready;
      wire pushes = input_valid && input_ready;
      wire is_waiting = count != {9'd0, is_fetched};
      wire fetches = (!is_fetched || output_ready) && is_waiting;

      assign input_ready = count != 10'd512;
      assign level = count;
      assign output_payload_red = memory_data[4:0];
      assign output_payload_green = memory_data[10:5];
      assign output_payload_shade = memory_data[14:11];
      assign output_payload_last = memory_data[15];
      assign output_valid = is_fetched;

      always @(posedge clock) begin
        if (reset) begin
          count <= 10'd0;
          is_fetched <= 1'b0;
          write_position <= 9'd0;
          read_position <= 9'd0;
        end else begin
          if (pushes && !pops) begin
            count <= count + 10'd1;
          end else if (pops && !pushes) begin
            count <= count - 10'd1;
          end
          if (fetches) begin
            is_fetched <= 1'b1;
          end else if (output_ready) begin
            is_fetched <= 1'b0;
          end
          if (pushes) begin
            write_position <= write_position + 9'd1;
          end
          if (fetches) begin
            read_position <= read_position + 9'd1;
          end
        end
      end

      always @(posedge clock) begin
        if (pushes) begin
          memory[write_position] <= {input_payload_last, input_payload_shade, input_payload_green,
              input_payload_red};
        end
      end

      always @(posedge clock) begin
        if (fetches) begin
          memory_data <= memory[read_position];
        end
      end
    endmodule

    """)
}

@Test func fifoOfNothing() {
  #expect(messages(FIFO(Stream<Unsigned>(8), depth: 0)) == ["a FIFO of depth 0 holds nothing; the least is 1"])
}

/// A deep queue costs block RAM, not flip-flops.
@Test(.enabled(if: Tool.available(.yosys)), arguments: [("synth_ice40", "SB_RAM40_4K", "SB_DFF", 4), ("synth_ecp5", "DP16KD", "TRELLIS_FF", 1)])
func deepFIFOIsBlockRAM(flow: String, block: String, flipFlop: String, blocks: Int) throws {
  let design = try elaborate(FIFO(Stream<Unsigned>(32), depth: 512))
  let (status, output) = try withTemporaryDirectory { directory in
    try VerilogPrinter.text(design).write(to: directory.appendingPathComponent("fifo.v"), atomically: true, encoding: .utf8)
    return try Tool.yosys.run(["-p", "read_verilog fifo.v; \(flow) -top fifo_512x32; stat"], in: directory)
  }
  #expect(status == 0)
  var cells: [String: Int] = [:]
  for line in output.components(separatedBy: "Number of cells:").last?.split(separator: "\n").dropFirst() ?? [] {
    let words = line.split(separator: " ")
    if words.count == 2, let count = Int(words[1]) { cells[String(words[0])] = count }
  }
  #expect(cells[block] == blocks)
  // Two positions of 9 bits, a count of 10, one flag.
  #expect(cells.filter { $0.key.hasPrefix(flipFlop) }.values.reduce(0, +) == 29, "\(cells)")
}
