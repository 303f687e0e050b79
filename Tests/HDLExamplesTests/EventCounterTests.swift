import HDL
import HDLExamples
import Testing

@Test func eventCounterCountsAndWraps() throws {
  let simulation = try Simulation(EventCounter(limit: 9))
  simulation.reset()
  simulation.step(5)
  #expect(simulation.count == 0)
  simulation.event = true
  simulation.step(9)
  #expect(simulation.count == 9 && simulation.wraps)
  simulation.step()
  #expect(simulation.count == 0 && !simulation.wraps)
  simulation.step(4)
  simulation.clear = true
  simulation.step()
  #expect(simulation.count == 0)
}

@Test func eventCounterVerilog() throws {
  try expectVerilog(
    EventCounter(limit: 9),
    """
    module event_counter (
      input  wire clock,
      input  wire reset,
      input  wire event_,
      input  wire clear,
      output wire [3:0] count,
      output wire wraps
    );
      reg [3:0] held;

      wire is_last = held == 4'd9;

      assign count = held;
      assign wraps = event_ && is_last && !clear;

      always @(posedge clock) begin
        if (reset) begin
          held <= 4'd0;
        end else if (clear) begin
          held <= 4'd0;
        end else if (event_) begin
          held <= is_last ? 4'd0 : held + 4'd1;
        end
      end
    endmodule

    """)
}
