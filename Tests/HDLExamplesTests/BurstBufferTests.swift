import HDL
import HDLExamples
import Testing

@Test func burstBufferSendsInBursts() throws {
  let simulation = try Simulation(BurstBuffer(width: 8, burst: 4))
  simulation.reset()
  var sent = 0, received: [(cycle: Int, sample: Int)] = []
  simulation.output.ready = true
  for cycle in 0..<200 {
    // A sample every seventh cycle.
    simulation.input.valid = cycle % 7 == 0
    simulation.input.payload = sent
    if simulation.input.valid && simulation.input.ready { sent += 1 }
    if simulation.output.valid && simulation.output.ready { received.append((cycle, simulation.output.payload)) }
    simulation.step()
  }
  #expect(received.map(\.sample) == Array(0..<received.count))
  #expect(received.count == 28)
  for burst in 0..<received.count / 4 {
    let cycles = received[4 * burst..<4 * burst + 4].map(\.cycle)
    #expect(cycles.last == cycles[0] + 3, "a burst has no gaps")
  }
}

@Test func burstBufferVerilog() throws {
  try expectVerilog(
    BurstBuffer(width: 8, burst: 4),
    """
    module burst_buffer (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] input_payload,
      input  wire input_valid,
      output wire input_ready,
      output wire [7:0] output_payload,
      output wire output_valid,
      input  wire output_ready
    );
      wire queue_input_ready;
      wire [3:0] queue_level;
      reg [3:0] rest;
      wire [7:0] queue_output_payload;
      wire queue_output_valid;

      wire is_open = rest != 4'd0;

      fifo_8x8 queue_ (
        .clock(clock),
        .reset(reset),
        .input_payload(input_payload),
        .input_valid(input_valid),
        .input_ready(queue_input_ready),
        .output_payload(queue_output_payload),
        .output_valid(queue_output_valid),
        .output_ready(output_ready && is_open),
        .level(queue_level)
      );

      assign input_ready = queue_input_ready;
      assign output_payload = queue_output_payload;
      assign output_valid = queue_output_valid && is_open;

      always @(posedge clock) begin
        if (reset) begin
          rest <= 4'd0;
        end else if (!is_open) begin
          if (queue_level >= 4'd4) begin
            rest <= 4'd4;
          end
        end else if (output_valid && output_ready) begin
          rest <= rest - 4'd1;
        end
      end
    endmodule

    """)
}
