import HDL
import Testing

/// One stage of a pipeline: order, speed, and the path of `ready`.

@Suite struct StreamRegisterTests {
  @Test func keepsOrderUnderBackPressure() throws {
    try StreamBench(StreamRegister(Stream<Signed>(16))).check(seeds: 1..<17, orderComplaint)
  }
  @Test func onePayloadACycle() throws {
    let trace = try StreamBench(StreamRegister(Stream<Unsigned>(16))).runOpen(cycles: 50)
    #expect(trace.inputs[0].map(\.cycle) == Array(0..<50))
    #expect(trace.outputs[0].map(\.cycle) == Array(1..<50))
  }
}

@Test func streamRegisterVerilog() throws {
  try expectVerilog(
    StreamRegister(Stream(Pixel())),
    """
    // One pipeline stage of a stream.
    module stream_register_16 (
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
      input  wire output_ready
    );
      reg is_held;
      reg [15:0] held;

      assign input_ready = !is_held || output_ready;
      assign output_valid = is_held;
      assign output_payload_red = held[4:0];
      assign output_payload_green = held[10:5];
      assign output_payload_shade = held[14:11];
      assign output_payload_last = held[15];

      always @(posedge clock) begin
        if (input_ready) begin
          is_held <= input_valid;
          held <= {input_payload_last, input_payload_shade, input_payload_green, input_payload_red};
        end
        if (reset) begin
          is_held <= 1'b0;
        end
      end
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)))
func streamRegisterPassesTheLinters() throws {
  #expect(try lint(elaborate(StreamRegister(Stream(Pixel())))) == "")
}
