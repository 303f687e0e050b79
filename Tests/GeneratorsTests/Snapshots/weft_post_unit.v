// Requantizes 1 channels a cycle, adds the second operand, writes.
module weft_post_unit (
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
  input  wire discards_tiles,
  input  wire drain_capture,
  input  wire [23:0] drain_sums,
  output wire drain_shift,
  output wire parameters_enable,
  output wire [5:0] parameters_address,
  input  wire [95:0] parameters_data,
  output wire hold,
  output wire operand_enable,
  output wire [23:0] operand_address,
  output wire [3:0] operand_count,
  input  wire [31:0] operand_data,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  output wire results_enable,
  output wire [23:0] results_address,
  output wire [7:0] results_count,
  output wire [7:0] results_data,
  output wire [7:0] results_before,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place
);
  reg [11:0] left;
  reg captured;
  wire last_chunk;
  reg [19:0] parameter_base_staged;
  reg [19:0] parameter_base;
  reg [23:0] output_group_step_staged;
  reg [23:0] output_group_step;
  reg [23:0] output_row_step_staged;
  reg [23:0] output_row_step;
  reg [23:0] output_column_step_staged;
  reg [23:0] output_column_step;
  reg [19:0] parameter_group_step_staged;
  reg [19:0] parameter_group_step;
  reg parameter_step_staged;
  reg parameter_step;
  reg [15:0] loop_groups_staged;
  reg [15:0] loop_groups;
  reg [15:0] loop_rows_staged;
  reg [15:0] loop_rows;
  reg [15:0] loop_columns_staged;
  reg [15:0] loop_columns;
  reg [15:0] group;
  reg [15:0] row;
  reg [15:0] column;
  reg [23:0] group_offset;
  reg [23:0] row_offset;
  reg [23:0] column_offset;
  reg [23:0] chunk_offset;
  reg [19:0] group_entry;
  reg [19:0] chunk_entry;
  reg [11:0] output_last_channels_staged;
  reg [11:0] output_last_channels;
  reg [11:0] output_channels_staged;
  reg [11:0] output_channels;
  reg parameter_fault_held;
  reg [19:0] parameter_fault_place_held;
  reg [7:0] output_table_staged;
  reg [7:0] output_table;
  reg [4:0] layer_mode_staged;
  reg [4:0] layer_mode;
  reg [23:0] sums_held;
  reg [7:0] output_zero_staged;
  reg [7:0] output_zero;
  reg [7:0] output_low_staged;
  reg [7:0] output_low;
  reg [7:0] output_high_staged;
  reg [7:0] output_high;
  wire signed [7:0] requantize0_result;
  reg operand_wait1;
  reg operand_wait2;
  reg operand_wait3;
  reg operand_request;
  reg [23:0] residual_base_staged;
  reg [23:0] residual_base;
  reg [23:0] operand_address1;
  reg [23:0] operand_address2;
  reg [23:0] operand_address3;
  reg [23:0] operand_address4;
  reg [3:0] operand_count1;
  reg [3:0] operand_count2;
  reg [3:0] operand_count3;
  reg [3:0] operand_count4;
  reg [31:0] operand_bytes;
  reg operand_arrives1;
  reg operand_arrives2;
  reg operand_arrives3;
  reg [7:0] constant_operand1;
  reg [7:0] constant_operand2;
  reg [7:0] constant_operand3;
  reg [7:0] constant_operand4;
  reg [7:0] constant_operand5;
  reg [7:0] constant_operand6;
  reg [23:0] residual_offset_low_staged;
  reg [23:0] residual_offset_low;
  reg [15:0] residual_offset_high_staged;
  reg [15:0] residual_offset_high;
  reg [23:0] residual_round_low_staged;
  reg [23:0] residual_round_low;
  reg [15:0] residual_round_high_staged;
  reg [15:0] residual_round_high;
  reg [23:0] residual_a_staged;
  reg [23:0] residual_a;
  reg [23:0] residual_b_staged;
  reg [23:0] residual_b;
  reg [23:0] residual_delta_staged;
  reg [23:0] residual_delta;
  reg [5:0] residual_shift_staged;
  reg [5:0] residual_shift;
  reg [7:0] residual_zero_staged;
  reg [7:0] residual_zero;
  reg [7:0] residual_low_staged;
  reg [7:0] residual_low;
  reg [7:0] residual_high_staged;
  reg [7:0] residual_high;
  wire signed [7:0] addition0_result;
  reg [7:0] before1;
  reg [7:0] before2;
  reg [7:0] before3;
  reg [7:0] before4;
  reg [7:0] before5;
  wire [7:0] table0_result;
  reg [7:0] unlooked1;
  reg [7:0] unlooked2;
  reg [7:0] before_sum1;
  reg [7:0] before_sum2;
  reg writing1;
  reg writing2;
  reg writing3;
  reg writing4;
  reg writing5;
  reg writing6;
  reg writing7;
  reg writing8;
  reg writing9;
  reg writing10;
  reg writing11;
  reg writing12;
  reg writing13;
  reg writing14;
  reg [23:0] output_base_staged;
  reg [23:0] output_base;
  reg [23:0] address1;
  reg [23:0] address2;
  reg [23:0] address3;
  reg [23:0] address4;
  reg [23:0] address5;
  reg [23:0] address6;
  reg [23:0] address7;
  reg [23:0] address8;
  reg [23:0] address9;
  reg [23:0] address10;
  reg [23:0] address11;
  reg [23:0] address12;
  reg [23:0] address13;
  reg [23:0] address14;
  reg [7:0] count_held1;
  reg [7:0] count_held2;
  reg [7:0] count_held3;
  reg [7:0] count_held4;
  reg [7:0] count_held5;
  reg [7:0] count_held6;
  reg [7:0] count_held7;
  reg [7:0] count_held8;
  reg [7:0] count_held9;
  reg [7:0] count_held10;
  reg [7:0] count_held11;
  reg [7:0] count_held12;
  reg [7:0] count_held13;
  reg [7:0] count_held14;
  reg finishing1;
  reg finishing2;
  reg finishing3;
  reg finishing4;
  reg finishing5;
  reg finishing6;
  reg finishing7;
  reg finishing8;
  reg finishing9;
  reg finishing10;
  reg finishing11;
  reg finishing12;
  reg finishing13;
  reg finishing14;

  wire [7:0] second_operand = layer_mode[3] ? constant_operand6 : operand_bytes[7:0];
  wire [7:0] added = layer_mode[2] ? addition0_result : before5;
  wire draining = captured || left != 12'd0;
  wire [15:0] group_plus_1 = group + 16'd1;
  wire in_last_group = group_plus_1 == loop_groups;
  wire [11:0] channels_of_tile = in_last_group ? output_last_channels : output_channels;
  wire [11:0] remaining = captured ? channels_of_tile : left;
  wire table_is_absent = control_begin && layer_mode[4] && (|output_table[7:1]);
  wire [7:0] looked_up = layer_mode[4] ? table0_result : unlooked2;
  wire [7:0] before_table = layer_mode[4] ? unlooked2 : before_sum2;
  wire [23:0] next_chunk_offset = chunk_offset + 24'd1;
  wire [19:0] next_chunk_entry = chunk_entry + {19'd0, parameter_step};
  wire [15:0] column_plus_1 = column + 16'd1;
  wire [23:0] next_column_offset = column_offset + output_column_step;
  wire [15:0] row_plus_1 = row + 16'd1;
  wire [23:0] next_row_offset = row_offset + output_row_step;
  wire [23:0] next_group_offset = group_offset + output_group_step;
  wire [19:0] next_group_entry = group_entry + parameter_group_step;
  wire column_ends = last_chunk && column_plus_1 == loop_columns;
  wire row_ends = column_ends && row_plus_1 == loop_rows;
  wire first_chunk = captured && layer_mode[2] && !layer_mode[3];
  wire [7:0] requantized = requantize0_result;
  wire [7:0] count = last_chunk ? remaining[7:0] : 8'd1;
  wire group_ends = row_ends && in_last_group;

  weft_requantize_lane requantize0 (
    .clock(clock),
    .sum(sums_held),
    .parameters(parameters_data),
    .zero(output_zero),
    .low(output_low),
    .high(output_high),
    .result(requantize0_result)
  );

  weft_addition_lane addition0 (
    .clock(clock),
    .first(requantize0_result),
    .second(second_operand),
    .factor_a(residual_a),
    .factor_b(residual_b),
    .offset({residual_offset_high, residual_offset_low}),
    .round({residual_round_high, residual_round_low}),
    .delta(residual_delta),
    .shift(residual_shift),
    .zero(residual_zero),
    .low(residual_low),
    .high(residual_high),
    .result(addition0_result)
  );

  weft_table_lane table0 (
    .clock(clock),
    .index(added),
    .table_(output_table),
    .load_write(load_write),
    .load_region(load_region),
    .load_address(load_address),
    .load_data(load_data),
    .load_strobe(load_strobe),
    .result(table0_result)
  );

  assign last_chunk = draining && (remaining <= 12'd1);
  assign drain_shift = draining;
  assign parameters_enable = draining;
  assign parameters_address = chunk_entry[5:0];
  assign fault_happens = parameter_fault_held || table_is_absent;
  assign fault_code = table_is_absent ? 8'd10 : 8'd9;
  assign fault_place = table_is_absent ? {16'd0, output_table} : {4'd0, parameter_fault_place_held};
  assign hold = operand_wait3;
  assign operand_enable = operand_request;
  assign operand_address = operand_address4;
  assign operand_count = operand_count4;
  assign results_enable = writing14;
  assign results_address = address14;
  assign results_count = count_held14;
  assign results_data = looked_up;
  assign results_before = before_table;
  assign control_invalid = 1'b0;
  assign control_moves = writing14;
  assign control_finished = finishing14;

  always @(posedge clock) begin
    captured <= drain_capture;
    if (settings_clear) begin
      parameter_base_staged <= 20'd0;
    end else if (settings_enable && settings_number == 8'd39) begin
      parameter_base_staged <= settings_value[19:0];
    end
    if (settings_launch) begin
      parameter_base <= parameter_base_staged;
    end
    if (settings_clear) begin
      output_group_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd36) begin
      output_group_step_staged <= settings_value;
    end
    if (settings_launch) begin
      output_group_step <= output_group_step_staged;
    end
    if (settings_clear) begin
      output_row_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd34) begin
      output_row_step_staged <= settings_value;
    end
    if (settings_launch) begin
      output_row_step <= output_row_step_staged;
    end
    if (settings_clear) begin
      output_column_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd35) begin
      output_column_step_staged <= settings_value;
    end
    if (settings_launch) begin
      output_column_step <= output_column_step_staged;
    end
    if (settings_clear) begin
      parameter_group_step_staged <= 20'd0;
    end else if (settings_enable && settings_number == 8'd41) begin
      parameter_group_step_staged <= settings_value[19:0];
    end
    if (settings_launch) begin
      parameter_group_step <= parameter_group_step_staged;
    end
    if (settings_clear) begin
      parameter_step_staged <= 1'b0;
    end else if (settings_enable && settings_number == 8'd40) begin
      parameter_step_staged <= settings_value[0];
    end
    if (settings_launch) begin
      parameter_step <= parameter_step_staged;
    end
    if (settings_clear) begin
      loop_groups_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd13) begin
      loop_groups_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_groups <= loop_groups_staged;
    end
    if (settings_clear) begin
      loop_rows_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd14) begin
      loop_rows_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_rows <= loop_rows_staged;
    end
    if (settings_clear) begin
      loop_columns_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd20) begin
      loop_columns_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_columns <= loop_columns_staged;
    end
    if (settings_clear) begin
      output_last_channels_staged <= 12'd0;
    end else if (settings_enable && settings_number == 8'd38) begin
      output_last_channels_staged <= settings_value[11:0];
    end
    if (settings_launch) begin
      output_last_channels <= output_last_channels_staged;
    end
    if (settings_clear) begin
      output_channels_staged <= 12'd0;
    end else if (settings_enable && settings_number == 8'd37) begin
      output_channels_staged <= settings_value[11:0];
    end
    if (settings_launch) begin
      output_channels <= output_channels_staged;
    end
    if (draining) begin
      left <= last_chunk ? 12'd0 : remaining - 12'd1;
    end
    if (control_abort || discards_tiles) begin
      left <= 12'd0;
    end
    if (control_begin) begin
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      group_offset <= 24'd0;
      row_offset <= 24'd0;
      column_offset <= 24'd0;
      chunk_offset <= 24'd0;
      group_entry <= parameter_base;
      chunk_entry <= parameter_base;
    end else if (draining) begin
      if (!last_chunk) begin
        chunk_offset <= next_chunk_offset;
        chunk_entry <= next_chunk_entry;
      end else if (!column_ends) begin
        column <= column_plus_1;
        column_offset <= next_column_offset;
        chunk_offset <= next_column_offset;
        chunk_entry <= group_entry;
      end else begin
        column <= 16'd0;
        if (!row_ends) begin
          row <= row_plus_1;
          row_offset <= next_row_offset;
          column_offset <= next_row_offset;
          chunk_offset <= next_row_offset;
          chunk_entry <= group_entry;
        end else begin
          row <= 16'd0;
          group <= group_plus_1;
          group_offset <= next_group_offset;
          row_offset <= next_group_offset;
          column_offset <= next_group_offset;
          chunk_offset <= next_group_offset;
          group_entry <= next_group_entry;
          chunk_entry <= next_group_entry;
        end
      end
    end
    parameter_fault_held <= draining && (|chunk_entry[19:6]);
    parameter_fault_place_held <= chunk_entry;
    if (settings_clear) begin
      output_table_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd57) begin
      output_table_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      output_table <= output_table_staged;
    end
    if (settings_clear) begin
      layer_mode_staged <= 5'd0;
    end else if (settings_enable && settings_number == 8'd0) begin
      layer_mode_staged <= settings_value[4:0];
    end
    if (settings_launch) begin
      layer_mode <= layer_mode_staged;
    end
    sums_held <= drain_sums;
    if (settings_clear) begin
      output_zero_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd42) begin
      output_zero_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      output_zero <= output_zero_staged;
    end
    if (settings_clear) begin
      output_low_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd43) begin
      output_low_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      output_low <= output_low_staged;
    end
    if (settings_clear) begin
      output_high_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd44) begin
      output_high_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      output_high <= output_high_staged;
    end
    operand_wait1 <= first_chunk;
    operand_wait2 <= operand_wait1;
    operand_wait3 <= operand_wait2;
    operand_request <= operand_wait3;
    if (settings_clear) begin
      residual_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd45) begin
      residual_base_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_base <= residual_base_staged;
    end
    operand_address1 <= chunk_offset + residual_base;
    operand_address2 <= operand_address1;
    operand_address3 <= operand_address2;
    operand_address4 <= operand_address3;
    operand_count1 <= (channels_of_tile < 12'd4) ? channels_of_tile[3:0] : 4'd4;
    operand_count2 <= operand_count1;
    operand_count3 <= operand_count2;
    operand_count4 <= operand_count3;
    operand_arrives1 <= operand_wait3;
    operand_arrives2 <= operand_arrives1;
    operand_arrives3 <= operand_arrives2;
    if (operand_arrives3) begin
      operand_bytes <= operand_data;
    end else begin
      operand_bytes <= {8'd0, operand_bytes[31:8]};
    end
    constant_operand1 <= parameters_data[79:72];
    constant_operand2 <= constant_operand1;
    constant_operand3 <= constant_operand2;
    constant_operand4 <= constant_operand3;
    constant_operand5 <= constant_operand4;
    constant_operand6 <= constant_operand5;
    if (settings_clear) begin
      residual_offset_low_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd48) begin
      residual_offset_low_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_offset_low <= residual_offset_low_staged;
    end
    if (settings_clear) begin
      residual_offset_high_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd49) begin
      residual_offset_high_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      residual_offset_high <= residual_offset_high_staged;
    end
    if (settings_clear) begin
      residual_round_low_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd50) begin
      residual_round_low_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_round_low <= residual_round_low_staged;
    end
    if (settings_clear) begin
      residual_round_high_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd51) begin
      residual_round_high_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      residual_round_high <= residual_round_high_staged;
    end
    if (settings_clear) begin
      residual_a_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd46) begin
      residual_a_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_a <= residual_a_staged;
    end
    if (settings_clear) begin
      residual_b_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd47) begin
      residual_b_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_b <= residual_b_staged;
    end
    if (settings_clear) begin
      residual_delta_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd52) begin
      residual_delta_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_delta <= residual_delta_staged;
    end
    if (settings_clear) begin
      residual_shift_staged <= 6'd0;
    end else if (settings_enable && settings_number == 8'd53) begin
      residual_shift_staged <= settings_value[5:0];
    end
    if (settings_launch) begin
      residual_shift <= residual_shift_staged;
    end
    if (settings_clear) begin
      residual_zero_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd54) begin
      residual_zero_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      residual_zero <= residual_zero_staged;
    end
    if (settings_clear) begin
      residual_low_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd55) begin
      residual_low_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      residual_low <= residual_low_staged;
    end
    if (settings_clear) begin
      residual_high_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd56) begin
      residual_high_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      residual_high <= residual_high_staged;
    end
    before1 <= requantized;
    before2 <= before1;
    before3 <= before2;
    before4 <= before3;
    before5 <= before4;
    unlooked1 <= added;
    unlooked2 <= unlooked1;
    before_sum1 <= before5;
    before_sum2 <= before_sum1;
    writing1 <= draining;
    writing2 <= writing1;
    writing3 <= writing2;
    writing4 <= writing3;
    writing5 <= writing4;
    writing6 <= writing5;
    writing7 <= writing6;
    writing8 <= writing7;
    writing9 <= writing8;
    writing10 <= writing9;
    writing11 <= writing10;
    writing12 <= writing11;
    writing13 <= writing12;
    writing14 <= writing13;
    if (settings_clear) begin
      output_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd33) begin
      output_base_staged <= settings_value;
    end
    if (settings_launch) begin
      output_base <= output_base_staged;
    end
    address1 <= output_base + chunk_offset;
    address2 <= address1;
    address3 <= address2;
    address4 <= address3;
    address5 <= address4;
    address6 <= address5;
    address7 <= address6;
    address8 <= address7;
    address9 <= address8;
    address10 <= address9;
    address11 <= address10;
    address12 <= address11;
    address13 <= address12;
    address14 <= address13;
    count_held1 <= count;
    count_held2 <= count_held1;
    count_held3 <= count_held2;
    count_held4 <= count_held3;
    count_held5 <= count_held4;
    count_held6 <= count_held5;
    count_held7 <= count_held6;
    count_held8 <= count_held7;
    count_held9 <= count_held8;
    count_held10 <= count_held9;
    count_held11 <= count_held10;
    count_held12 <= count_held11;
    count_held13 <= count_held12;
    count_held14 <= count_held13;
    finishing1 <= draining && group_ends;
    finishing2 <= finishing1;
    finishing3 <= finishing2;
    finishing4 <= finishing3;
    finishing5 <= finishing4;
    finishing6 <= finishing5;
    finishing7 <= finishing6;
    finishing8 <= finishing7;
    finishing9 <= finishing8;
    finishing10 <= finishing9;
    finishing11 <= finishing10;
    finishing12 <= finishing11;
    finishing13 <= finishing12;
    finishing14 <= finishing13;
    if (reset) begin
      left <= 12'd0;
      captured <= 1'b0;
      parameter_base_staged <= 20'd0;
      parameter_base <= 20'd0;
      output_group_step_staged <= 24'd0;
      output_group_step <= 24'd0;
      output_row_step_staged <= 24'd0;
      output_row_step <= 24'd0;
      output_column_step_staged <= 24'd0;
      output_column_step <= 24'd0;
      parameter_group_step_staged <= 20'd0;
      parameter_group_step <= 20'd0;
      parameter_step_staged <= 1'b0;
      parameter_step <= 1'b0;
      loop_groups_staged <= 16'd0;
      loop_groups <= 16'd0;
      loop_rows_staged <= 16'd0;
      loop_rows <= 16'd0;
      loop_columns_staged <= 16'd0;
      loop_columns <= 16'd0;
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      group_offset <= 24'd0;
      row_offset <= 24'd0;
      column_offset <= 24'd0;
      chunk_offset <= 24'd0;
      group_entry <= 20'd0;
      chunk_entry <= 20'd0;
      output_last_channels_staged <= 12'd0;
      output_last_channels <= 12'd0;
      output_channels_staged <= 12'd0;
      output_channels <= 12'd0;
      parameter_fault_held <= 1'b0;
      output_table_staged <= 8'd0;
      output_table <= 8'd0;
      layer_mode_staged <= 5'd0;
      layer_mode <= 5'd0;
      output_zero_staged <= 8'd0;
      output_zero <= 8'd0;
      output_low_staged <= 8'd0;
      output_low <= 8'd0;
      output_high_staged <= 8'd0;
      output_high <= 8'd0;
      operand_wait1 <= 1'b0;
      operand_wait2 <= 1'b0;
      operand_wait3 <= 1'b0;
      operand_request <= 1'b0;
      residual_base_staged <= 24'd0;
      residual_base <= 24'd0;
      operand_arrives1 <= 1'b0;
      operand_arrives2 <= 1'b0;
      operand_arrives3 <= 1'b0;
      residual_offset_low_staged <= 24'd0;
      residual_offset_low <= 24'd0;
      residual_offset_high_staged <= 16'd0;
      residual_offset_high <= 16'd0;
      residual_round_low_staged <= 24'd0;
      residual_round_low <= 24'd0;
      residual_round_high_staged <= 16'd0;
      residual_round_high <= 16'd0;
      residual_a_staged <= 24'd0;
      residual_a <= 24'd0;
      residual_b_staged <= 24'd0;
      residual_b <= 24'd0;
      residual_delta_staged <= 24'd0;
      residual_delta <= 24'd0;
      residual_shift_staged <= 6'd0;
      residual_shift <= 6'd0;
      residual_zero_staged <= 8'd0;
      residual_zero <= 8'd0;
      residual_low_staged <= 8'd0;
      residual_low <= 8'd0;
      residual_high_staged <= 8'd0;
      residual_high <= 8'd0;
      writing1 <= 1'b0;
      writing2 <= 1'b0;
      writing3 <= 1'b0;
      writing4 <= 1'b0;
      writing5 <= 1'b0;
      writing6 <= 1'b0;
      writing7 <= 1'b0;
      writing8 <= 1'b0;
      writing9 <= 1'b0;
      writing10 <= 1'b0;
      writing11 <= 1'b0;
      writing12 <= 1'b0;
      writing13 <= 1'b0;
      writing14 <= 1'b0;
      output_base_staged <= 24'd0;
      output_base <= 24'd0;
      finishing1 <= 1'b0;
      finishing2 <= 1'b0;
      finishing3 <= 1'b0;
      finishing4 <= 1'b0;
      finishing5 <= 1'b0;
      finishing6 <= 1'b0;
      finishing7 <= 1'b0;
      finishing8 <= 1'b0;
      finishing9 <= 1'b0;
      finishing10 <= 1'b0;
      finishing11 <= 1'b0;
      finishing12 <= 1'b0;
      finishing13 <= 1'b0;
      finishing14 <= 1'b0;
    end
  end

  wire unused = &{1'b0, layer_mode[1:0]};
endmodule
