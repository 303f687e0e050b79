// 256 words of 32 bits, written by bytes.
module weft_memory_lane256 (
  input  wire clock,
  input  wire write_enable,
  input  wire [7:0] write_address,
  input  wire [3:0] write_strobe,
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
      if (write_strobe[0]) words[write_address][7:0] <= write_data[7:0];
      if (write_strobe[1]) words[write_address][15:8] <= write_data[15:8];
      if (write_strobe[2]) words[write_address][23:16] <= write_data[23:16];
      if (write_strobe[3]) words[write_address][31:24] <= write_data[31:24];
    end
  end

  always @(posedge clock) begin
    if (read_enable) begin
      words_data <= words[read_address];
    end
  end
endmodule
