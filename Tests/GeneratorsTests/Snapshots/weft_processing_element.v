// 4 int8 products a step, summed into 24 bits; a shadow register drains the last tile.
module weft_processing_element (
  input  wire clock,
  input  wire load,
  input  wire [31:0] operand,
  input  wire [31:0] weight,
  input  wire multiply,
  input  wire maximum,
  input  wire accumulate,
  input  wire first,
  input  wire capture,
  input  wire shift,
  input  wire signed [23:0] shadow_in,
  output wire signed [23:0] shadow_out
);
  reg [31:0] operand_held;
  reg signed [17:0] dot;
  reg signed [23:0] accumulator;
  reg signed [23:0] shadow;

  wire signed [15:0] product0 = $signed(operand_held[7:0]) * $signed(weight[7:0]);
  wire signed [15:0] product1 = $signed(operand_held[15:8]) * $signed(weight[15:8]);
  wire signed [16:0] pair2_0 = {product0[15], product0} + {product1[15], product1};
  wire signed [15:0] product2 = $signed(operand_held[23:16]) * $signed(weight[23:16]);
  wire signed [15:0] product3 = $signed(operand_held[31:24]) * $signed(weight[31:24]);
  wire signed [16:0] pair2_1 = {product2[15], product2} + {product3[15], product3};
  wire signed [17:0] total = {pair2_0[16], pair2_0} + {pair2_1[16], pair2_1};
  wire signed [23:0] addend = {{6{dot[17]}}, dot};
  wire keep = !first && accumulator >= addend;
  wire signed [23:0] greatest = keep ? accumulator : addend;
  wire signed [23:0] sum = (first ? 24'sd0 : accumulator) + addend;
  wire signed [23:0] result = maximum ? greatest : sum;

  assign shadow_out = shadow;

  always @(posedge clock) begin
    if (load) begin
      operand_held <= operand;
    end
    if (multiply) begin
      dot <= maximum ? {{10{operand_held[7]}}, operand_held[7:0]} : total;
    end
    if (accumulate) begin
      accumulator <= result;
    end
    if (capture) begin
      shadow <= result;
    end else if (shift) begin
      shadow <= shadow_in;
    end
  end
endmodule
