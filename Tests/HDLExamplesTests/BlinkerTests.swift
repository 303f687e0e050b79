import HDL
import HDLExamples
import Testing

@Test func blinkerChangesEveryHalfPeriod() throws {
  let simulation = try Simulation(Blinker(halfPeriod: 3))
  simulation.reset()
  let levels = (0..<12).map { _ in
    defer { simulation.step() }
    return simulation.light
  }
  #expect(levels == [false, false, false, true, true, true, false, false, false, true, true, true])
}

@Test func blinkerVerilog() throws {
  try expectVerilog(
    Blinker(halfPeriod: 12_000_000),
    """
    module blinker (
      input  wire clock,
      input  wire reset,
      output wire light
    );
      reg is_on;
      reg [23:0] count;

      assign light = is_on;

      always @(posedge clock) begin
        if (reset) begin
          is_on <= 1'b0;
          count <= 24'd0;
        end else if (count == 24'hb71aff) begin
          count <= 24'd0;
          is_on <= !is_on;
        end else begin
          count <= count + 24'd1;
        end
      end
    endmodule

    """)
}
