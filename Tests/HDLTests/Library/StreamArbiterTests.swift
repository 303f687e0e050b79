import HDL
import Testing

/// The arbiter loses nothing, keeps the order of each input, and is as fair as its policy.

private struct Beat: Record {
  let data = Forward<Unsigned>(12)
  let last = Forward<Bit>()
}

@Suite struct StreamArbiterTests {
  /// Each output payload is the next of the input that `source` names, in the same cycle.
  private func comesFromItsSource(_ trace: StreamTrace) -> String? {
    var next = trace.inputs.map { _ in 0 }
    for transfer in trace.outputs[0] {
      let source = Int(trace.others["source"]?[transfer.cycle] ?? 99)
      guard source < next.count, next[source] < trace.inputs[source].count, trace.inputs[source][next[source]] == transfer else {
        return "\(transfer) does not come from input \(source); inputs \(trace.inputs)"
      }
      next[source] += 1
    }
    return next == trace.inputs.map(\.count) ? nil : "an input was taken and not delivered"
  }

  @Test(arguments: [1, 2, 3, 5], [StreamArbiter<Unsigned>.Policy.priority, .roundRobin])
  func losesNothing(inputs: Int, policy: StreamArbiter<Unsigned>.Policy) throws {
    try StreamBench(StreamArbiter(Stream<Unsigned>(16), inputs: inputs, policy)).check(seeds: 1..<5, comesFromItsSource)
  }

  @Test func roundRobinServesAllAlike() throws {
    let trace = try StreamBench(StreamArbiter(Stream<Unsigned>(16), inputs: 3)).runOpen(cycles: 30)
    #expect(trace.others["source"] == (0..<30).map { UInt64($0 % 3) })
  }
  @Test func priorityServesTheLowest() throws {
    let trace = try StreamBench(StreamArbiter(Stream<Unsigned>(16), inputs: 3, .priority)).runOpen(cycles: 30)
    #expect(trace.inputs.map(\.count) == [30, 0, 0])
  }
  /// While all offer, each has one turn before anybody has a second, however slow the receiver is.
  @Test func roundRobinStarvesNobody() throws {
    let bench = try StreamBench(StreamArbiter(Stream<Unsigned>(16), inputs: 5))
    for seed in UInt64(1)..<6 {
      var stimulus = bench.stimulus(seed: seed, cycles: 100)
      stimulus.offers = stimulus.offers.map { $0.map { _ in true } }
      let trace = try bench.run(stimulus)
      let sources = trace.outputs[0].map { trace.others["source"]?[$0.cycle] }
      #expect(sources == sources.indices.map { UInt64($0 % 5) }, "seed \(seed)")
    }
  }

  @Test(arguments: [StreamArbiter<Unsigned>.Policy.priority, .roundRobin])
  func packetsStayWhole(policy: StreamArbiter<Unsigned>.Policy) throws {
    let kind: StreamArbiter<Beat>.Policy = policy == .priority ? .priority : .roundRobin
    try StreamBench(StreamArbiter(Stream(Beat()), inputs: 3, kind, until: \.last)).check(seeds: 1..<9) { trace in
      var owner: UInt64?
      for transfer in trace.outputs[0] {
        let source = trace.others["source"]?[transfer.cycle]
        if let owner, owner != source { return "a packet of input \(owner) was interrupted in cycle \(transfer.cycle)" }
        owner = transfer.word >> 12 == 1 ? nil : source
      }
      return comesFromItsSource(trace)
    }
  }
}

@Test func streamArbiterVerilog() throws {
  try expectVerilog(
    StreamArbiter(Stream<Unsigned>(8), inputs: 3),
    """
    // Merges 3 streams, in turn.
    module stream_arbiter_3x8 (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] inputs_0_payload,
      input  wire inputs_0_valid,
      output wire inputs_0_ready,
      input  wire [7:0] inputs_1_payload,
      input  wire inputs_1_valid,
      output wire inputs_1_ready,
      input  wire [7:0] inputs_2_payload,
      input  wire inputs_2_valid,
      output wire inputs_2_ready,
      output reg  [7:0] output_payload,
      output reg  output_valid,
      input  wire output_ready,
      output wire [1:0] source
    );
      reg is_held;
      reg [1:0] holder;
      wire ends_turn;
      reg [1:0] turn;
      reg [1:0] first_from_turn;
      reg [1:0] first;

      wire asks_from_turn1 = inputs_1_valid && (turn <= 2'd1);
      wire asks_from_turn0 = inputs_0_valid && (turn <= 2'd0);
      wire asks_from_turn2 = inputs_2_valid && (turn <= 2'd2);
      wire [2:0] requests_from_turn = {asks_from_turn2, asks_from_turn1, asks_from_turn0};
      wire [1:0] grant = is_held ? holder : (|requests_from_turn) ? first_from_turn : first;

      always @* begin
        first_from_turn = 2'd2;
        if (asks_from_turn1) begin
          first_from_turn = 2'd1;
        end
        if (asks_from_turn0) begin
          first_from_turn = 2'd0;
        end
      end

      always @* begin
        first = 2'd2;
        if (inputs_1_valid) begin
          first = 2'd1;
        end
        if (inputs_0_valid) begin
          first = 2'd0;
        end
      end

      assign ends_turn = output_valid && output_ready;

      always @* begin
        case (grant)
          2'd0: output_valid = inputs_0_valid;
          2'd1: output_valid = inputs_1_valid;
          default: output_valid = inputs_2_valid;
        endcase
      end

      always @* begin
        case (grant)
          2'd0: output_payload = inputs_0_payload;
          2'd1: output_payload = inputs_1_payload;
          default: output_payload = inputs_2_payload;
        endcase
      end

      assign source = grant;
      assign inputs_0_ready = output_ready && grant == 2'd0;
      assign inputs_1_ready = output_ready && grant == 2'd1;
      assign inputs_2_ready = output_ready && grant == 2'd2;

      always @(posedge clock) begin
        if (reset) begin
          is_held <= 1'b0;
          holder <= 2'd0;
          turn <= 2'd0;
        end else begin
          if (ends_turn) begin
            turn <= (source == 2'd2) ? 2'd0 : source + 2'd1;
          end
          if (output_valid) begin
            is_held <= !ends_turn;
            holder <= grant;
          end
        end
      end
    endmodule

    """)
}

@Test func streamArbiterWithoutInputs() {
  #expect(messages(StreamArbiter(Stream<Unsigned>(8), inputs: 0)) == ["a StreamArbiter without inputs has nothing to send; the least is 1"])
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [1, 2, 3, 4, 5])
func streamArbiterPassesTheLinters(inputs: Int) throws {
  #expect(try lint(elaborate(StreamArbiter(Stream<Unsigned>(8), inputs: inputs, .priority))) == "")
  #expect(try lint(elaborate(StreamArbiter(Stream<Unsigned>(8), inputs: inputs))) == "")
  #expect(try lint(elaborate(StreamArbiter(Stream(Beat()), inputs: inputs, until: \.last))) == "")
}
