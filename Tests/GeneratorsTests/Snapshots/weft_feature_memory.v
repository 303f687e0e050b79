// Feature memory: 8 byte lanes of 512 rows; unaligned reads of 8 bytes, unaligned masked writes.
module weft_feature_memory (
  input  wire clock,
  input  wire reset,
  input  wire read_enable,
  input  wire [23:0] read_address,
  input  wire [2:0] read_destination,
  input  wire [3:0] read_low,
  input  wire [3:0] read_high,
  output wire [63:0] read_data,
  input  wire [7:0] pad_byte,
  input  wire write_enable,
  input  wire [23:0] write_address,
  input  wire [3:0] write_mask,
  input  wire [31:0] write_data,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place
);
  wire [63:0] write_rotator_rotated;
  wire [7:0] lane0_read_byte;
  wire [7:0] lane1_read_byte;
  wire [7:0] lane2_read_byte;
  wire [7:0] lane3_read_byte;
  wire [7:0] lane4_read_byte;
  wire [7:0] lane5_read_byte;
  wire [7:0] lane6_read_byte;
  wire [7:0] lane7_read_byte;
  reg [2:0] read_turn;
  reg [2:0] read_destination_held;
  reg [3:0] read_low_held;
  reg [3:0] read_high_held;
  reg [63:0] read_data_held;
  wire [63:0] read_rotator_rotated;
  reg read_fault_held;
  reg [23:0] read_fault_place_held;

  wire [2:0] write_offset = write_address[2:0];
  wire [2:0] write_turn = 3'd0 - write_offset;
  wire [2:0] read_offset = read_address[2:0];
  wire [8:0] read_row = read_address[11:3];
  wire [8:0] read_next_row = read_row + 9'd1;
  wire [7:0] lane_mask_choice_1 = write_address[0] ? {{3'd0, write_mask}, 1'b0} : {4'd0, write_mask};
  wire [7:0] lane_mask_choice = write_address[1] ? {lane_mask_choice_1[5:0], lane_mask_choice_1[7:6]}
      : lane_mask_choice_1;
  wire [7:0] lane_mask = write_address[2] ? {lane_mask_choice[3:0], lane_mask_choice[7:4]} : lane_mask_choice;
  wire [8:0] write_row = write_address[11:3];
  wire [8:0] write_next_row = write_row + 9'd1;
  wire [2:0] read_index7 = 3'd7 - read_destination_held;
  wire [2:0] read_index6 = 3'd6 - read_destination_held;
  wire [2:0] read_index5 = 3'd5 - read_destination_held;
  wire [2:0] read_index4 = 3'd4 - read_destination_held;
  wire [2:0] read_index3 = 3'd3 - read_destination_held;
  wire [2:0] read_index2 = 3'd2 - read_destination_held;
  wire [2:0] read_index1 = 3'd1 - read_destination_held;
  wire [2:0] read_index0 = 3'd0 - read_destination_held;
  wire [23:0] first_read = read_address + {20'd0, read_low};
  wire [23:0] last_read = read_address + {20'd0, read_high} - 24'd1;

  weft_rotator8 write_rotator (
    .bytes({32'd0, write_data}),
    .amount(write_turn),
    .rotated(write_rotator_rotated)
  );

  weft_feature_lane lane0 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd0) ? read_next_row : read_row),
    .read_byte(lane0_read_byte),
    .write_enable(lane_mask[0] && write_enable),
    .write_row((write_offset > 3'd0) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[7:0])
  );

  weft_feature_lane lane1 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd1) ? read_next_row : read_row),
    .read_byte(lane1_read_byte),
    .write_enable(lane_mask[1] && write_enable),
    .write_row((write_offset > 3'd1) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[15:8])
  );

  weft_feature_lane lane2 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd2) ? read_next_row : read_row),
    .read_byte(lane2_read_byte),
    .write_enable(lane_mask[2] && write_enable),
    .write_row((write_offset > 3'd2) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[23:16])
  );

  weft_feature_lane lane3 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd3) ? read_next_row : read_row),
    .read_byte(lane3_read_byte),
    .write_enable(lane_mask[3] && write_enable),
    .write_row((write_offset > 3'd3) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[31:24])
  );

  weft_feature_lane lane4 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd4) ? read_next_row : read_row),
    .read_byte(lane4_read_byte),
    .write_enable(lane_mask[4] && write_enable),
    .write_row((write_offset > 3'd4) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[39:32])
  );

  weft_feature_lane lane5 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd5) ? read_next_row : read_row),
    .read_byte(lane5_read_byte),
    .write_enable(lane_mask[5] && write_enable),
    .write_row((write_offset > 3'd5) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[47:40])
  );

  weft_feature_lane lane6 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row((read_offset > 3'd6) ? read_next_row : read_row),
    .read_byte(lane6_read_byte),
    .write_enable(lane_mask[6] && write_enable),
    .write_row((write_offset > 3'd6) ? write_next_row : write_row),
    .write_byte(write_rotator_rotated[55:48])
  );

  weft_feature_lane lane7 (
    .clock(clock),
    .read_enable(read_enable),
    .read_row(read_row),
    .read_byte(lane7_read_byte),
    .write_enable(lane_mask[7] && write_enable),
    .write_row(write_row),
    .write_byte(write_rotator_rotated[63:56])
  );

  weft_rotator8 read_rotator (
    .bytes({lane7_read_byte, lane6_read_byte, lane5_read_byte, lane4_read_byte, lane3_read_byte,
        lane2_read_byte, lane1_read_byte, lane0_read_byte}),
    .amount(read_turn),
    .rotated(read_rotator_rotated)
  );

  assign read_data = read_data_held;
  assign fault_happens = read_fault_held;
  assign fault_code = 8'd7;
  assign fault_place = read_fault_place_held;

  always @(posedge clock) begin
    read_turn <= read_offset - read_destination;
    read_destination_held <= read_destination;
    read_low_held <= read_low;
    read_high_held <= read_high;
    read_data_held <= {({1'd0, read_index7} >= read_low_held && {1'd0, read_index7} < read_high_held)
        ? read_rotator_rotated[63:56] : pad_byte, ({1'd0, read_index6} >= read_low_held
        && {1'd0, read_index6} < read_high_held) ? read_rotator_rotated[55:48] : pad_byte,
        ({1'd0, read_index5} >= read_low_held && {1'd0, read_index5} < read_high_held)
        ? read_rotator_rotated[47:40] : pad_byte, ({1'd0, read_index4} >= read_low_held
        && {1'd0, read_index4} < read_high_held) ? read_rotator_rotated[39:32] : pad_byte,
        ({1'd0, read_index3} >= read_low_held && {1'd0, read_index3} < read_high_held)
        ? read_rotator_rotated[31:24] : pad_byte, ({1'd0, read_index2} >= read_low_held
        && {1'd0, read_index2} < read_high_held) ? read_rotator_rotated[23:16] : pad_byte,
        ({1'd0, read_index1} >= read_low_held && {1'd0, read_index1} < read_high_held)
        ? read_rotator_rotated[15:8] : pad_byte, ({1'd0, read_index0} >= read_low_held
        && {1'd0, read_index0} < read_high_held) ? read_rotator_rotated[7:0] : pad_byte};
    read_fault_held <= read_enable && read_low < read_high && ((|first_read[23:12]) || (|last_read[23:12]));
    read_fault_place_held <= first_read;
    if (reset) begin
      read_fault_held <= 1'b0;
    end
  end

  wire unused = &{1'b0, write_address[23:12], last_read[11:0]};
endmodule
