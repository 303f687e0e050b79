// Softmax and inexact additions of rows of int8, bit for bit as TensorFlow Lite Micro's kernels.
module weft_scalar_unit (
  input  wire clock,
  input  wire reset,
  input  wire settings_launch,
  input  wire settings_clear,
  input  wire settings_enable,
  input  wire [7:0] settings_number,
  input  wire [23:0] settings_value,
  input  wire begin_softmax,
  input  wire begin_addition,
  input  wire abort_,
  output wire request_valid,
  output wire [23:0] request_address,
  input  wire [7:0] byte_,
  output wire [8:0] table_address,
  input  wire [31:0] table_word,
  output wire write_enable,
  output wire [23:0] write_address,
  output wire [7:0] write_byte,
  output wire finished,
  output wire working,
  output wire invalid,
  output wire table_fault,
  output wire [7:0] table_fault_place
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
  reg [23:0] input_base_staged;
  reg [23:0] input_base;
  reg [23:0] residual_base_staged;
  reg [23:0] residual_base;
  reg [23:0] output_base_staged;
  reg [23:0] output_base;
  reg [15:0] loop_rows_staged;
  reg [15:0] loop_rows;
  reg [15:0] loop_columns_staged;
  reg [15:0] loop_columns;
  reg [23:0] output_column_step_staged;
  reg [23:0] output_column_step;
  reg [4:0] layer_mode_staged;
  reg [4:0] layer_mode;
  reg [15:0] row;
  reg [15:0] index;
  reg [3:0] wait_;
  reg [23:0] row_input;
  reg [23:0] read;
  reg [23:0] row_second;
  reg [23:0] second;
  reg signed [7:0] greatest;
  reg [31:0] sum;
  reg at_second;
  reg [2:0] micro;
  reg [1:0] beat;
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
  reg [7:0] scalar_table_staged;
  reg [7:0] scalar_table;
  reg [7:0] scalar_second_table_staged;
  reg [7:0] scalar_second_table;
  reg exponent_for_sum;
  reg exponent_for_output;
  reg first_term;
  reg second_term;
  reg [4:0] headroom;
  reg signed [31:0] half;
  reg signed [31:0] factor_a;
  reg signed [31:0] factor_b;
  reg signed [63:0] product;
  reg signed [63:0] product_held;
  reg signed [31:0] estimate;
  reg signed [31:0] error;
  reg signed [31:0] scale;
  reg [23:0] scalar_multiplier_low_staged;
  reg [23:0] scalar_multiplier_low;
  reg [6:0] scalar_multiplier_high_staged;
  reg [6:0] scalar_multiplier_high;
  reg is_addition;
  reg [5:0] scalar_shift_staged;
  reg [5:0] scalar_shift;
  reg signed [9:0] steps;
  reg [7:0] residual_zero_staged;
  reg [7:0] residual_zero;
  reg [7:0] residual_low_staged;
  reg [7:0] residual_low;
  reg [7:0] residual_high_staged;
  reg [7:0] residual_high;
  reg signed [7:0] output_;
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

  wire settled = wait_ == 4'd10;
  wire row_settled = state == STATE_SETTLE_OUTPUT && settled;
  wire [15:0] row_plus_1 = row + 16'd1;
  wire last_row = row_plus_1 == loop_rows;
  wire begin_ = begin_softmax || begin_addition;
  wire any_scalar_table_7_1 = |scalar_table[7:1];
  wire [7:0] table_ = for_second3 ? scalar_second_table : scalar_table;
  wire [7:0] second_entry = layer_mode[3] ? column3 : byte_;
  wire signed [8:0] distance = {greatest[7], greatest} - {byte_[7], byte_};
  wire [7:0] entry = for_second3 ? second_entry : for_first3 ? byte_ : distance[7:0];
  wire [15:0] index_plus_1 = index + 16'd1;
  wire last_byte = index_plus_1 == loop_columns;
  wire micro_done = &beat;
  wire scanning = state == STATE_SCAN_MAXIMUM || state == STATE_SCAN_SUM || state == STATE_SCAN_OUTPUT;
  wire adding = state == STATE_ADD;
  wire element_done = adding && at_second;
  wire adding_and_not_at_second = adding && !at_second;
  wire [23:0] next_input = row_input + output_column_step;
  wire [23:0] next_second = row_second + output_column_step;
  wire row_ends = (row_settled || (element_done && last_byte)) && !last_row;
  wire row_begins = begin_ || row_ends;
  wire [32:0] table_word_plus_2048 = {1'd0, table_word} + 33'd2048;
  wire [20:0] rescaled = table_word_plus_2048[32:12];
  wire in_reciprocal = state == STATE_RECIPROCAL;
  wire empty16 = !(|sum[31:16]);
  wire [31:0] normalized16 = empty16 ? sum << 6'd16 : sum;
  wire empty8 = !(|normalized16[31:24]);
  wire [31:0] normalized8 = empty8 ? normalized16 << 6'd8 : normalized16;
  wire empty4 = !(|normalized8[31:28]);
  wire [31:0] normalized4 = empty4 ? normalized8 << 6'd4 : normalized8;
  wire empty2 = !(|normalized4[31:30]);
  wire [31:0] normalized2 = empty2 ? normalized4 << 6'd2 : normalized4;
  wire empty1 = !normalized2[31];
  wire [31:0] normalized1 = empty1 ? normalized2 << 6'd1 : normalized2;
  wire signed [63:0] product_held_plus_1073741824 = product_held + 64'sh40000000;
  wire signed [31:0] high_multiply = product_held_plus_1073741824[62:31];
  wire signed [31:0] refined = estimate + (high_multiply << 2'd2);
  wire [31:0] terms = sum + table_word;
  wire [5:0] softmax_shift = 6'd35 - {1'd0, headroom};
  wire [5:0] output_shift = is_addition ? scalar_shift : softmax_shift;
  wire [39:0] output_rounding = 40'd1 << (output_shift - 6'd1);
  wire signed [39:0] quotient = $signed({{8{high_multiply[31]}}, high_multiply} + output_rounding
      - {39'd0, product_held_plus_1073741824[62]}) >>> output_shift;
  wire [30:0] upper = quotient[39:9];
  wire fits = !(|upper) || (&upper);
  wire signed [10:0] offset = {steps[9], steps} + {{3{residual_zero[7]}}, residual_zero};
  wire [23:0] next_output = row_output + output_column_step;

  assign working = state != STATE_IDLE;
  assign invalid = !(|loop_rows) || !(|loop_columns);
  assign finished = row_settled && last_row;
  assign request_valid = request_valid_held;
  assign request_address = request_address_held;
  assign table_fault = (begin_ && any_scalar_table_7_1) || (begin_addition && (|scalar_second_table[7:1]));
  assign table_fault_place = any_scalar_table_7_1 ? scalar_table : scalar_second_table;
  assign table_address = {table_[0], entry};
  assign write_enable = writing5;
  assign write_address = write;
  assign write_byte = output_;

  always @(posedge clock) begin
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
    if (settings_clear) begin
      output_base_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd33) begin
      output_base_staged <= settings_value;
    end
    if (settings_launch) begin
      output_base <= output_base_staged;
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
      output_column_step_staged <= 24'd0;
    end else if (settings_enable && settings_number == 8'd35) begin
      output_column_step_staged <= settings_value;
    end
    if (settings_launch) begin
      output_column_step <= output_column_step_staged;
    end
    if (settings_clear) begin
      layer_mode_staged <= 5'd0;
    end else if (settings_enable && settings_number == 8'd0) begin
      layer_mode_staged <= settings_value[4:0];
    end
    if (settings_launch) begin
      layer_mode <= layer_mode_staged;
    end
    case (state)
      STATE_IDLE: begin
        if (begin_softmax) begin
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
        if (micro_done && (&micro)) begin
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
    if (abort_) begin
      state <= STATE_IDLE;
    end
    if (scanning || adding) begin
      wait_ <= 4'd0;
    end else if (!settled) begin
      wait_ <= wait_ + 4'd1;
    end
    if (scanning || element_done) begin
      index <= index_plus_1;
      read <= read + 24'd1;
      second <= second + 24'd1;
    end else if (!adding) begin
      index <= 16'd0;
      read <= row_input;
    end
    at_second <= adding_and_not_at_second;
    if (begin_) begin
      row <= 16'd0;
      index <= 16'd0;
      row_input <= input_base;
      read <= input_base;
      row_second <= residual_base;
      second <= residual_base;
    end else if (row_ends) begin
      row <= row_plus_1;
      index <= 16'd0;
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
    end else if (for_maximum3 && $signed(byte_) > greatest) begin
      greatest <= byte_;
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
      sum <= table_word;
    end
    product <= factor_a * factor_b;
    product_held <= product;
    if (in_reciprocal) begin
      beat <= beat + 2'd1;
      if (micro_done) begin
        micro <= micro + 3'd1;
      end
    end else begin
      beat <= 2'd0;
      micro <= 3'd0;
    end
    if (in_reciprocal && micro_done) begin
      case (micro)
        3'd0: begin
          headroom <= {empty16, empty8, empty4, empty2, empty1};
          half <= {1'd0, normalized1[31:1]};
        end
        3'd1: estimate <= 32'sh5a5a5a5a + high_multiply;
        3'd2, 3'd4, 3'd6: error <= 32'sh20000000 - high_multiply;
        3'd3, 3'd5: estimate <= refined;
        default: scale <= (refined >= 32'sh40000000) ? 32'sh7fffffff : refined << 2'd1;
      endcase
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
    if (second_term) begin
      factor_a <= terms;
      factor_b <= {1'd0, scalar_multiplier_high, scalar_multiplier_low};
    end else if (exponent_for_output) begin
      factor_a <= scale;
      factor_b <= table_word;
    end else begin
      factor_a <= (micro[0] && micro != 3'd1) ? error : half;
      factor_b <= (micro == 3'd1) ? 32'shc3c3c3c4 : estimate;
    end
    if (begin_addition) begin
      is_addition <= 1'b1;
    end else if (begin_softmax) begin
      is_addition <= 1'b0;
    end
    if (settings_clear) begin
      scalar_shift_staged <= 6'd0;
    end else if (settings_enable && settings_number == 8'd62) begin
      scalar_shift_staged <= settings_value[5:0];
    end
    if (settings_launch) begin
      scalar_shift <= scalar_shift_staged;
    end
    steps <= fits ? quotient[9:0] : quotient[39] ? -10'sd512 : 10'sd511;
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
    output_ <= (offset < $signed({{3{residual_low[7]}}, residual_low})) ? residual_low
        : (offset > $signed({{3{residual_high[7]}}, residual_high})) ? residual_high : offset[7:0];
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
    if (begin_) begin
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
      input_base_staged <= 24'd0;
      input_base <= 24'd0;
      residual_base_staged <= 24'd0;
      residual_base <= 24'd0;
      output_base_staged <= 24'd0;
      output_base <= 24'd0;
      loop_rows_staged <= 16'd0;
      loop_rows <= 16'd0;
      loop_columns_staged <= 16'd0;
      loop_columns <= 16'd0;
      output_column_step_staged <= 24'd0;
      output_column_step <= 24'd0;
      layer_mode_staged <= 5'd0;
      layer_mode <= 5'd0;
      row <= 16'd0;
      index <= 16'd0;
      wait_ <= 4'd0;
      row_input <= 24'd0;
      read <= 24'd0;
      row_second <= 24'd0;
      second <= 24'd0;
      greatest <= 8'sd0;
      sum <= 32'd0;
      at_second <= 1'b0;
      micro <= 3'd0;
      beat <= 2'd0;
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
      scalar_table_staged <= 8'd0;
      scalar_table <= 8'd0;
      scalar_second_table_staged <= 8'd0;
      scalar_second_table <= 8'd0;
      exponent_for_sum <= 1'b0;
      exponent_for_output <= 1'b0;
      first_term <= 1'b0;
      second_term <= 1'b0;
      headroom <= 5'd0;
      half <= 32'sd0;
      estimate <= 32'sd0;
      error <= 32'sd0;
      scale <= 32'sd0;
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
    end
  end

  wire unused = &{1'b0, layer_mode[2:0], layer_mode[4], table_[7:1], distance[8],
      table_word_plus_2048[11:0], normalized1[0], product_held_plus_1073741824[30:0],
      product_held_plus_1073741824[63]};
endmodule
