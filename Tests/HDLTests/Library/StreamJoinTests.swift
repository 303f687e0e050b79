import HDL
import Testing

/// The n-th payloads of two streams meet.

@Suite struct StreamJoinTests {
  @Test func pairsInOrder() throws {
    try StreamBench(StreamJoin(Stream<Unsigned>(8), Stream<Signed>(16))).check { trace in
      let pairs = zip(trace.inputs[0], trace.inputs[1]).map { $0.word | $1.word << 8 }
      let counts = trace.inputs.map(\.count) + [trace.outputs[0].count]
      return trace.outputs[0].map(\.word) == pairs && Set(counts).count == 1 ? nil : "received \(trace.outputs[0]), sent \(trace.inputs)"
    }
  }
}

@Test func streamJoinVerilog() throws {
  try expectVerilog(
    StreamJoin(Stream<Unsigned>(8), Stream<Signed>(16)),
    """
    // One payload from each of two streams makes one of the output.
    module stream_join (
      input  wire [7:0] first_payload,
      input  wire first_valid,
      output wire first_ready,
      input  wire signed [15:0] second_payload,
      input  wire second_valid,
      output wire second_ready,
      output wire [7:0] output_payload_first,
      output wire signed [15:0] output_payload_second,
      output wire output_valid,
      input  wire output_ready
    );
      assign output_valid = first_valid && second_valid;
      assign first_ready = second_valid && output_ready;
      assign second_ready = first_valid && output_ready;
      assign output_payload_first = first_payload;
      assign output_payload_second = second_payload;
    endmodule

    """)
}

@Test func joiningOneDeclarationWithItself() {
  let stream = Stream<Unsigned>(8)
  #expect(
    messages(StreamJoin(stream, stream)).first ==
      "'output.payload.first' and 'output.payload.second' are one declaration used twice; declare each with a Forward, Backward or bundle of its own")
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)))
func streamJoinPassesTheLinters() throws {
  #expect(try lint(elaborate(StreamJoin(Stream<Unsigned>(8), Stream(Pixel())))) == "")
}
