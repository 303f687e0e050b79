// Softmax and inexact additions of rows of int8, bit for bit as TensorFlow Lite Micro's kernels.
module weft_scalar_unit (
  input  wire clock,
  input  wire reset,
  input  wire settings_launch,
  input  wire settings_clear,
  input  wire settings_enable,
  input  wire [7:0] settings_number,
  input  wire [23:0] settings_value,
  input  wire control_layer_begin,
  input  wire control_layer_abort,
  output wire control_layer_invalid,
  output wire control_layer_finished,
  output wire control_layer_moves,
  input  wire control_is_addition,
  output wire operand_enable,
  output wire [23:0] operand_address,
  output wire [3:0] operand_count,
  input  wire [7:0] operand_data,
  output wire table_enable,
  output wire [8:0] table_address,
  input  wire [31:0] table_data,
  output wire results_enable,
  output wire [23:0] results_address,
  output wire [7:0] results_count,
  output wire [7:0] results_data,
  output wire [7:0] results_before,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place
);
  localparam [3:0] STATE_IDLE = 4'd0;
  localparam [3:0] STATE_SCAN_MAXIMUM = 4'd1;
  localparam [3:0] STATE_SETTLE_MAXIMUM = 4'd2;
  localparam [3:0] STATE_SCAN_SUM = 4'd3;
  localparam [3:0] STATE_SETTLE_SUM = 4'd4;
  localparam [3:0] STATE_RECIPROCAL = 4'd5;
  localparam [3:0] STATE_SCAN_OUTPUT = 4'd6;
  localparam [3:0] STATE_SETTLE_OUTPUT = 4'd7;
  localparam [3:0] STATE_ADD = 4'd8;
  reg [3:0] state;
  reg [15:0] row;
  reg [15:0] index;
  reg [3:0] wait_;
  reg at_second;
  reg [15:0] loop_columns_staged;
  reg [15:0] loop_columns;
  reg [15:0] loop_rows_staged;
  reg [15:0] loop_rows;
  wire divider_is_done;
  reg [23:0] output_column_step_staged;
  reg [23:0] output_column_step;
  reg [23:0] row_input;
  reg [23:0] read;
  reg [23:0] row_second;
  reg [23:0] second;
  reg [23:0] input_base_staged;
  reg [23:0] input_base;
  reg [23:0] residual_base_staged;
  reg [23:0] residual_base;
  reg request_valid_held;
  reg [23:0] request_address_held;
  reg for_maximum1;
  reg for_maximum2;
  reg for_maximum3;
  reg for_sum1;
  reg for_sum2;
  reg for_sum3;
  reg for_output1;
  reg for_output2;
  reg for_output3;
  reg for_first1;
  reg for_first2;
  reg for_first3;
  reg for_second1;
  reg for_second2;
  reg for_second3;
  reg [7:0] column1;
  reg [7:0] column2;
  reg [7:0] column3;
  reg signed [7:0] greatest;
  reg [4:0] layer_mode_staged;
  reg [4:0] layer_mode;
  reg [7:0] scalar_table_staged;
  reg [7:0] scalar_table;
  reg [7:0] scalar_second_table_staged;
  reg [7:0] scalar_second_table;
  reg exponent_for_sum;
  reg exponent_for_output;
  reg first_term;
  reg second_term;
  reg [31:0] sum;
  wire signed [31:0] multiplier_product;
  reg [23:0] scalar_multiplier_low_staged;
  reg [23:0] scalar_multiplier_low;
  reg [6:0] scalar_multiplier_high_staged;
  reg [6:0] scalar_multiplier_high;
  wire signed [31:0] divider_scale;
  wire signed [31:0] divider_a;
  wire signed [31:0] divider_b;
  reg is_addition;
  reg [5:0] scalar_shift_staged;
  reg [5:0] scalar_shift;
  wire [4:0] divider_headroom;
  reg [7:0] residual_zero_staged;
  reg [7:0] residual_zero;
  reg [7:0] residual_low_staged;
  reg [7:0] residual_low;
  reg [7:0] residual_high_staged;
  reg [7:0] residual_high;
  wire signed [7:0] end_result;
  reg writing1;
  reg writing2;
  reg writing3;
  reg writing4;
  reg writing5;
  reg last_of_row1;
  reg last_of_row2;
  reg last_of_row3;
  reg last_of_row4;
  reg last_of_row5;
  reg last_of_row6;
  reg last_of_row7;
  reg last_of_row8;
  reg last_of_row9;
  reg [23:0] row_output;
  reg [23:0] write;
  reg [23:0] output_base_staged;
  reg [23:0] output_base;

  wire [31:0] terms = sum + table_data;
  wire settled = wait_ == 4'd10;
  wire row_settled = state == STATE_SETTLE_OUTPUT && settled;
  wire [15:0] row_plus_1 = row + 16'd1;
  wire last_row = row_plus_1 == loop_rows;
  wire any_scalar_table_7_1 = |scalar_table[7:1];
  wire begin_addition = control_layer_begin && control_is_addition;
  wire [7:0] table_number = for_second3 ? scalar_second_table : scalar_table;
  wire [7:0] second_entry = layer_mode[3] ? column3 : operand_data;
  wire signed [8:0] distance = {greatest[7], greatest} - {operand_data[7], operand_data};
  wire [7:0] entry = for_second3 ? second_entry : for_first3 ? operand_data : distance[7:0];
  wire adding = state == STATE_ADD;
  wire adding_and_not_at_second = adding && !at_second;
  wire scanning = state == STATE_SCAN_MAXIMUM || state == STATE_SCAN_SUM || state == STATE_SCAN_OUTPUT;
  wire [15:0] index_plus_1 = index + 16'd1;
  wire element_done = adding && at_second;
  wire last_byte = index_plus_1 == loop_columns;
  wire row_ends = (row_settled || (element_done && last_byte)) && !last_row;
  wire [23:0] next_input = row_input + output_column_step;
  wire [23:0] next_second = row_second + output_column_step;
  wire row_begins = control_layer_begin || row_ends;
  wire [32:0] table_data_plus_2048 = {1'd0, table_data} + 33'd2048;
  wire [20:0] rescaled = table_data_plus_2048[32:12];
  wire [23:0] next_output = row_output + output_column_step;

  weft_reciprocal divider (
    .clock(clock),
    .reset(reset),
    .runs(state == STATE_RECIPROCAL),
    .denominator(sum),
    .a(divider_a),
    .b(divider_b),
    .product(multiplier_product),
    .is_done(divider_is_done),
    .scale(divider_scale),
    .headroom(divider_headroom)
  );

  weft_scalar_multiplier multiplier (
    .clock(clock),
    .a(second_term ? terms : exponent_for_output ? divider_scale : divider_a),
    .b(second_term ? {1'd0, scalar_multiplier_high, scalar_multiplier_low} : exponent_for_output
        ? table_data : divider_b),
    .product(multiplier_product)
  );

  weft_scalar_end end_ (
    .clock(clock),
    .product(multiplier_product),
    .shift(is_addition ? scalar_shift : 6'd35 - {1'd0, divider_headroom}),
    .zero(residual_zero),
    .low(residual_low),
    .high(residual_high),
    .result(end_result)
  );

  assign control_layer_moves = state != STATE_IDLE;
  assign control_layer_finished = row_settled && last_row;
  assign control_layer_invalid = !(|loop_rows) || !(|loop_columns);
  assign operand_enable = request_valid_held;
  assign operand_address = request_address_held;
  assign operand_count = 4'd1;
  assign fault_happens = (control_layer_begin && any_scalar_table_7_1)
      || (begin_addition && (|scalar_second_table[7:1]));
  assign fault_code = 8'd10;
  assign fault_place = {16'd0, any_scalar_table_7_1 ? scalar_table : scalar_second_table};
  assign table_enable = 1'b1;
  assign table_address = {table_number[0], entry};
  assign results_enable = writing5;
  assign results_address = write;
  assign results_count = 8'd1;
  assign results_data = end_result;
  assign results_before = end_result;

  always @(posedge clock) begin
    at_second <= adding_and_not_at_second;
    if (settings_clear) begin
      loop_columns_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd20) begin
      loop_columns_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_columns <= loop_columns_staged;
    end
    if (settings_clear) begin
      loop_rows_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd14) begin
      loop_rows_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      loop_rows <= loop_rows_staged;
    end
    if (scanning || adding) begin
      wait_ <= 4'd0;
    end else if (!settled) begin
      wait_ <= wait_ + 4'd1;
    end
    if (scanning || element_done) begin
      index <= index_plus_1;
    end else if (!adding) begin
      index <= 16'd0;
    end
    if (control_layer_begin) begin
      row <= 16'd0;
      index <= 16'd0;
    end else if (row_ends) begin
      row <= row_plus_1;
      index <= 16'd0;
    end
    case (state)
      STATE_IDLE: begin
        if (control_layer_begin && !control_is_addition) begin
          state <= STATE_SCAN_MAXIMUM;
        end else if (begin_addition) begin
          state <= STATE_ADD;
        end
      end
      STATE_SCAN_MAXIMUM: begin
        if (last_byte) begin
          state <= STATE_SETTLE_MAXIMUM;
        end
      end
      STATE_SETTLE_MAXIMUM: begin
        if (settled) begin
          state <= STATE_SCAN_SUM;
        end
      end
      STATE_SCAN_SUM: begin
        if (last_byte) begin
          state <= STATE_SETTLE_SUM;
        end
      end
      STATE_SETTLE_SUM: begin
        if (settled) begin
          state <= STATE_RECIPROCAL;
        end
      end
      STATE_RECIPROCAL: begin
        if (divider_is_done) begin
          state <= STATE_SCAN_OUTPUT;
        end
      end
      STATE_SCAN_OUTPUT: begin
        if (last_byte) begin
          state <= STATE_SETTLE_OUTPUT;
        end
      end
      STATE_SETTLE_OUTPUT: begin
        if (settled) begin
          if (last_row) begin
            state <= STATE_IDLE;
          end else begin
            state <= STATE_SCAN_MAXIMUM;
          end
        end
      end
      default: begin // STATE_ADD
        if (at_second && last_byte && last_row) begin
          state <= STATE_SETTLE_OUTPUT;
        end
      end
    endcase
    if (control_layer_abort) begin
      state <= STATE_IDLE;
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
      input_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd1) begin
      input_base_staged <= settings_value;
    end
    if (settings_launch) begin
      input_base <= input_base_staged;
    end
    if (settings_clear) begin
      residual_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd45) begin
      residual_base_staged <= settings_value;
    end
    if (settings_launch) begin
      residual_base <= residual_base_staged;
    end
    if (scanning || element_done) begin
      read <= read + 24'd1;
      second <= second + 24'd1;
    end else if (!adding) begin
      read <= row_input;
    end
    if (control_layer_begin) begin
      row_input <= input_base;
      read <= input_base;
      row_second <= residual_base;
      second <= residual_base;
    end else if (row_ends) begin
      row_input <= next_input;
      read <= next_input;
      row_second <= next_second;
      second <= next_second;
    end
    request_valid_held <= scanning || adding;
    request_address_held <= element_done ? second : read;
    for_maximum1 <= state == STATE_SCAN_MAXIMUM;
    for_maximum2 <= for_maximum1;
    for_maximum3 <= for_maximum2;
    for_sum1 <= state == STATE_SCAN_SUM;
    for_sum2 <= for_sum1;
    for_sum3 <= for_sum2;
    for_output1 <= state == STATE_SCAN_OUTPUT;
    for_output2 <= for_output1;
    for_output3 <= for_output2;
    for_first1 <= adding_and_not_at_second;
    for_first2 <= for_first1;
    for_first3 <= for_first2;
    for_second1 <= element_done;
    for_second2 <= for_second1;
    for_second3 <= for_second2;
    column1 <= index[7:0];
    column2 <= column1;
    column3 <= column2;
    if (row_begins) begin
      greatest <= -8'sd128;
    end else if (for_maximum3 && $signed(operand_data) > greatest) begin
      greatest <= operand_data;
    end
    if (settings_clear) begin
      layer_mode_staged <= 5'd0;
    end else if (settings_enable && settings_number == 8'd0) begin
      layer_mode_staged <= settings_value[4:0];
    end
    if (settings_launch) begin
      layer_mode <= layer_mode_staged;
    end
    if (settings_clear) begin
      scalar_table_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd58) begin
      scalar_table_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      scalar_table <= scalar_table_staged;
    end
    if (settings_clear) begin
      scalar_second_table_staged <= 8'd0;
    end else if (settings_enable && settings_number == 8'd59) begin
      scalar_second_table_staged <= settings_value[7:0];
    end
    if (settings_launch) begin
      scalar_second_table <= scalar_second_table_staged;
    end
    exponent_for_sum <= for_sum3;
    exponent_for_output <= for_output3;
    first_term <= for_first3;
    second_term <= for_second3;
    if (row_begins) begin
      sum <= 32'd0;
    end else if (exponent_for_sum) begin
      sum <= sum + {11'd0, rescaled};
    end else if (first_term) begin
      sum <= table_data;
    end
    if (settings_clear) begin
      scalar_multiplier_low_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd60) begin
      scalar_multiplier_low_staged <= settings_value;
    end
    if (settings_launch) begin
      scalar_multiplier_low <= scalar_multiplier_low_staged;
    end
    if (settings_clear) begin
      scalar_multiplier_high_staged <= 7'd0;
    end else if (settings_enable && settings_number == 8'd61) begin
      scalar_multiplier_high_staged <= settings_value[6:0];
    end
    if (settings_launch) begin
      scalar_multiplier_high <= scalar_multiplier_high_staged;
    end
    if (control_layer_begin) begin
      is_addition <= begin_addition;
    end
    if (settings_clear) begin
      scalar_shift_staged <= 6'd0;
    end else if (settings_enable && settings_number == 8'd62) begin
      scalar_shift_staged <= settings_value[5:0];
    end
    if (settings_launch) begin
      scalar_shift <= scalar_shift_staged;
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
    writing1 <= exponent_for_output || second_term;
    writing2 <= writing1;
    writing3 <= writing2;
    writing4 <= writing3;
    writing5 <= writing4;
    last_of_row1 <= (state == STATE_SCAN_OUTPUT || element_done) && last_byte;
    last_of_row2 <= last_of_row1;
    last_of_row3 <= last_of_row2;
    last_of_row4 <= last_of_row3;
    last_of_row5 <= last_of_row4;
    last_of_row6 <= last_of_row5;
    last_of_row7 <= last_of_row6;
    last_of_row8 <= last_of_row7;
    last_of_row9 <= last_of_row8;
    if (settings_clear) begin
      output_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd33) begin
      output_base_staged <= settings_value;
    end
    if (settings_launch) begin
      output_base <= output_base_staged;
    end
    if (control_layer_begin) begin
      row_output <= output_base;
      write <= output_base;
    end else if (writing5 && last_of_row9) begin
      row_output <= next_output;
      write <= next_output;
    end else if (writing5) begin
      write <= write + 24'd1;
    end
    if (reset) begin
      state <= STATE_IDLE;
      row <= 16'd0;
      index <= 16'd0;
      wait_ <= 4'd0;
      at_second <= 1'b0;
      loop_columns_staged <= 16'd0;
      loop_columns <= 16'd0;
      loop_rows_staged <= 16'd0;
      loop_rows <= 16'd0;
      output_column_step_staged <= 24'd0;
      output_column_step <= 24'd0;
      row_input <= 24'd0;
      read <= 24'd0;
      row_second <= 24'd0;
      second <= 24'd0;
      input_base_staged <= 24'd0;
      input_base <= 24'd0;
      residual_base_staged <= 24'd0;
      residual_base <= 24'd0;
      request_valid_held <= 1'b0;
      for_maximum1 <= 1'b0;
      for_maximum2 <= 1'b0;
      for_maximum3 <= 1'b0;
      for_sum1 <= 1'b0;
      for_sum2 <= 1'b0;
      for_sum3 <= 1'b0;
      for_output1 <= 1'b0;
      for_output2 <= 1'b0;
      for_output3 <= 1'b0;
      for_first1 <= 1'b0;
      for_first2 <= 1'b0;
      for_first3 <= 1'b0;
      for_second1 <= 1'b0;
      for_second2 <= 1'b0;
      for_second3 <= 1'b0;
      greatest <= 8'sd0;
      layer_mode_staged <= 5'd0;
      layer_mode <= 5'd0;
      scalar_table_staged <= 8'd0;
      scalar_table <= 8'd0;
      scalar_second_table_staged <= 8'd0;
      scalar_second_table <= 8'd0;
      exponent_for_sum <= 1'b0;
      exponent_for_output <= 1'b0;
      first_term <= 1'b0;
      second_term <= 1'b0;
      sum <= 32'd0;
      scalar_multiplier_low_staged <= 24'd0;
      scalar_multiplier_low <= 24'd0;
      scalar_multiplier_high_staged <= 7'd0;
      scalar_multiplier_high <= 7'd0;
      is_addition <= 1'b0;
      scalar_shift_staged <= 6'd0;
      scalar_shift <= 6'd0;
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
      last_of_row1 <= 1'b0;
      last_of_row2 <= 1'b0;
      last_of_row3 <= 1'b0;
      last_of_row4 <= 1'b0;
      last_of_row5 <= 1'b0;
      last_of_row6 <= 1'b0;
      last_of_row7 <= 1'b0;
      last_of_row8 <= 1'b0;
      last_of_row9 <= 1'b0;
      row_output <= 24'd0;
      write <= 24'd0;
      output_base_staged <= 24'd0;
      output_base <= 24'd0;
    end
  end

  wire unused = &{1'b0, layer_mode[2:0], layer_mode[4], table_number[7:1], distance[8],
      table_data_plus_2048[11:0]};
endmodule
