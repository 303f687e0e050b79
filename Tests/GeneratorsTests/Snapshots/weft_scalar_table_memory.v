// Scalar table memory: 512 words of 32 bits, written 32 bits at a time.
module weft_scalar_table_memory (
  input  wire clock,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  input  wire read_enable,
  input  wire [8:0] read_address,
  output wire [31:0] read_data
);
  wire [31:0] lane0_read_data;

  wire write_scalar_tables = load_write && load_region == 4'd5;
  wire [8:0] written_word = load_address[10:2];

  weft_memory_lane512 lane0 (
    .clock(clock),
    .write_enable(write_scalar_tables),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane0_read_data)
  );

  assign read_data = lane0_read_data;

  wire unused = &{1'b0, load_address[1:0], load_address[23:11]};
endmodule
