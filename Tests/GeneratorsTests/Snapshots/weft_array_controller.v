// Issues the steps of every tile: operand, weight address, and when to clear and capture.
module weft_array_controller (
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
  output wire stream_pop,
  input  wire stream_available,
  output wire columns_enable,
  output wire [1:0] columns_bank,
  output wire [4:0] columns_entry,
  input  wire columns_completed,
  output wire release_,
  output wire [15:0] release_columns,
  output wire [7:0] weight_address,
  output wire steps_operand_valid,
  output wire steps_operand_columns,
  output wire [3:0] steps_operand_lanes,
  output wire steps_multiply,
  output wire steps_maximum,
  output wire steps_accumulate,
  output wire steps_first,
  output wire steps_capture,
  output wire stalled,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place
);
  reg [4:0] layer_mode_staged;
  reg [4:0] layer_mode;
  reg [19:0] weight_base_staged;
  reg [19:0] weight_base;
  reg [19:0] weight_group_step_staged;
  reg [19:0] weight_group_step;
  reg weight_step_staged;
  reg weight_step;
  reg [15:0] loop_groups_staged;
  reg [15:0] loop_groups;
  reg [15:0] loop_rows_staged;
  reg [15:0] loop_rows;
  reg [15:0] loop_columns_staged;
  reg [15:0] loop_columns;
  reg [15:0] array_passes_staged;
  reg [15:0] array_passes;
  reg [15:0] array_pass_steps_staged;
  reg [15:0] array_pass_steps;
  reg [15:0] group;
  reg [15:0] row;
  reg [15:0] column;
  reg [15:0] pass;
  reg [15:0] entry;
  reg [19:0] group_weight;
  reg [19:0] pass_weight;
  reg active;
  wire step;
  reg [15:0] window_row_advance_staged;
  reg [15:0] window_row_advance;
  reg [15:0] window_advance_staged;
  reg [15:0] window_advance;
  reg [15:0] window_row_advance_rows_staged;
  reg [15:0] window_row_advance_rows;
  reg [15:0] window_advance_rows_staged;
  reg [15:0] window_advance_rows;
  reg signed [16:0] complete;
  reg [15:0] needed;
  reg [15:0] window_columns_staged;
  reg [15:0] window_columns;
  reg [11:0] draining;
  reg [11:0] output_last_channels_staged;
  reg [11:0] output_last_channels;
  reg [11:0] output_channels_staged;
  reg [11:0] output_channels;
  reg [1:0] window_bank;
  reg [4:0] window_entry;
  reg [1:0] pass_bank;
  reg [4:0] pass_entry;
  reg [7:0] weight_address_held;
  reg weight_fault_held;
  reg [19:0] weight_fault_place_held;
  reg [7:0] array_last_pass_lanes_staged;
  reg [7:0] array_last_pass_lanes;
  reg step_held;
  reg [3:0] lanes_held;
  reg multiply_held1;
  reg multiply_held2;
  reg accumulate_held1;
  reg accumulate_held2;
  reg accumulate_held3;
  reg first_held1;
  reg first_held2;
  reg first_held3;
  reg capture_held1;
  reg capture_held2;
  reg capture_held3;

  wire [15:0] entry_plus_1 = entry + 16'd1;
  wire entry_ends = entry_plus_1 == array_pass_steps;
  wire [15:0] pass_plus_1 = pass + 16'd1;
  wire in_last_pass = pass_plus_1 == array_passes;
  wire pass_ends = entry_ends && in_last_pass;
  wire tile_done = step && pass_ends;
  wire releasing = tile_done && layer_mode[0];
  wire [15:0] column_plus_1 = column + 16'd1;
  wire in_last_column = column_plus_1 == loop_columns;
  wire [15:0] advance = in_last_column ? window_row_advance : window_advance;
  wire columns_ready = complete >= $signed({1'd0, needed});
  wire data_ready = layer_mode[0] ? columns_ready : stream_available;
  wire shadow_ready = !pass_ends || draining == 12'd0;
  wire one_pass = array_passes == 16'd1;
  wire [15:0] pass_advance = layer_mode[1] ? 16'd1 : 16'd4;
  wire [15:0] needed_first = one_pass ? window_columns : pass_advance;
  wire [15:0] gone = releasing ? advance : 16'd0;
  wire [15:0] group_plus_1 = group + 16'd1;
  wire in_last_group = group_plus_1 == loop_groups;
  wire [11:0] channels_of_tile = in_last_group ? output_last_channels : output_channels;
  wire [19:0] next_pass_weight = pass_weight + {19'd0, weight_step};
  wire [15:0] row_plus_1 = row + 16'd1;
  wire [19:0] next_group_weight = group_weight + weight_group_step;
  wire column_ends = pass_ends && in_last_column;
  wire row_ends = column_ends && row_plus_1 == loop_rows;
  wire group_ends = row_ends && in_last_group;
  wire [2:0] moved_bank = {1'd0, window_bank} + {1'd0, advance[1:0]};
  wire [15:0] advance_rows = in_last_column ? window_row_advance_rows : window_advance_rows;
  wire [4:0] height = array_pass_steps[4:0];
  wire [4:0] moved_entry = window_entry + advance_rows[4:0] + (moved_bank[2] ? height : 5'd0);
  wire [2:0] pass_bank_moved = {1'd0, pass_bank} + 3'd1;
  wire [4:0] pass_entry_plus_height = pass_entry + height;
  wire [3:0] lanes = {!in_last_pass || array_last_pass_lanes > 8'd3, !in_last_pass
      || array_last_pass_lanes > 8'd2, !in_last_pass || array_last_pass_lanes > 8'd1, 1'b1};
  wire first_step = pass == 16'd0 && entry == 16'd0;

  assign release_ = releasing;
  assign release_columns = advance;
  assign step = active && data_ready && shadow_ready;
  assign stalled = active && !step;
  assign control_invalid = !(|loop_columns) || !(|array_passes) || !(|array_pass_steps)
      || !(|output_channels) || !(|output_last_channels);
  assign control_finished = 1'b0;
  assign control_moves = step;
  assign stream_pop = step && !layer_mode[0];
  assign columns_enable = step && layer_mode[0];
  assign columns_bank = pass_bank;
  assign columns_entry = pass_entry + entry[4:0];
  assign weight_address = weight_address_held;
  assign fault_happens = weight_fault_held;
  assign fault_code = 8'd8;
  assign fault_place = {4'd0, weight_fault_place_held};
  assign steps_operand_valid = step_held;
  assign steps_operand_columns = layer_mode[0];
  assign steps_operand_lanes = lanes_held;
  assign steps_multiply = multiply_held2;
  assign steps_maximum = layer_mode[1];
  assign steps_accumulate = accumulate_held3;
  assign steps_first = first_held3;
  assign steps_capture = capture_held3;

  always @(posedge clock) begin
    if (settings_clear) begin
      layer_mode_staged <= 5'd0;
    end else if (settings_enable && settings_number == 8'd0) begin
      layer_mode_staged <= settings_value[4:0];
    end
    if (settings_launch) begin
      layer_mode <= layer_mode_staged;
    end
    if (settings_clear) begin
      weight_base_staged <= 20'd0;
    end else if (settings_enable && settings_number == 8'd30) begin
      weight_base_staged <= settings_value[19:0];
    end
    if (settings_launch) begin
      weight_base <= weight_base_staged;
    end
    if (settings_clear) begin
      weight_group_step_staged <= 20'd0;
    end else if (settings_enable && settings_number == 8'd32) begin
      weight_group_step_staged <= settings_value[19:0];
    end
    if (settings_launch) begin
      weight_group_step <= weight_group_step_staged;
    end
    if (settings_clear) begin
      weight_step_staged <= 1'b0;
    end else if (settings_enable && settings_number == 8'd31) begin
      weight_step_staged <= settings_value[0];
    end
    if (settings_launch) begin
      weight_step <= weight_step_staged;
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
      array_passes_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd21) begin
      array_passes_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      array_passes <= array_passes_staged;
    end
    if (settings_clear) begin
      array_pass_steps_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd22) begin
      array_pass_steps_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      array_pass_steps <= array_pass_steps_staged;
    end
    if (settings_clear) begin
      window_row_advance_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd28) begin
      window_row_advance_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_row_advance <= window_row_advance_staged;
    end
    if (settings_clear) begin
      window_advance_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd26) begin
      window_advance_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_advance <= window_advance_staged;
    end
    if (settings_clear) begin
      window_row_advance_rows_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd29) begin
      window_row_advance_rows_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_row_advance_rows <= window_row_advance_rows_staged;
    end
    if (settings_clear) begin
      window_advance_rows_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd27) begin
      window_advance_rows_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_advance_rows <= window_advance_rows_staged;
    end
    if (settings_clear) begin
      window_columns_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd24) begin
      window_columns_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_columns <= window_columns_staged;
    end
    if (control_begin || tile_done) begin
      needed <= needed_first;
    end else if (step && entry_ends) begin
      needed <= (pass + 16'd2 == array_passes) ? window_columns : needed + pass_advance;
    end
    if (control_begin) begin
      complete <= 17'sd0;
    end else begin
      complete <= complete + {16'd0, columns_completed} - {1'd0, gone};
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
    if (tile_done) begin
      draining <= channels_of_tile - 12'd1;
    end else if (draining != 12'd0) begin
      draining <= draining - 12'd1;
    end
    if (control_abort) begin
      draining <= 12'd0;
    end
    if (control_begin) begin
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      pass <= 16'd0;
      entry <= 16'd0;
      group_weight <= weight_base;
      pass_weight <= weight_base;
    end else if (step) begin
      if (!entry_ends) begin
        entry <= entry_plus_1;
        pass_weight <= next_pass_weight;
      end else begin
        entry <= 16'd0;
        if (!pass_ends) begin
          pass <= pass_plus_1;
          pass_weight <= next_pass_weight;
        end else begin
          pass <= 16'd0;
          if (!column_ends) begin
            column <= column_plus_1;
            pass_weight <= group_weight;
          end else begin
            column <= 16'd0;
            if (!row_ends) begin
              row <= row_plus_1;
              pass_weight <= group_weight;
            end else begin
              row <= 16'd0;
              group <= group_plus_1;
              group_weight <= next_group_weight;
              pass_weight <= next_group_weight;
            end
          end
        end
      end
    end
    if (control_begin) begin
      active <= 1'b1;
    end else if (step && group_ends) begin
      active <= 1'b0;
    end
    if (control_abort) begin
      active <= 1'b0;
    end
    if (control_begin) begin
      window_bank <= 2'd0;
      window_entry <= 5'd0;
      pass_bank <= 2'd0;
      pass_entry <= 5'd0;
    end else if (tile_done) begin
      window_bank <= moved_bank[1:0];
      window_entry <= moved_entry;
      pass_bank <= moved_bank[1:0];
      pass_entry <= moved_entry;
    end else if (step && entry_ends) begin
      if (layer_mode[1]) begin
        pass_bank <= pass_bank_moved[1:0];
        if (pass_bank_moved[2]) begin
          pass_entry <= pass_entry_plus_height;
        end
      end else begin
        pass_entry <= pass_entry_plus_height;
      end
    end
    weight_address_held <= pass_weight[7:0];
    weight_fault_held <= step && !layer_mode[1] && (|pass_weight[19:8]);
    weight_fault_place_held <= pass_weight;
    if (settings_clear) begin
      array_last_pass_lanes_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd23) begin
      array_last_pass_lanes_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      array_last_pass_lanes <= array_last_pass_lanes_staged;
    end
    step_held <= step;
    lanes_held <= lanes;
    multiply_held1 <= step;
    multiply_held2 <= multiply_held1;
    accumulate_held1 <= step;
    accumulate_held2 <= accumulate_held1;
    accumulate_held3 <= accumulate_held2;
    first_held1 <= first_step;
    first_held2 <= first_held1;
    first_held3 <= first_held2;
    capture_held1 <= tile_done;
    capture_held2 <= capture_held1;
    capture_held3 <= capture_held2;
    if (reset) begin
      layer_mode_staged <= 5'd0;
      layer_mode <= 5'd0;
      weight_base_staged <= 20'd0;
      weight_base <= 20'd0;
      weight_group_step_staged <= 20'd0;
      weight_group_step <= 20'd0;
      weight_step_staged <= 1'b0;
      weight_step <= 1'b0;
      loop_groups_staged <= 16'd0;
      loop_groups <= 16'd0;
      loop_rows_staged <= 16'd0;
      loop_rows <= 16'd0;
      loop_columns_staged <= 16'd0;
      loop_columns <= 16'd0;
      array_passes_staged <= 16'd0;
      array_passes <= 16'd0;
      array_pass_steps_staged <= 16'd0;
      array_pass_steps <= 16'd0;
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      pass <= 16'd0;
      entry <= 16'd0;
      group_weight <= 20'd0;
      pass_weight <= 20'd0;
      active <= 1'b0;
      window_row_advance_staged <= 16'd0;
      window_row_advance <= 16'd0;
      window_advance_staged <= 16'd0;
      window_advance <= 16'd0;
      window_row_advance_rows_staged <= 16'd0;
      window_row_advance_rows <= 16'd0;
      window_advance_rows_staged <= 16'd0;
      window_advance_rows <= 16'd0;
      complete <= 17'sd0;
      needed <= 16'd0;
      window_columns_staged <= 16'd0;
      window_columns <= 16'd0;
      draining <= 12'd0;
      output_last_channels_staged <= 12'd0;
      output_last_channels <= 12'd0;
      output_channels_staged <= 12'd0;
      output_channels <= 12'd0;
      window_bank <= 2'd0;
      window_entry <= 5'd0;
      pass_bank <= 2'd0;
      pass_entry <= 5'd0;
      weight_fault_held <= 1'b0;
      array_last_pass_lanes_staged <= 8'd0;
      array_last_pass_lanes <= 8'd0;
      step_held <= 1'b0;
      multiply_held1 <= 1'b0;
      multiply_held2 <= 1'b0;
      accumulate_held1 <= 1'b0;
      accumulate_held2 <= 1'b0;
      accumulate_held3 <= 1'b0;
      first_held1 <= 1'b0;
      first_held2 <= 1'b0;
      first_held3 <= 1'b0;
      capture_held1 <= 1'b0;
      capture_held2 <= 1'b0;
      capture_held3 <= 1'b0;
    end
  end

  wire unused = &{1'b0, settings_value[23:20], layer_mode[4:2], advance_rows[15:5]};
endmodule
