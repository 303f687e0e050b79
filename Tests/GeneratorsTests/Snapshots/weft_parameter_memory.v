// Parameter memory: 64 words of 96 bits, written 32 bits at a time.
module weft_parameter_memory (
  input  wire clock,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  input  wire read_enable,
  input  wire [5:0] read_address,
  output wire [95:0] read_data
);
  wire [31:0] lane0_read_data;
  wire [31:0] lane1_read_data;
  wire [31:0] lane2_read_data;

  wire write_parameters = load_write && load_region == 4'd3;
  wire [5:0] written_word = load_address[9:4];

  weft_memory_lane64 lane0 (
    .clock(clock),
    .write_enable(write_parameters && load_address[3:2] == 2'd0),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane0_read_data)
  );

  weft_memory_lane64 lane1 (
    .clock(clock),
    .write_enable(write_parameters && load_address[3:2] == 2'd1),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane1_read_data)
  );

  weft_memory_lane64 lane2 (
    .clock(clock),
    .write_enable(write_parameters && load_address[3:2] == 2'd2),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane2_read_data)
  );

  assign read_data = {lane2_read_data, lane1_read_data, lane0_read_data};

  wire unused = &{1'b0, load_address[1:0], load_address[23:10]};
endmodule
