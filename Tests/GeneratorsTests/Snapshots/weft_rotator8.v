// Rotates 8 bytes: output lane o is input lane (o + amount) mod 8.
module weft_rotator8 (
  input  wire [63:0] bytes,
  input  wire [2:0] amount,
  output wire [63:0] rotated
);
  wire [63:0] rotated_choice_1 = amount[0] ? {bytes[7:0], bytes[63:8]} : bytes;
  wire [63:0] rotated_choice = amount[1] ? {rotated_choice_1[15:0], rotated_choice_1[63:16]}
      : rotated_choice_1;

  assign rotated = amount[2] ? {rotated_choice[31:0], rotated_choice[63:32]} : rotated_choice;
endmodule
