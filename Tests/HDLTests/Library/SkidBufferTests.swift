import HDL
import Testing

/// The skid buffer keeps order at full speed, and no path runs through it.

/// What leaves the only output is what came in at the only input, in order.
func orderComplaint(_ trace: StreamTrace) -> String? {
  let sent = trace.inputs[0], received = trace.outputs[0]
  return received.map(\.word) == sent.prefix(received.count).map(\.word) ? nil : "received \(received), sent \(sent)"
}

@Suite struct SkidBufferTests {
  @Test func keepsOrderUnderBackPressure() throws {
    try StreamBench(SkidBuffer(Stream<Unsigned>(16))).check(seeds: 1..<17) { trace in
      let inside = trace.inputs[0].count - trace.outputs[0].count
      return orderComplaint(trace) ?? ((0...2).contains(inside) ? nil : "\(inside) are inside")
    }
    try StreamBench(SkidBuffer(Stream(Pixel()))).check(orderComplaint)
  }
  @Test func onePayloadACycle() throws {
    let trace = try StreamBench(SkidBuffer(Stream<Unsigned>(16))).runOpen(cycles: 50)
    #expect(trace.inputs[0].map(\.cycle) == Array(0..<50))
    #expect(trace.outputs[0].map(\.cycle) == Array(1..<50))
  }
}

@Test func skidBufferHasNoPathThrough() throws {
  let design = try elaborate(SkidBuffer(Stream<Unsigned>(8)))
  #expect(try #require(design.top).graph.dependencies.allSatisfy(\.isEmpty))
}

@Test func skidBufferVerilog() throws {
  try expectVerilog(
    SkidBuffer(Stream<Unsigned>(8)),
    """
    // Registers a stream in both directions, at one payload a cycle.
    module skid_buffer_8 (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [7:0] output_payload,
      output wire output_valid,
      input  wire output_ready
    );
      reg is_offered;
      reg [7:0] offer;
      reg is_aside;
      reg [7:0] aside;

      assign input_ready = !is_aside;
      assign output_valid = is_offered;
      assign output_payload = offer;

      always @(posedge clock) begin
        if (!is_offered || output_ready) begin
          is_offered <= input_valid || is_aside;
          offer <= is_aside ? aside : input_payload;
          is_aside <= 1'b0;
        end else if (input_valid && !is_aside) begin
          is_aside <= 1'b1;
        end
        if (!is_aside) begin
          aside <= input_payload;
        end
        if (reset) begin
          is_offered <= 1'b0;
          is_aside <= 1'b0;
        end
      end
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)))
func skidBufferPassesTheLinters() throws {
  #expect(try lint(elaborate(SkidBuffer(Stream<Unsigned>(8)))) == "")
  #expect(try lint(elaborate(SkidBuffer(Stream<Bit>(1)))) == "")
}
