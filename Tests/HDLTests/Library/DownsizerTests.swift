import HDL
import Testing

/// Wide payloads become narrow ones, nothing lost, at one narrow payload a cycle.

@Suite struct DownsizerTests {
  @Test(arguments: [1, 2, 3, 4]) func spreads(ratio: Int) throws {
    let bench = try StreamBench(Downsizer(to: 8, by: ratio))
    try bench.check(seeds: 1..<7) { trace in
      let sent = trace.inputs[0].map(\.word), received = trace.outputs[0].map(\.word)
      let expected = sent.flatMap { word in (0..<ratio).map { word >> (8 * UInt64($0)) & 0xFF } }
      let pending = expected.count - received.count
      return (0...ratio).contains(pending) && received == Array(expected.prefix(received.count)) ? nil : "received \(received), sent \(sent)"
    }
    let trace = try bench.runOpen(cycles: 24)
    #expect(trace.outputs[0].map(\.cycle) == Array(1..<24))
    #expect(trace.inputs[0].map(\.cycle) == Array(stride(from: 0, to: 24, by: ratio)))
  }
}

@Test func downsizerVerilog() throws {
  try expectVerilog(
    Downsizer(to: 8, by: 4),
    """
    // Makes 4 payloads of one, the least significant bits first.
    module downsizer_32to8 (
      input  wire clock,
      input  wire reset,
      input  wire [31:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [7:0] output_payload,
      output wire output_valid,
      input  wire output_ready
    );
      reg [1:0] place;
      reg is_held;
      reg [31:0] rest;

      wire is_last = place == 2'd3;

      assign input_ready = !is_held || (output_ready && is_last);
      assign output_valid = is_held;
      assign output_payload = rest[7:0];

      always @(posedge clock) begin
        if (input_ready) begin
          is_held <= input_valid;
          rest <= input_payload;
          place <= 2'd0;
        end else if (output_ready) begin
          rest <= {8'd0, rest[31:8]};
          place <= place + 2'd1;
        end
        if (reset) begin
          place <= 2'd0;
          is_held <= 1'b0;
        end
      end
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [1, 2, 3, 4])
func downsizerPassesTheLinters(ratio: Int) throws {
  #expect(try lint(elaborate(Downsizer(to: 8, by: ratio))) == "")
}
