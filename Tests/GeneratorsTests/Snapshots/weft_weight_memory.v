// Weight memory: 256 words of 128 bits, written 32 bits at a time.
module weft_weight_memory (
  input  wire clock,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  input  wire read_enable,
  input  wire [7:0] read_address,
  output wire [127:0] read_data
);
  wire [31:0] lane0_read_data;
  wire [31:0] lane1_read_data;
  wire [31:0] lane2_read_data;
  wire [31:0] lane3_read_data;

  wire write_weights = load_write && load_region == 4'd2;
  wire [7:0] written_word = load_address[11:4];

  weft_memory_lane256 lane0 (
    .clock(clock),
    .write_enable(write_weights && load_address[3:2] == 2'd0),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane0_read_data)
  );

  weft_memory_lane256 lane1 (
    .clock(clock),
    .write_enable(write_weights && load_address[3:2] == 2'd1),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane1_read_data)
  );

  weft_memory_lane256 lane2 (
    .clock(clock),
    .write_enable(write_weights && load_address[3:2] == 2'd2),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane2_read_data)
  );

  weft_memory_lane256 lane3 (
    .clock(clock),
    .write_enable(write_weights && load_address[3:2] == 2'd3),
    .write_address(written_word),
    .write_strobe(load_strobe),
    .write_data(load_data),
    .read_enable(read_enable),
    .read_address(read_address),
    .read_data(lane3_read_data)
  );

  assign read_data = {lane3_read_data, lane2_read_data, lane1_read_data, lane0_read_data};

  wire unused = &{1'b0, load_address[1:0], load_address[23:12]};
endmodule
