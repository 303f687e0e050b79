// Walks the loop nest of a layer and requests the bytes of its windows.
module weft_feeder (
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
  input  wire hold,
  output wire read_enable,
  output wire [23:0] read_address,
  output wire [2:0] read_destination,
  output wire [3:0] read_low,
  output wire [3:0] read_high,
  input  wire [63:0] read_data,
  output wire [7:0] pad_byte,
  output wire feed_stream_enable,
  output wire [5:0] feed_stream_position,
  output wire [3:0] feed_stream_count,
  output wire [3:0] feed_stream_advance,
  output wire [63:0] feed_stream_data,
  output wire feed_columns_enable,
  output wire [31:0] feed_columns_data,
  input  wire feed_stream_taken,
  input  wire feed_release,
  input  wire [15:0] feed_release_columns
);
  reg [4:0] layer_mode_staged;
  reg [4:0] layer_mode;
  reg [23:0] loop_run_bytes_staged;
  reg [23:0] loop_run_bytes;
  reg [23:0] input_base_staged;
  reg [23:0] input_base;
  reg [15:0] input_first_y_staged;
  reg [15:0] input_first_y;
  reg [23:0] input_first_x_staged;
  reg [23:0] input_first_x;
  reg [23:0] input_row_step_staged;
  reg [23:0] input_row_step;
  reg [23:0] input_tap_row_step_staged;
  reg [23:0] input_tap_row_step;
  reg [15:0] input_y_step_staged;
  reg [15:0] input_y_step;
  reg [15:0] input_y_tap_step_staged;
  reg [15:0] input_y_tap_step;
  reg [23:0] input_x_group_step_staged;
  reg [23:0] input_x_group_step;
  reg [23:0] input_x_step_staged;
  reg [23:0] input_x_step;
  reg [23:0] input_x_tap_step_staged;
  reg [23:0] input_x_tap_step;
  reg [15:0] loop_groups_staged;
  reg [15:0] loop_groups;
  reg [15:0] loop_rows_staged;
  reg [15:0] loop_rows;
  reg [15:0] loop_feed_columns_staged;
  reg [15:0] loop_feed_columns;
  reg [15:0] loop_tap_rows_staged;
  reg [15:0] loop_tap_rows;
  reg [15:0] loop_tap_columns_staged;
  reg [15:0] loop_tap_columns;
  reg [15:0] group;
  reg [15:0] row;
  reg [15:0] column;
  reg [15:0] tap_row;
  reg [15:0] tap_column;
  reg [23:0] run_left;
  reg [23:0] row_address;
  reg [23:0] tap_row_address;
  reg [15:0] row_y;
  reg [15:0] tap_row_y;
  reg [23:0] group_x;
  reg [23:0] column_x;
  reg [23:0] tap_column_x;
  reg [23:0] run_x;
  wire issue;
  reg [5:0] position;
  reg [6:0] reserved;
  reg [15:0] array_pass_steps_staged;
  reg [15:0] array_pass_steps;
  reg [15:0] window_capacity_staged;
  reg [15:0] window_capacity;
  reg signed [16:0] allocated;
  reg [15:0] entry;
  reg active;
  reg [23:0] input_row_bytes_staged;
  reg [23:0] input_row_bytes;
  reg [14:0] input_height_staged;
  reg [14:0] input_height;
  reg request_valid_held;
  reg [5:0] request_position;
  reg [23:0] request_address_held;
  reg [3:0] request_low_held;
  reg [3:0] request_high_held;
  reg [7:0] input_pad_staged;
  reg [7:0] input_pad;
  reg arriving1;
  reg arriving2;
  reg [5:0] arrival_position_held1;
  reg [5:0] arrival_position_held2;
  reg [3:0] arrival_count_held1;
  reg [3:0] arrival_count_held2;
  reg [3:0] arrival_count_held3;
  reg [3:0] arrival_advance_held1;
  reg [3:0] arrival_advance_held2;
  reg [3:0] arrival_advance_held3;

  wire column_begins = entry == 16'd0;
  wire column_room = !column_begins || allocated < $signed({1'd0, window_capacity});
  wire run_ends = (run_left <= 24'd8);
  wire [15:0] tap_column_plus_1 = tap_column + 16'd1;
  wire tap_column_ends = run_ends && tap_column_plus_1 == loop_tap_columns;
  wire [15:0] tap_row_plus_1 = tap_row + 16'd1;
  wire tap_row_ends = tap_column_ends && tap_row_plus_1 == loop_tap_rows;
  wire [3:0] count = run_ends ? run_left[3:0] : 4'd8;
  wire [5:0] end_ = position + {2'd0, count};
  wire [1:0] ragged = 2'd0 - end_[1:0];
  wire [3:0] advance = tap_row_ends ? count + {2'd0, ragged} : count;
  wire [7:0] reserved_afterwards = {1'd0, reserved} + {4'd0, advance};
  wire stream_room = (reserved_afterwards <= 8'd64);
  wire [3:0] taken = (issue && !layer_mode[0]) ? advance : 4'd0;
  wire [6:0] popped = feed_stream_taken ? 7'd4 : 7'd0;
  wire [15:0] entry_plus_1 = entry + 16'd1;
  wire is_last_entry = entry_plus_1 == array_pass_steps;
  wire [15:0] released = feed_release ? feed_release_columns : 16'd0;
  wire [15:0] column_plus_1 = column + 16'd1;
  wire column_ends = tap_row_ends && column_plus_1 == loop_feed_columns;
  wire [15:0] row_plus_1 = row + 16'd1;
  wire row_ends = column_ends && row_plus_1 == loop_rows;
  wire [15:0] group_plus_1 = group + 16'd1;
  wire group_ends = row_ends && group_plus_1 == loop_groups;
  wire [23:0] next_run_x = run_x + 24'd8;
  wire [23:0] next_tap_column_x = tap_column_x + input_x_tap_step;
  wire [23:0] next_tap_row_address = tap_row_address + input_tap_row_step;
  wire [15:0] next_tap_row_y = tap_row_y + input_y_tap_step;
  wire [23:0] next_column_x = column_x + input_x_step;
  wire [23:0] next_row_address = row_address + input_row_step;
  wire [15:0] next_row_y = row_y + input_y_step;
  wire [23:0] next_group_x = group_x + input_x_group_step;
  wire signed [24:0] left = -{run_x[23], run_x};
  wire [3:0] low = (left < 25'sd0 || left == 25'sd0) ? 4'd0 : (left >= 25'sd8) ? 4'd8 : left[3:0];
  wire inside_ = tap_row_y < {1'd0, input_height};
  wire [24:0] input_row_bytes_1 = {1'd0, input_row_bytes};
  wire signed [25:0] right = {input_row_bytes_1[24], input_row_bytes_1} - {{2{run_x[23]}}, run_x};
  wire [24:0] count_1 = {21'd0, count};
  wire [3:0] high = (!inside_ || (right <= 26'sd0)) ? 4'd0 : (right >= $signed({count_1[24], count_1}))
      ? count : right[3:0];

  assign issue = active && !hold && (layer_mode[0] ? column_room : stream_room);
  assign control_invalid = !(|loop_groups) || !(|loop_rows) || !(|loop_feed_columns) || !(|loop_tap_rows)
      || !(|loop_tap_columns) || !(|loop_run_bytes);
  assign control_finished = 1'b0;
  assign read_enable = request_valid_held;
  assign read_address = request_address_held;
  assign read_destination = layer_mode[0] ? 3'd0 : request_position[2:0];
  assign read_low = request_low_held;
  assign read_high = request_high_held;
  assign pad_byte = input_pad;
  assign control_moves = request_valid_held;
  assign feed_stream_enable = arriving2 && !layer_mode[0];
  assign feed_stream_position = arrival_position_held2;
  assign feed_stream_count = arrival_count_held3;
  assign feed_stream_advance = arrival_advance_held3;
  assign feed_stream_data = read_data;
  assign feed_columns_enable = arriving2 && layer_mode[0];
  assign feed_columns_data = read_data[31:0];

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
      loop_run_bytes_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd18) begin
      loop_run_bytes_staged <= settings_value;
    end
    if (settings_launch) begin
      loop_run_bytes <= loop_run_bytes_staged;
    end
    if (settings_clear) begin
      input_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd1) begin
      input_base_staged <= settings_value;
    end
    if (settings_launch) begin
      input_base <= input_base_staged;
    end
    if (settings_clear) begin
      input_first_y_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd4) begin
      input_first_y_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      input_first_y <= input_first_y_staged;
    end
    if (settings_clear) begin
      input_first_x_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd8) begin
      input_first_x_staged <= settings_value;
    end
    if (settings_launch) begin
      input_first_x <= input_first_x_staged;
    end
    if (settings_clear) begin
      input_row_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd2) begin
      input_row_step_staged <= settings_value;
    end
    if (settings_launch) begin
      input_row_step <= input_row_step_staged;
    end
    if (settings_clear) begin
      input_tap_row_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd3) begin
      input_tap_row_step_staged <= settings_value;
    end
    if (settings_launch) begin
      input_tap_row_step <= input_tap_row_step_staged;
    end
    if (settings_clear) begin
      input_y_step_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd5) begin
      input_y_step_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      input_y_step <= input_y_step_staged;
    end
    if (settings_clear) begin
      input_y_tap_step_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd6) begin
      input_y_tap_step_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      input_y_tap_step <= input_y_tap_step_staged;
    end
    if (settings_clear) begin
      input_x_group_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd11) begin
      input_x_group_step_staged <= settings_value;
    end
    if (settings_launch) begin
      input_x_group_step <= input_x_group_step_staged;
    end
    if (settings_clear) begin
      input_x_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd9) begin
      input_x_step_staged <= settings_value;
    end
    if (settings_launch) begin
      input_x_step <= input_x_step_staged;
    end
    if (settings_clear) begin
      input_x_tap_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd10) begin
      input_x_tap_step_staged <= settings_value;
    end
    if (settings_launch) begin
      input_x_tap_step <= input_x_tap_step_staged;
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
      loop_feed_columns_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd15) begin
      loop_feed_columns_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_feed_columns <= loop_feed_columns_staged;
    end
    if (settings_clear) begin
      loop_tap_rows_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd16) begin
      loop_tap_rows_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_tap_rows <= loop_tap_rows_staged;
    end
    if (settings_clear) begin
      loop_tap_columns_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd17) begin
      loop_tap_columns_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_tap_columns <= loop_tap_columns_staged;
    end
    if (control_begin) begin
      position <= 6'd0;
      reserved <= 7'd0;
    end else begin
      reserved <= reserved + {3'd0, taken} - popped;
      if (issue) begin
        position <= position + {2'd0, advance};
      end
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
      window_capacity_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd25) begin
      window_capacity_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      window_capacity <= window_capacity_staged;
    end
    if (control_begin) begin
      entry <= 16'd0;
      allocated <= 17'sd0;
    end else begin
      if (issue) begin
        entry <= is_last_entry ? 16'd0 : entry_plus_1;
      end
      allocated <= allocated + {16'd0, issue && column_begins} - {1'd0, released};
    end
    if (control_abort || (issue && group_ends)) begin
      active <= 1'b0;
    end else if (control_begin) begin
      active <= 1'b1;
    end
    if (control_begin) begin
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      tap_row <= 16'd0;
      tap_column <= 16'd0;
      run_left <= loop_run_bytes;
      row_address <= input_base;
      tap_row_address <= input_base;
      row_y <= input_first_y;
      tap_row_y <= input_first_y;
      group_x <= input_first_x;
      column_x <= input_first_x;
      tap_column_x <= input_first_x;
      run_x <= input_first_x;
    end else if (issue) begin
      if (!run_ends) begin
        run_left <= run_left - 24'd8;
        run_x <= next_run_x;
      end else begin
        run_left <= loop_run_bytes;
        if (!tap_column_ends) begin
          tap_column <= tap_column_plus_1;
          tap_column_x <= next_tap_column_x;
          run_x <= next_tap_column_x;
        end else begin
          tap_column <= 16'd0;
          if (!tap_row_ends) begin
            tap_row <= tap_row_plus_1;
            tap_row_address <= next_tap_row_address;
            tap_row_y <= next_tap_row_y;
            tap_column_x <= column_x;
            run_x <= column_x;
          end else begin
            tap_row <= 16'd0;
            if (!column_ends) begin
              column <= column_plus_1;
              tap_row_address <= row_address;
              tap_row_y <= row_y;
              column_x <= next_column_x;
              tap_column_x <= next_column_x;
              run_x <= next_column_x;
            end else begin
              column <= 16'd0;
              if (!row_ends) begin
                row <= row_plus_1;
                row_address <= next_row_address;
                tap_row_address <= next_row_address;
                row_y <= next_row_y;
                tap_row_y <= next_row_y;
                column_x <= group_x;
                tap_column_x <= group_x;
                run_x <= group_x;
              end else begin
                row <= 16'd0;
                group <= group_plus_1;
                row_address <= input_base;
                tap_row_address <= input_base;
                row_y <= input_first_y;
                tap_row_y <= input_first_y;
                group_x <= next_group_x;
                column_x <= next_group_x;
                tap_column_x <= next_group_x;
                run_x <= next_group_x;
              end
            end
          end
        end
      end
    end
    if (settings_clear) begin
      input_row_bytes_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd12) begin
      input_row_bytes_staged <= settings_value;
    end
    if (settings_launch) begin
      input_row_bytes <= input_row_bytes_staged;
    end
    if (settings_clear) begin
      input_height_staged <= 15'd0;
    end else if (settings_enable && settings_number == 8'd7) begin
      input_height_staged <= settings_value[14:0];
    end
    if (settings_launch) begin
      input_height <= input_height_staged;
    end
    request_valid_held <= issue;
    request_position <= position;
    request_address_held <= tap_row_address + run_x;
    request_low_held <= low;
    request_high_held <= high;
    if (settings_clear) begin
      input_pad_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd19) begin
      input_pad_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      input_pad <= input_pad_staged;
    end
    arriving1 <= request_valid_held;
    arriving2 <= arriving1;
    arrival_position_held1 <= request_position;
    arrival_position_held2 <= arrival_position_held1;
    arrival_count_held1 <= count;
    arrival_count_held2 <= arrival_count_held1;
    arrival_count_held3 <= arrival_count_held2;
    arrival_advance_held1 <= advance;
    arrival_advance_held2 <= arrival_advance_held1;
    arrival_advance_held3 <= arrival_advance_held2;
    if (reset) begin
      layer_mode_staged <= 5'd0;
      layer_mode <= 5'd0;
      loop_run_bytes_staged <= 24'd0;
      loop_run_bytes <= 24'd0;
      input_base_staged <= 24'd0;
      input_base <= 24'd0;
      input_first_y_staged <= 16'd0;
      input_first_y <= 16'd0;
      input_first_x_staged <= 24'd0;
      input_first_x <= 24'd0;
      input_row_step_staged <= 24'd0;
      input_row_step <= 24'd0;
      input_tap_row_step_staged <= 24'd0;
      input_tap_row_step <= 24'd0;
      input_y_step_staged <= 16'd0;
      input_y_step <= 16'd0;
      input_y_tap_step_staged <= 16'd0;
      input_y_tap_step <= 16'd0;
      input_x_group_step_staged <= 24'd0;
      input_x_group_step <= 24'd0;
      input_x_step_staged <= 24'd0;
      input_x_step <= 24'd0;
      input_x_tap_step_staged <= 24'd0;
      input_x_tap_step <= 24'd0;
      loop_groups_staged <= 16'd0;
      loop_groups <= 16'd0;
      loop_rows_staged <= 16'd0;
      loop_rows <= 16'd0;
      loop_feed_columns_staged <= 16'd0;
      loop_feed_columns <= 16'd0;
      loop_tap_rows_staged <= 16'd0;
      loop_tap_rows <= 16'd0;
      loop_tap_columns_staged <= 16'd0;
      loop_tap_columns <= 16'd0;
      group <= 16'd0;
      row <= 16'd0;
      column <= 16'd0;
      tap_row <= 16'd0;
      tap_column <= 16'd0;
      run_left <= 24'd0;
      row_address <= 24'd0;
      tap_row_address <= 24'd0;
      row_y <= 16'd0;
      tap_row_y <= 16'd0;
      group_x <= 24'd0;
      column_x <= 24'd0;
      tap_column_x <= 24'd0;
      run_x <= 24'd0;
      position <= 6'd0;
      reserved <= 7'd0;
      array_pass_steps_staged <= 16'd0;
      array_pass_steps <= 16'd0;
      window_capacity_staged <= 16'd0;
      window_capacity <= 16'd0;
      allocated <= 17'sd0;
      entry <= 16'd0;
      active <= 1'b0;
      input_row_bytes_staged <= 24'd0;
      input_row_bytes <= 24'd0;
      input_height_staged <= 15'd0;
      input_height <= 15'd0;
      request_valid_held <= 1'b0;
      input_pad_staged <= 8'd0;
      input_pad <= 8'd0;
      arriving1 <= 1'b0;
      arriving2 <= 1'b0;
    end
  end

  wire unused = &{1'b0, layer_mode[4:1], end_[5:2]};
endmodule
