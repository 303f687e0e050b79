// 256 words of 32 bits.
module weft_memory_lane256 (
  input  wire clock,
  input  wire write_enable,
  input  wire [7:0] write_address,
  input  wire [31:0] write_data,
  input  wire read_enable,
  input  wire [7:0] read_address,
  output wire [31:0] read_data
);
  reg [31:0] words_data;
  (* no_rw_check *)
  reg [31:0] words [0:255];

  assign read_data = words_data;

  always @(posedge clock) begin
    if (write_enable) begin
      words[write_address] <= write_data;
    end
  end

  always @(posedge clock) begin
    if (read_enable) begin
      words_data <= words[read_address];
    end
  end
endmodule
