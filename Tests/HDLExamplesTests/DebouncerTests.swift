import HDL
import HDLExamples
import Testing

@Test func debouncerWaitsForRest() throws {
  let simulation = try Simulation(Debouncer(rest: 4))
  simulation.reset()
  var presses = 0
  func hold(_ level: Bool, _ cycles: Int) {
    simulation.button = level
    for _ in 0..<cycles {
      presses += simulation.pressed ? 1 : 0
      simulation.step()
    }
  }
  // It bounces: on, off, on.
  hold(true, 3); hold(false, 2); hold(true, 3)
  #expect(!simulation.isPressed && presses == 0)
  hold(true, 10)
  #expect(simulation.isPressed && presses == 1)
  hold(false, 3); hold(true, 20)
  #expect(simulation.isPressed && presses == 1)
  hold(false, 12)
  #expect(!simulation.isPressed && presses == 1)
}

@Test func debouncerVerilog() throws {
  try expectVerilog(
    Debouncer(rest: 4),
    """
    module debouncer (
      input  wire clock,
      input  wire reset,
      input  wire button,
      output wire is_pressed,
      output wire pressed
    );
      (* ASYNC_REG = "TRUE" *) reg button_meta;
      (* ASYNC_REG = "TRUE" *) reg button_synchronized;
      reg believed;
      reg [2:0] quiet;

      wire differs = button_synchronized != believed;
      wire is_believed = differs && quiet == 3'd4;

      assign is_pressed = believed;
      assign pressed = is_believed && button_synchronized;

      always @(posedge clock) begin
        if (reset) begin
          button_meta <= 1'b0;
          button_synchronized <= 1'b0;
          believed <= 1'b0;
          quiet <= 3'd0;
        end else begin
          button_meta <= button;
          button_synchronized <= button_meta;
          quiet <= 3'd0;
          if (differs && !is_believed) begin
            quiet <= quiet + 3'd1;
          end
          if (is_believed) begin
            believed <= button_synchronized;
          end
        end
      end
    endmodule

    """)
}
