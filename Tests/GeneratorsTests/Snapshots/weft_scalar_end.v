// Rounding shift, zero point, clamp: two cycles.
module weft_scalar_end (
  input  wire clock,
  input  wire signed [31:0] product,
  input  wire [5:0] shift,
  input  wire signed [7:0] zero,
  input  wire signed [7:0] low,
  input  wire signed [7:0] high,
  output wire signed [7:0] result
);
  reg signed [9:0] steps;
  reg signed [7:0] output_;

  wire [39:0] half = 40'd1 << (shift - 6'd1);
  wire signed [39:0] quotient = $signed({{8{product[31]}}, product} + half - {39'd0, product[31]}) >>> shift;
  wire signed [10:0] offset = {steps[9], steps} + {{3{zero[7]}}, zero};

  assign result = output_;

  always @(posedge clock) begin
    steps <= ((&quotient[39:9]) || !(|quotient[39:9])) ? quotient[9:0] : {quotient[39], {9{!quotient[39]}}};
    output_ <= (offset < $signed({{3{low[7]}}, low})) ? low : (offset > $signed({{3{high[7]}}, high}))
        ? high : offset[7:0];
  end
endmodule
