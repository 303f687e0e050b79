// Scalar_table memory: 512 words of 32 bits, written 32 bits at a time.
module weft_scalar_table_memory (
  input  wire clock,
  input  wire write_enable,
  input  wire [8:0] write_address,
  input  wire write_lanes,
  input  wire [31:0] write_data,
  input  wire read_enable,
  input  wire [8:0] read_address,
  output wire [31:0] read_data
);
  wire [31:0] lane0_read_data;

  weft_memory_lane512 lane0 (
    .clock(clock),
    .write_enable(write_enable && write_lanes),
    .write_address(write_address),
    .write_data(write_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane0_read_data)
  );

  assign read_data = lane0_read_data;
endmodule
