// Rotates 8 bytes: output lane o is input lane (o + amount) mod 8.
module weft_rotator8 (
  input  wire [63:0] bytes,
  input  wire [2:0] amount,
  output wire [63:0] rotated
);
  wire [63:0] stage0 = amount[0] ? {bytes[7:0], bytes[63:8]} : bytes;
  wire [63:0] stage1 = amount[1] ? {stage0[15:0], stage0[63:16]} : stage0;
  wire [63:0] stage2 = amount[2] ? {stage1[31:0], stage1[63:32]} : stage1;

  assign rotated = stage2;
endmodule
