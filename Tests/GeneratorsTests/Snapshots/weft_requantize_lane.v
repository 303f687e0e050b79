// Bias, multiply, round, shift, zero point, clamp: 6 cycles.
module weft_requantize_lane (
  input  wire clock,
  input  wire signed [23:0] sum,
  input  wire [95:0] parameters,
  input  wire signed [7:0] zero,
  input  wire signed [7:0] low,
  input  wire signed [7:0] high,
  output wire signed [7:0] result
);
  reg signed [23:0] value;
  reg [30:0] factor;
  reg signed [55:0] product;
  reg signed [55:0] product_held;
  reg negative1;
  reg negative2;
  reg [5:0] shift1;
  reg [5:0] shift2;
  reg [5:0] shift3;
  reg double_rounding1;
  reg double_rounding2;
  reg double_rounding3;
  reg signed [63:0] rounded;
  reg [5:0] shift_late;
  reg signed [9:0] shifted;
  reg signed [7:0] clamped;

  wire [62:0] half = 63'd1 << (shift3 - 6'd1);
  wire signed [31:0] inner = double_rounding3 ? (negative2 ? 32'shc0000000 : 32'sh40000000) : 32'sd0;
  wire signed [63:0] rounding = {1'd0, half} + {{32{inner[31]}}, inner};
  wire signed [63:0] quotient = rounded >>> shift_late;
  wire signed [10:0] offset = {shifted[9], shifted} + {{3{zero[7]}}, zero};

  assign result = clamped;

  always @(posedge clock) begin
    value <= sum + parameters[23:0];
    factor <= parameters[62:32];
    product <= value * $signed({1'd0, factor});
    product_held <= product;
    negative1 <= value[23];
    negative2 <= negative1;
    shift1 <= parameters[69:64];
    shift2 <= shift1;
    shift3 <= shift2;
    double_rounding1 <= parameters[70];
    double_rounding2 <= double_rounding1;
    double_rounding3 <= double_rounding2;
    rounded <= {{8{product_held[55]}}, product_held} + rounding;
    shift_late <= shift3;
    shifted <= ((&quotient[63:9]) || !(|quotient[63:9])) ? quotient[9:0] : {quotient[63], {9{!quotient[63]}}};
    clamped <= (offset < $signed({{3{low[7]}}, low})) ? low : (offset > $signed({{3{high[7]}}, high}))
        ? high : offset[7:0];
  end

  wire unused = &{1'b0, parameters[31:24], parameters[63], parameters[95:71]};
endmodule
