// 4 elements of 4 products: one pixel's 4 output channels, or 4 channels of their own.
module weft_element_array (
  input  wire clock,
  input  wire steps_operand_valid,
  input  wire steps_operand_columns,
  input  wire [3:0] steps_operand_lanes,
  input  wire steps_multiply,
  input  wire steps_maximum,
  input  wire steps_accumulate,
  input  wire steps_first,
  input  wire steps_capture,
  input  wire [31:0] stream_word,
  input  wire [127:0] column_taps,
  input  wire [127:0] weights,
  input  wire shift,
  output wire [23:0] sums
);
  reg [31:0] stream_word_held;
  wire signed [23:0] element1_shadow_out;
  wire signed [23:0] element2_shadow_out;
  wire signed [23:0] element3_shadow_out;
  wire signed [23:0] element0_shadow_out;

  weft_processing_element element0 (
    .clock(clock),
    .load(steps_operand_valid),
    .operand({steps_operand_lanes[3] ? (steps_operand_columns ? column_taps[103:96]
        : stream_word_held[31:24]) : 8'd0, steps_operand_lanes[2]
        ? (steps_operand_columns ? column_taps[71:64] : stream_word_held[23:16]) : 8'd0,
        steps_operand_lanes[1] ? (steps_operand_columns ? column_taps[39:32] : stream_word_held[15:8])
        : 8'd0, steps_operand_lanes[0] ? (steps_operand_columns ? column_taps[7:0] : stream_word_held[7:0])
        : 8'd0}),
    .weight(weights[31:0]),
    .multiply(steps_multiply),
    .maximum(steps_maximum),
    .accumulate(steps_accumulate),
    .first(steps_first),
    .capture(steps_capture),
    .shift(shift),
    .shadow_in(element1_shadow_out),
    .shadow_out(element0_shadow_out)
  );

  weft_processing_element element1 (
    .clock(clock),
    .load(steps_operand_valid),
    .operand({steps_operand_lanes[3] ? (steps_operand_columns ? column_taps[111:104]
        : stream_word_held[31:24]) : 8'd0, steps_operand_lanes[2]
        ? (steps_operand_columns ? column_taps[79:72] : stream_word_held[23:16]) : 8'd0,
        steps_operand_lanes[1] ? (steps_operand_columns ? column_taps[47:40] : stream_word_held[15:8])
        : 8'd0, steps_operand_lanes[0] ? (steps_operand_columns ? column_taps[15:8]
        : stream_word_held[7:0]) : 8'd0}),
    .weight(weights[63:32]),
    .multiply(steps_multiply),
    .maximum(steps_maximum),
    .accumulate(steps_accumulate),
    .first(steps_first),
    .capture(steps_capture),
    .shift(shift),
    .shadow_in(element2_shadow_out),
    .shadow_out(element1_shadow_out)
  );

  weft_processing_element element2 (
    .clock(clock),
    .load(steps_operand_valid),
    .operand({steps_operand_lanes[3] ? (steps_operand_columns ? column_taps[119:112]
        : stream_word_held[31:24]) : 8'd0, steps_operand_lanes[2]
        ? (steps_operand_columns ? column_taps[87:80] : stream_word_held[23:16]) : 8'd0,
        steps_operand_lanes[1] ? (steps_operand_columns ? column_taps[55:48] : stream_word_held[15:8])
        : 8'd0, steps_operand_lanes[0] ? (steps_operand_columns ? column_taps[23:16]
        : stream_word_held[7:0]) : 8'd0}),
    .weight(weights[95:64]),
    .multiply(steps_multiply),
    .maximum(steps_maximum),
    .accumulate(steps_accumulate),
    .first(steps_first),
    .capture(steps_capture),
    .shift(shift),
    .shadow_in(element3_shadow_out),
    .shadow_out(element2_shadow_out)
  );

  weft_processing_element element3 (
    .clock(clock),
    .load(steps_operand_valid),
    .operand({steps_operand_lanes[3] ? (steps_operand_columns ? column_taps[127:120]
        : stream_word_held[31:24]) : 8'd0, steps_operand_lanes[2]
        ? (steps_operand_columns ? column_taps[95:88] : stream_word_held[23:16]) : 8'd0,
        steps_operand_lanes[1] ? (steps_operand_columns ? column_taps[63:56] : stream_word_held[15:8])
        : 8'd0, steps_operand_lanes[0] ? (steps_operand_columns ? column_taps[31:24]
        : stream_word_held[7:0]) : 8'd0}),
    .weight(weights[127:96]),
    .multiply(steps_multiply),
    .maximum(steps_maximum),
    .accumulate(steps_accumulate),
    .first(steps_first),
    .capture(steps_capture),
    .shift(shift),
    .shadow_in(24'sd0),
    .shadow_out(element3_shadow_out)
  );

  assign sums = element0_shadow_out;

  always @(posedge clock) begin
    stream_word_held <= stream_word;
  end
endmodule
