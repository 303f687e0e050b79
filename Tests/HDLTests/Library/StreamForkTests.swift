import HDL
import Testing

/// Every receiver gets every payload, once.

@Suite struct StreamForkTests {
  private func allReceiveAll(_ trace: StreamTrace) -> String? {
    let sent = trace.inputs[0].map(\.word)
    for (index, received) in trace.outputs.enumerated() {
      // An eager receiver may be one ahead of the input's transfer.
      let ahead = received.count - sent.count
      if !(0...1).contains(ahead) || Array(received.map(\.word).prefix(sent.count)) != sent {
        return "output \(index) received \(received), sent \(trace.inputs[0])"
      }
    }
    return nil
  }

  @Test(arguments: [1, 2, 3]) func eager(outputs: Int) throws {
    let bench = try StreamBench(StreamFork(Stream<Unsigned>(16), outputs: outputs))
    try bench.check(seeds: 1..<9, allReceiveAll)
    #expect(try bench.runOpen(cycles: 20).outputs.allSatisfy { $0.map(\.cycle) == Array(0..<20) })
  }

  /// An eager receiver does not wait for a slow one.
  @Test func eagerServesTheFastFirst() throws {
    let bench = try StreamBench(StreamFork(Stream<Unsigned>(16), outputs: 2))
    var stimulus = bench.stimulus(seed: 1, cycles: 12)
    stimulus.open()
    stimulus.takes[1] = (0..<12).map { $0 % 4 == 3 }
    let trace = try bench.run(stimulus)
    #expect(trace.outputs[0].map(\.cycle) == [0, 4, 8])
    #expect(trace.outputs[1].map(\.cycle) == [3, 7, 11])
  }

  /// A lazy fork may withdraw an offer, and says so; everything else holds.
  @Test func lazyServesAllAtOnce() throws {
    let bench = try StreamBench(StreamFork(Stream<Unsigned>(16), outputs: 3, .lazy))
    for seed in UInt64(1)..<9 {
      let trace = try bench.run(bench.stimulus(seed: seed, cycles: 200))
      #expect(trace.violations.allSatisfy { $0.contains("withdrawn") })
      #expect(trace.outputs.allSatisfy { $0 == trace.inputs[0] }, "seed \(seed)")
    }
  }
}

@Test func streamForkVerilog() throws {
  try expectVerilog(
    StreamFork(Stream<Unsigned>(8), outputs: 2),
    """
    // Copies a stream to 2 receivers, each in its own time.
    module stream_fork_2x8 (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [7:0] outputs_0_payload,
      output wire outputs_0_valid,
      input  wire outputs_0_ready,
      output wire [7:0] outputs_1_payload,
      output wire outputs_1_valid,
      input  wire outputs_1_ready
    );
      reg served0;
      reg served1;

      assign outputs_0_payload = input_payload;
      assign outputs_1_payload = input_payload;
      assign input_ready = (outputs_0_ready || served0) && (outputs_1_ready || served1);
      assign outputs_0_valid = input_valid && !served0;
      assign outputs_1_valid = input_valid && !served1;

      always @(posedge clock) begin
        if (reset) begin
          served0 <= 1'b0;
          served1 <= 1'b0;
        end else if (input_valid) begin
          served0 <= !input_ready && (outputs_0_ready || served0);
          served1 <= !input_ready && (outputs_1_ready || served1);
        end
      end
    endmodule

    """)
}

@Test func streamForkWithoutOutputs() {
  #expect(messages(StreamFork(Stream<Unsigned>(8), outputs: 0)) == ["a StreamFork without outputs goes nowhere; the least is 1"])
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [StreamFork<Unsigned>.Policy.eager, .lazy], [1, 2, 4])
func streamForkPassesTheLinters(policy: StreamFork<Unsigned>.Policy, outputs: Int) throws {
  #expect(try lint(elaborate(StreamFork(Stream<Unsigned>(8), outputs: outputs, policy))) == "")
}
