// Newton's method: 8 steps of 4 cycles on the shared multiplier.
module weft_reciprocal (
  input  wire clock,
  input  wire reset,
  input  wire runs,
  input  wire [31:0] denominator,
  output wire signed [31:0] a,
  output wire signed [31:0] b,
  input  wire signed [31:0] product,
  output wire is_done,
  output wire signed [31:0] scale,
  output wire [4:0] headroom
);
  reg [2:0] step;
  reg [1:0] beat;
  reg [4:0] places;
  reg signed [31:0] half;
  reg signed [31:0] estimate;
  reg signed [31:0] error;
  reg signed [31:0] result;

  wire step_done = &beat;
  wire is_first = step == 3'd1;
  wire empty16 = !(|denominator[31:16]);
  wire [31:0] normalized16 = empty16 ? denominator << 5'd16 : denominator;
  wire empty8 = !(|normalized16[31:24]);
  wire [31:0] normalized8 = empty8 ? normalized16 << 4'd8 : normalized16;
  wire empty4 = !(|normalized8[31:28]);
  wire [31:0] normalized4 = empty4 ? normalized8 << 3'd4 : normalized8;
  wire empty2 = !(|normalized4[31:30]);
  wire [31:0] normalized2 = empty2 ? normalized4 << 2'd2 : normalized4;
  wire empty1 = !normalized2[31];
  wire [31:0] normalized1 = empty1 ? normalized2 << 1'b1 : normalized2;
  wire signed [31:0] refined = estimate + (product << 2'd2);

  assign is_done = step_done && (&step);
  assign a = (step[0] && !is_first) ? error : half;
  assign b = is_first ? 32'shc3c3c3c4 : estimate;
  assign scale = result;
  assign headroom = places;

  always @(posedge clock) begin
    if (reset) begin
      step <= 3'd0;
      beat <= 2'd0;
      places <= 5'd0;
      half <= 32'sd0;
      estimate <= 32'sd0;
      error <= 32'sd0;
      result <= 32'sd0;
    end else begin
      if (runs) begin
        beat <= beat + 2'd1;
        if (step_done) begin
          step <= step + 3'd1;
        end
      end else begin
        beat <= 2'd0;
        step <= 3'd0;
      end
      if (runs && step_done) begin
        case (step)
          3'd0: begin
            places <= {empty16, empty8, empty4, empty2, empty1};
            half <= {1'd0, normalized1[31:1]};
          end
          3'd1: estimate <= 32'sh5a5a5a5a + product;
          3'd2, 3'd4, 3'd6: error <= 32'sh20000000 - product;
          3'd3, 3'd5: estimate <= refined;
          default: result <= (refined >= 32'sh40000000) ? 32'sh7fffffff : refined << 1'b1;
        endcase
      end
    end
  end

  wire unused = &{1'b0, normalized1[0]};
endmodule
