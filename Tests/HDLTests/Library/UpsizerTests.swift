import HDL
import Testing

/// Narrow payloads become wide ones, nothing lost, at one narrow payload a cycle.

@Suite struct UpsizerTests {
  @Test(arguments: [1, 2, 3, 4]) func collects(ratio: Int) throws {
    let bench = try StreamBench(Upsizer(from: 8, by: ratio))
    try bench.check(seeds: 1..<7) { trace in
      let sent = trace.inputs[0].map(\.word), received = trace.outputs[0].map(\.word)
      let expected = (0..<sent.count / ratio).map { group in (0..<ratio).reduce(UInt64(0)) { $0 | sent[group * ratio + $1] << (8 * UInt64($1)) } }
      let pending = expected.count - received.count
      return (0...1).contains(pending) && received == Array(expected.prefix(received.count)) ? nil : "received \(received), sent \(sent)"
    }
    let trace = try bench.runOpen(cycles: 24)
    #expect(trace.inputs[0].map(\.cycle) == Array(0..<24))
    #expect(trace.outputs[0].map(\.cycle) == Array(stride(from: ratio, to: 24, by: ratio)))
  }
}

@Test func upsizerVerilog() throws {
  try expectVerilog(
    Upsizer(from: 8, by: 3),
    """
    // Makes one payload of 3, the first in the least significant bits.
    module upsizer_8to24 (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [23:0] output_payload,
      output wire output_valid,
      input  wire output_ready
    );
      reg [1:0] place;
      reg is_complete;
      reg [7:0] part0;
      reg [7:0] part1;
      reg [7:0] part2;

      wire takes = input_valid && input_ready;
      wire is_last = place == 2'd2;

      assign input_ready = !is_complete || output_ready;
      assign output_valid = is_complete;
      assign output_payload = {part2, part1, part0};

      always @(posedge clock) begin
        if (takes && place == 2'd0) begin
          part0 <= input_payload;
        end
        if (takes && place == 2'd1) begin
          part1 <= input_payload;
        end
        if (takes && is_last) begin
          part2 <= input_payload;
        end
        if (takes) begin
          place <= is_last ? 2'd0 : place + 2'd1;
        end
        if (takes && is_last) begin
          is_complete <= 1'b1;
        end else if (output_ready) begin
          is_complete <= 1'b0;
        end
        if (reset) begin
          place <= 2'd0;
          is_complete <= 1'b0;
        end
      end
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [1, 2, 3, 4])
func upsizerPassesTheLinters(ratio: Int) throws {
  #expect(try lint(elaborate(Upsizer(from: 8, by: ratio))) == "")
}
