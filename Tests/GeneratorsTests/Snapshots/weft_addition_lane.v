// Affine addition of two bytes, rounded once: 5 cycles.
module weft_addition_lane (
  input  wire clock,
  input  wire signed [7:0] first,
  input  wire signed [7:0] second,
  input  wire signed [23:0] factor_a,
  input  wire signed [23:0] factor_b,
  input  wire signed [39:0] offset,
  input  wire signed [39:0] round,
  input  wire signed [23:0] delta,
  input  wire [5:0] shift,
  input  wire signed [7:0] zero,
  input  wire signed [7:0] low,
  input  wire signed [7:0] high,
  output wire signed [7:0] result
);
  reg signed [31:0] product_a;
  reg signed [31:0] product_b;
  reg signed [39:0] affine;
  reg signed [39:0] rounded;
  reg signed [9:0] shifted;
  reg signed [7:0] clamped;

  wire signed [32:0] product_a_plus_product_b = {product_a[31], product_a} + {product_b[31], product_b};
  wire signed [23:0] correction_choice = affine[39] ? delta : 24'sd0;
  wire signed [39:0] correction = {{16{correction_choice[23]}}, correction_choice};
  wire signed [39:0] quotient = rounded >>> shift;
  wire signed [10:0] offset_result = {shifted[9], shifted} + {{3{zero[7]}}, zero};

  assign result = clamped;

  always @(posedge clock) begin
    product_a <= first * factor_a;
    product_b <= second * factor_b;
    affine <= {{7{product_a_plus_product_b[32]}}, product_a_plus_product_b} + offset;
    rounded <= affine + round - correction;
    shifted <= ((&quotient[39:9]) || !(|quotient[39:9])) ? quotient[9:0] : {quotient[39], {9{!quotient[39]}}};
    clamped <= (offset_result < $signed({{3{low[7]}}, low})) ? low
        : (offset_result > $signed({{3{high[7]}}, high})) ? high : offset_result[7:0];
  end
endmodule
