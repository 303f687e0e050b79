// Q0.31 product of 32 bits, three cycles.
module weft_scalar_multiplier (
  input  wire clock,
  input  wire signed [31:0] a,
  input  wire signed [31:0] b,
  output wire signed [31:0] product
);
  reg signed [31:0] factor_a;
  reg signed [31:0] factor_b;
  reg signed [63:0] exact;
  reg signed [63:0] held;

  wire signed [63:0] held_plus_1073741824 = held + 64'sh40000000;
  wire signed [31:0] high_multiply = held_plus_1073741824[62:31];

  assign product = high_multiply;

  always @(posedge clock) begin
    factor_a <= a;
    factor_b <= b;
    exact <= factor_a * factor_b;
    held <= exact;
  end

  wire unused = &{1'b0, held_plus_1073741824[30:0], held_plus_1073741824[63]};
endmodule
