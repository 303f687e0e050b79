import HDL
import Testing

/// The queue between two clocks keeps order at any ratio of the two, and is never overfull.

@Suite(.enabled(if: Tool.available(.iverilog, .vvp))) struct AsyncFIFOTests {
  @Test(arguments: [2, 4, 16]) func keepsOrder(depth: Int) throws {
    try StreamBench(AsyncFIFO(Stream<Unsigned>(16), depth: depth)).check(seeds: 1..<13, cycles: 400) { trace in
      let inside = trace.inputs[0].count - trace.outputs[0].count
      return orderComplaint(trace) ?? ((0...depth + 1).contains(inside) ? nil : "\(inside) are inside")
    }
  }
  @Test func delay() throws {
    let bench = try StreamBench(AsyncFIFO(Stream(Pixel()), depth: 4))
    var stimulus = bench.stimulus(seed: 1, cycles: 20)
    stimulus.open()
    stimulus.ticks = stimulus.ticks.map { $0.map { _ in true } }
    let trace = try bench.run(stimulus)
    #expect(trace.outputs[0].first?.cycle == 4)
    #expect(trace.outputs[0].map(\.word) == trace.inputs[0].prefix(trace.outputs[0].count).map(\.word))
  }
}

@Test func asyncFIFOVerilog() throws {
  try expectVerilog(
    AsyncFIFO(Stream<Unsigned>(8), depth: 16),
    """
    // Queue between two clocks, 16 deep; the counts cross as Gray codes.
    module async_fifo_16x8 (
      input  wire write_clock,
      input  wire write_reset,
      input  wire read_clock,
      input  wire read_reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [7:0] output_payload,
      output wire output_valid,
      input  wire output_ready
    );
      reg is_fetched;
      reg [4:0] write_count;
      reg [4:0] write_gray;
      wire fetches;
      reg [4:0] read_count;
      reg [4:0] read_gray;
      (* ASYNC_REG = "TRUE" *) reg [4:0] read_gray_meta;
      (* ASYNC_REG = "TRUE" *) reg [4:0] read_gray_synchronized;
      (* ASYNC_REG = "TRUE" *) reg [4:0] write_gray_meta;
      (* ASYNC_REG = "TRUE" *) reg [4:0] write_gray_synchronized;
      reg [7:0] memory_data;
      (* no_rw_check *)
      reg [7:0] memory [0:15];

      wire [4:0] full_code = read_gray_synchronized ^ 5'h18;
      wire [4:0] write_next = write_count + 5'd1;
      wire pushes = input_valid && input_ready;
      wire [4:0] read_next = read_count + 5'd1;

      assign input_ready = write_gray != full_code;
      assign fetches = (!is_fetched || output_ready) && read_gray != write_gray_synchronized;
      assign output_payload = memory_data;
      assign output_valid = is_fetched;

      always @(posedge write_clock) begin
        if (write_reset) begin
          write_count <= 5'd0;
          write_gray <= 5'd0;
          read_gray_meta <= 5'd0;
          read_gray_synchronized <= 5'd0;
        end else begin
          if (pushes) begin
            write_count <= write_next;
            write_gray <= write_next ^ {1'd0, write_next[4:1]};
          end
          read_gray_meta <= read_gray;
          read_gray_synchronized <= read_gray_meta;
        end
      end

      always @(posedge read_clock) begin
        if (read_reset) begin
          is_fetched <= 1'b0;
          read_count <= 5'd0;
          read_gray <= 5'd0;
          write_gray_meta <= 5'd0;
          write_gray_synchronized <= 5'd0;
        end else begin
          if (fetches) begin
            read_count <= read_next;
            read_gray <= read_next ^ {1'd0, read_next[4:1]};
          end
          write_gray_meta <= write_gray;
          write_gray_synchronized <= write_gray_meta;
          if (fetches) begin
            is_fetched <= 1'b1;
          end else if (output_ready) begin
            is_fetched <= 1'b0;
          end
        end
      end

      always @(posedge write_clock) begin
        if (pushes) begin
          memory[write_count[3:0]] <= input_payload;
        end
      end

      always @(posedge read_clock) begin
        if (fetches) begin
          memory_data <= memory[read_count[3:0]];
        end
      end
    endmodule

    """)
}

@Test func asyncFIFOOfOddDepth() {
  #expect(
    messages(AsyncFIFO(Stream<Unsigned>(8), depth: 12))
      == ["an AsyncFIFO of depth 12 cannot count in Gray code; the depth must be a power of two, at least 2"])
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [2, 4, 512])
func asyncFIFOPassesTheLinters(depth: Int) throws {
  #expect(try lint(elaborate(AsyncFIFO(Stream<Unsigned>(8), depth: depth))) == "")
}
