// The array of elements, the buffers before it and the controller of both.
module weft_array_unit (
  input  wire clock,
  input  wire reset,
  input  wire settings_launch,
  input  wire settings_clear,
  input  wire settings_enable,
  input  wire [7:0] settings_number,
  input  wire [23:0] settings_value,
  input  wire control_begin,
  input  wire control_abort,
  output wire control_invalid,
  output wire control_finished,
  output wire control_moves,
  input  wire feed_stream_enable,
  input  wire [5:0] feed_stream_position,
  input  wire [3:0] feed_stream_count,
  input  wire [3:0] feed_stream_advance,
  input  wire [63:0] feed_stream_data,
  input  wire feed_columns_enable,
  input  wire [31:0] feed_columns_data,
  output wire feed_stream_taken,
  output wire feed_release,
  output wire [15:0] feed_release_columns,
  output wire weights_enable,
  output wire [7:0] weights_address,
  input  wire [127:0] weights_data,
  output wire drain_capture,
  output wire [23:0] drain_sums,
  input  wire drain_shift,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place,
  output wire stalled
);
  wire controller_control_invalid;
  wire controller_control_finished;
  wire controller_control_moves;
  wire controller_fault_happens;
  wire [7:0] controller_fault_code;
  wire [23:0] controller_fault_place;
  wire controller_stalled;
  wire controller_stream_pop;
  wire stream_read_available;
  wire controller_columns_enable;
  wire [1:0] controller_columns_bank;
  wire [4:0] controller_columns_entry;
  wire columns_read_completed;
  wire controller_release;
  wire [15:0] controller_release_columns;
  wire [7:0] controller_weight_address;
  wire controller_steps_operand_valid;
  wire controller_steps_operand_columns;
  wire [3:0] controller_steps_operand_lanes;
  wire controller_steps_multiply;
  wire controller_steps_maximum;
  wire controller_steps_accumulate;
  wire controller_steps_first;
  wire controller_steps_capture;
  wire [31:0] stream_word;
  wire [127:0] columns_taps;
  wire [23:0] elements_sums;

  weft_stream_buffer stream (
    .clock(clock),
    .reset(reset),
    .clear(control_begin),
    .write_enable(feed_stream_enable),
    .write_position(feed_stream_position),
    .write_count(feed_stream_count),
    .write_advance(feed_stream_advance),
    .write_data(feed_stream_data),
    .read_pop(controller_stream_pop),
    .read_available(stream_read_available),
    .word(stream_word)
  );

  weft_column_buffer columns (
    .clock(clock),
    .reset(reset),
    .settings_launch(settings_launch),
    .settings_clear(settings_clear),
    .settings_enable(settings_enable),
    .settings_number(settings_number),
    .settings_value(settings_value),
    .begin_(control_begin),
    .write_enable(feed_columns_enable),
    .write_data(feed_columns_data),
    .read_enable(controller_columns_enable),
    .read_bank(controller_columns_bank),
    .read_entry(controller_columns_entry),
    .read_completed(columns_read_completed),
    .taps(columns_taps)
  );

  weft_array_controller controller (
    .clock(clock),
    .reset(reset),
    .settings_launch(settings_launch),
    .settings_clear(settings_clear),
    .settings_enable(settings_enable),
    .settings_number(settings_number),
    .settings_value(settings_value),
    .control_begin(control_begin),
    .control_abort(control_abort),
    .control_invalid(controller_control_invalid),
    .control_finished(controller_control_finished),
    .control_moves(controller_control_moves),
    .stream_pop(controller_stream_pop),
    .stream_available(stream_read_available),
    .columns_enable(controller_columns_enable),
    .columns_bank(controller_columns_bank),
    .columns_entry(controller_columns_entry),
    .columns_completed(columns_read_completed),
    .release_(controller_release),
    .release_columns(controller_release_columns),
    .weight_address(controller_weight_address),
    .steps_operand_valid(controller_steps_operand_valid),
    .steps_operand_columns(controller_steps_operand_columns),
    .steps_operand_lanes(controller_steps_operand_lanes),
    .steps_multiply(controller_steps_multiply),
    .steps_maximum(controller_steps_maximum),
    .steps_accumulate(controller_steps_accumulate),
    .steps_first(controller_steps_first),
    .steps_capture(controller_steps_capture),
    .stalled(controller_stalled),
    .fault_happens(controller_fault_happens),
    .fault_code(controller_fault_code),
    .fault_place(controller_fault_place)
  );

  weft_element_array elements (
    .clock(clock),
    .steps_operand_valid(controller_steps_operand_valid),
    .steps_operand_columns(controller_steps_operand_columns),
    .steps_operand_lanes(controller_steps_operand_lanes),
    .steps_multiply(controller_steps_multiply),
    .steps_maximum(controller_steps_maximum),
    .steps_accumulate(controller_steps_accumulate),
    .steps_first(controller_steps_first),
    .steps_capture(controller_steps_capture),
    .stream_word(stream_word),
    .column_taps(columns_taps),
    .weights(weights_data),
    .shift(drain_shift),
    .sums(elements_sums)
  );

  assign control_invalid = controller_control_invalid;
  assign control_finished = controller_control_finished;
  assign control_moves = controller_control_moves;
  assign fault_happens = controller_fault_happens;
  assign fault_code = controller_fault_code;
  assign fault_place = controller_fault_place;
  assign stalled = controller_stalled;
  assign feed_stream_taken = controller_stream_pop;
  assign feed_release = controller_release;
  assign feed_release_columns = controller_release_columns;
  assign weights_enable = 1'b1;
  assign weights_address = controller_weight_address;
  assign drain_capture = controller_steps_capture;
  assign drain_sums = elements_sums;
endmodule
