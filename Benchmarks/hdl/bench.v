// Drives the printed 8 x 8 array with the operands that all languages get, and shows the sums in the end.
module bench;
  reg clock = 0;
  reg reset = 1;
  reg clear = 0;
  reg shift = 0;
  reg [63:0] a = 0;
  reg [63:0] b = 0;
  wire [191:0] total;
  reg [63:0] state = 1;
  reg [31:0] high = 0;
  integer cycle, cycles;

  systolic_array array (.clock(clock), .reset(reset), .clear(clear), .shift(shift), .a(a), .b(b), .total(total));

  task advance;
    state = state * 64'd6364136223846793005 + 64'd1442695040888963407;
  endtask

  initial begin
    if (!$value$plusargs("cycles=%d", cycles)) cycles = 1000;
    #1 clock = 1;
    #1 clock = 0;
    reset = 0;
    for (cycle = 0; cycle < cycles; cycle = cycle + 1) begin
      clear = cycle % 64 == 0;
      shift = cycle % 64 >= 56;
      advance;
      high = state[63:32];
      advance;
      a = {high, state[63:32]};
      advance;
      high = state[63:32];
      advance;
      b = {high, state[63:32]};
      #1 clock = 1;
      #1 clock = 0;
    end
    #1 $display("%h", total);
    $finish;
  end
endmodule
