// Weft accelerator: P x K x C = 2 x 2 x 4 = 16 MACs, V = 8 memory lanes, Q = 1 post lanes.
// AXI4-Lite slave. The trace_* outputs are for simulation; leave them open in synthesis.
module weft_top (
  input  wire clock,
  input  wire reset,
  input  wire [27:0] s_axi_awaddr,
  input  wire s_axi_awvalid,
  output wire s_axi_awready,
  input  wire [31:0] s_axi_wdata,
  input  wire [3:0] s_axi_wstrb,
  input  wire s_axi_wvalid,
  output wire s_axi_wready,
  output wire [1:0] s_axi_bresp,
  output wire s_axi_bvalid,
  input  wire s_axi_bready,
  input  wire [27:0] s_axi_araddr,
  input  wire s_axi_arvalid,
  output wire s_axi_arready,
  output wire [31:0] s_axi_rdata,
  output wire [1:0] s_axi_rresp,
  output wire s_axi_rvalid,
  input  wire s_axi_rready,
  output wire irq,
  output wire trace_start,
  output wire trace_done,
  output wire [15:0] trace_step,
  output wire trace_write,
  output wire [23:0] trace_address,
  output wire [7:0] trace_count,
  output wire [7:0] trace_data,
  output wire [7:0] trace_before
);
  wire host_s_axi_awready;
  wire host_s_axi_wready;
  wire [1:0] host_s_axi_bresp;
  wire host_s_axi_bvalid;
  wire host_s_axi_arready;
  wire [31:0] host_s_axi_rdata;
  wire [1:0] host_s_axi_rresp;
  wire host_s_axi_rvalid;
  wire host_irq;
  wire host_start;
  wire host_abort;
  wire sequencer_busy;
  wire sequencer_done;
  wire sequencer_failed;
  wire [7:0] sequencer_error_code;
  wire [23:0] sequencer_error_place;
  wire sequencer_trace_start;
  wire sequencer_trace_done;
  wire [15:0] sequencer_trace_step;
  wire sequencer_settings_launch;
  wire sequencer_settings_clear;
  wire sequencer_settings_enable;
  wire [7:0] sequencer_settings_number;
  wire [23:0] sequencer_settings_value;
  wire sequencer_begin_array;
  wire sequencer_abort;
  wire host_window_write;
  wire [3:0] host_window_region;
  wire [23:0] host_window_address;
  wire [31:0] host_window_data;
  wire [3:0] host_window_strobe;
  wire [7:0] sequencer_program_address;
  wire [31:0] program_read_data;
  wire [7:0] controller_weight_address;
  wire post_parameter_read;
  wire [5:0] post_parameter_address;
  wire [95:0] parameters_read_data;
  wire feeder_request_valid;
  wire post_residual_request;
  wire host_feature_request;
  wire [23:0] post_residual_address;
  wire [23:0] feeder_request_address;
  wire [23:0] host_feature_address;
  wire [3:0] post_residual_bytes;
  wire post_write_enable;
  wire [23:0] post_write_address;
  wire post_write_mask;
  wire [7:0] post_write_data;
  wire [7:0] post_write_count;
  wire [7:0] post_before;
  wire post_finished;
  wire feeder_invalid;
  wire controller_invalid;
  wire controller_stream_pop;
  wire controller_column_read;
  wire sequencer_begin_softmax;
  wire sequencer_begin_addition;
  wire [8:0] scalar_table_address;
  wire [31:0] scalar_tables_read_data;
  wire [63:0] features_read_data;
  wire scalar_request_valid;
  wire [23:0] scalar_request_address;
  wire scalar_write_enable;
  wire [23:0] scalar_write_address;
  wire [7:0] scalar_write_byte;
  wire scalar_finished;
  wire scalar_working;
  wire scalar_table_fault;
  wire [7:0] scalar_table_fault_place;
  wire scalar_invalid;
  reg [4:0] flush;
  wire [2:0] feeder_request_destination;
  wire [3:0] feeder_request_low;
  wire [3:0] feeder_request_high;
  wire [7:0] feeder_request_pad;
  wire post_residual_hold;
  wire controller_release;
  wire [15:0] controller_release_columns;
  wire feeder_stream_write;
  wire [5:0] feeder_arrival_position;
  wire [3:0] feeder_arrival_count;
  wire [3:0] feeder_arrival_advance;
  wire feeder_column_write;
  wire [1:0] controller_column_bank;
  wire [4:0] controller_column_entry;
  wire stream_available;
  wire columns_completed;
  wire controller_operand_valid;
  wire controller_operand_columns;
  wire [3:0] controller_operand_lanes;
  wire [31:0] stream_word;
  wire [127:0] columns_taps;
  wire [127:0] weights_read_data;
  wire controller_multiply;
  wire controller_maximum;
  wire controller_accumulate;
  wire controller_first;
  wire controller_capture;
  wire post_shift;
  wire [23:0] array_sums;
  wire host_limit_reached;
  wire features_read_fault;
  wire [23:0] features_read_fault_place;
  wire controller_weight_fault;
  wire [19:0] controller_weight_fault_place;
  wire post_parameter_fault;
  wire [19:0] post_parameter_fault_place;
  wire post_table_fault;
  wire [7:0] post_table_fault_place;
  wire controller_stalled;

  wire [23:0] last_written_choice = scalar_write_enable ? scalar_write_address : post_write_address;
  wire [7:0] last_written_choice_1 = scalar_write_enable ? 8'd1 : post_write_count;
  wire [24:0] last_written = {1'd0, last_written_choice} + {17'd0, last_written_choice_1 - 8'd1};
  wire write_fault = (post_write_enable || scalar_write_enable) && (|last_written[24:12]);
  wire [3:0] needed_bytes = post_residual_request ? post_residual_bytes : host_feature_request ? 4'd4 : 4'd1;
  wire alive = flush == 5'd0;
  wire written = (post_write_enable || scalar_write_enable) && !write_fault && alive;
  wire write_features = host_window_write && host_window_region == 4'd4;

  weft_host_port host (
    .clock(clock),
    .reset(reset),
    .s_axi_awaddr(s_axi_awaddr),
    .s_axi_awvalid(s_axi_awvalid),
    .s_axi_awready(host_s_axi_awready),
    .s_axi_wdata(s_axi_wdata),
    .s_axi_wstrb(s_axi_wstrb),
    .s_axi_wvalid(s_axi_wvalid),
    .s_axi_wready(host_s_axi_wready),
    .s_axi_bresp(host_s_axi_bresp),
    .s_axi_bvalid(host_s_axi_bvalid),
    .s_axi_bready(s_axi_bready),
    .s_axi_araddr(s_axi_araddr),
    .s_axi_arvalid(s_axi_arvalid),
    .s_axi_arready(host_s_axi_arready),
    .s_axi_rdata(host_s_axi_rdata),
    .s_axi_rresp(host_s_axi_rresp),
    .s_axi_rvalid(host_s_axi_rvalid),
    .s_axi_rready(s_axi_rready),
    .irq(host_irq),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .feature_request(host_feature_request),
    .feature_address(host_feature_address),
    .feature_word(features_read_data[31:0]),
    .start(host_start),
    .abort_(host_abort),
    .busy(sequencer_busy),
    .done(sequencer_done),
    .failed(sequencer_failed),
    .error_code(sequencer_error_code),
    .error_place(sequencer_error_place),
    .stalled(controller_stalled),
    .limit_reached(host_limit_reached)
  );

  weft_sequencer sequencer (
    .clock(clock),
    .reset(reset),
    .start(host_start),
    .abort_request(host_abort),
    .finished(post_finished || scalar_finished),
    .progress(feeder_request_valid || controller_stream_pop || controller_column_read || post_write_enable
        || scalar_working),
    .layer_invalid((sequencer_begin_array && (feeder_invalid || controller_invalid))
        || ((sequencer_begin_softmax || sequencer_begin_addition) && scalar_invalid)),
    .fault(scalar_table_fault || write_fault || features_read_fault || controller_weight_fault
        || post_parameter_fault || post_table_fault),
    .fault_code(post_table_fault ? 8'd10 : post_parameter_fault ? 8'd9 : controller_weight_fault ? 8'd8
        : features_read_fault ? 8'd7 : write_fault ? 8'd3 : scalar_table_fault ? 8'd10 : 8'd0),
    .fault_place(post_table_fault ? {16'd0, post_table_fault_place} : post_parameter_fault
        ? {4'd0, post_parameter_fault_place} : controller_weight_fault
        ? {4'd0, controller_weight_fault_place} : features_read_fault ? features_read_fault_place
        : write_fault ? last_written_choice : scalar_table_fault ? {16'd0, scalar_table_fault_place} : 24'd0),
    .limit_reached(host_limit_reached),
    .program_address(sequencer_program_address),
    .program_word(program_read_data),
    .begin_array(sequencer_begin_array),
    .begin_softmax(sequencer_begin_softmax),
    .begin_addition(sequencer_begin_addition),
    .abort_(sequencer_abort),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .busy(sequencer_busy),
    .done(sequencer_done),
    .failed(sequencer_failed),
    .error_code(sequencer_error_code),
    .error_place(sequencer_error_place),
    .trace_start(sequencer_trace_start),
    .trace_done(sequencer_trace_done),
    .trace_step(sequencer_trace_step)
  );

  weft_feeder feeder (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .begin_(sequencer_begin_array),
    .abort_(sequencer_abort),
    .hold(post_residual_hold),
    .stream_pop(controller_stream_pop),
    .release_(controller_release),
    .release_columns(controller_release_columns),
    .request_valid(feeder_request_valid),
    .request_address(feeder_request_address),
    .request_destination(feeder_request_destination),
    .request_low(feeder_request_low),
    .request_high(feeder_request_high),
    .request_pad(feeder_request_pad),
    .stream_write(feeder_stream_write),
    .column_write(feeder_column_write),
    .arrival_position(feeder_arrival_position),
    .arrival_count(feeder_arrival_count),
    .arrival_advance(feeder_arrival_advance),
    .invalid(feeder_invalid)
  );

  weft_stream_buffer stream (
    .clock(clock),
    .reset(reset),
    .clear(sequencer_begin_array),
    .write(feeder_stream_write),
    .write_position(feeder_arrival_position),
    .write_count(feeder_arrival_count),
    .write_advance(feeder_arrival_advance),
    .write_data(features_read_data),
    .pop(controller_stream_pop),
    .available(stream_available),
    .word(stream_word)
  );

  weft_column_buffer columns (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .begin_(sequencer_begin_array),
    .write(feeder_column_write),
    .write_data(features_read_data[31:0]),
    .completed(columns_completed),
    .read(controller_column_read),
    .read_bank(controller_column_bank),
    .read_entry(controller_column_entry),
    .taps(columns_taps)
  );

  weft_array_controller controller (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .begin_(sequencer_begin_array),
    .abort_(sequencer_abort),
    .stream_available(stream_available),
    .column_completed(columns_completed),
    .stream_pop(controller_stream_pop),
    .column_read(controller_column_read),
    .column_bank(controller_column_bank),
    .column_entry(controller_column_entry),
    .release_(controller_release),
    .release_columns(controller_release_columns),
    .operand_valid(controller_operand_valid),
    .operand_columns(controller_operand_columns),
    .operand_lanes(controller_operand_lanes),
    .weight_address(controller_weight_address),
    .multiply(controller_multiply),
    .maximum(controller_maximum),
    .accumulate(controller_accumulate),
    .first(controller_first),
    .capture(controller_capture),
    .stalled(controller_stalled),
    .invalid(controller_invalid),
    .weight_fault(controller_weight_fault),
    .weight_fault_place(controller_weight_fault_place)
  );

  weft_element_array array (
    .clock(clock),
    .operand_valid(controller_operand_valid),
    .operand_columns(controller_operand_columns),
    .operand_lanes(controller_operand_lanes),
    .stream_word(stream_word),
    .column_taps(columns_taps),
    .weights(weights_read_data),
    .multiply(controller_multiply),
    .maximum(controller_maximum),
    .accumulate(controller_accumulate),
    .first(controller_first),
    .capture(controller_capture),
    .shift(post_shift),
    .sums(array_sums)
  );

  weft_post_unit post (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .begin_(sequencer_begin_array),
    .abort_(sequencer_abort || flush >= 5'd24),
    .capture(controller_capture),
    .sums(array_sums),
    .shift(post_shift),
    .parameter_address(post_parameter_address),
    .parameter_read(post_parameter_read),
    .parameters(parameters_read_data),
    .residual_hold(post_residual_hold),
    .residual_request(post_residual_request),
    .residual_address(post_residual_address),
    .residual_bytes(post_residual_bytes),
    .residual_data(features_read_data[31:0]),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .write_enable(post_write_enable),
    .write_address(post_write_address),
    .write_mask(post_write_mask),
    .write_data(post_write_data),
    .before_(post_before),
    .write_count(post_write_count),
    .finished(post_finished),
    .table_fault(post_table_fault),
    .table_fault_place(post_table_fault_place),
    .parameter_fault(post_parameter_fault),
    .parameter_fault_place(post_parameter_fault_place)
  );

  weft_feature_memory features (
    .clock(clock),
    .reset(reset),
    .read_enable(feeder_request_valid || post_residual_request || host_feature_request
        || scalar_request_valid),
    .read_address(scalar_request_valid ? scalar_request_address : host_feature_request
        ? host_feature_address : post_residual_request ? post_residual_address : feeder_request_address),
    .read_destination(feeder_request_valid ? feeder_request_destination : 3'd0),
    .read_low(feeder_request_valid ? feeder_request_low : 4'd0),
    .read_high(feeder_request_valid ? feeder_request_high : needed_bytes),
    .pad_byte(feeder_request_pad),
    .read_data(features_read_data),
    .read_fault(features_read_fault),
    .read_fault_place(features_read_fault_place),
    .write_enable(written || write_features),
    .write_address(write_features ? host_window_address : last_written_choice),
    .write_mask(write_features ? host_window_strobe : scalar_write_enable ? 4'd1 : {3'd0, post_write_mask}),
    .write_data(write_features ? host_window_data : scalar_write_enable ? {24'd0, scalar_write_byte}
        : {24'd0, post_write_data})
  );

  weft_program_memory program_ (
    .clock(clock),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .read_enable(1'b1),
    .read_address(sequencer_program_address),
    .read_data(program_read_data)
  );

  weft_weight_memory weights (
    .clock(clock),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .read_enable(1'b1),
    .read_address(controller_weight_address),
    .read_data(weights_read_data)
  );

  weft_parameter_memory parameters (
    .clock(clock),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .read_enable(post_parameter_read),
    .read_address(post_parameter_address),
    .read_data(parameters_read_data)
  );

  weft_scalar_unit scalar (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .begin_softmax(sequencer_begin_softmax),
    .begin_addition(sequencer_begin_addition),
    .abort_(sequencer_abort),
    .request_valid(scalar_request_valid),
    .request_address(scalar_request_address),
    .byte_(features_read_data[7:0]),
    .table_address(scalar_table_address),
    .table_word(scalar_tables_read_data),
    .write_enable(scalar_write_enable),
    .write_address(scalar_write_address),
    .write_byte(scalar_write_byte),
    .finished(scalar_finished),
    .working(scalar_working),
    .invalid(scalar_invalid),
    .table_fault(scalar_table_fault),
    .table_fault_place(scalar_table_fault_place)
  );

  weft_scalar_table_memory scalar_tables (
    .clock(clock),
    .window_write(host_window_write),
    .window_region(host_window_region),
    .window_address(host_window_address),
    .window_data(host_window_data),
    .window_strobe(host_window_strobe),
    .read_enable(1'b1),
    .read_address(scalar_table_address),
    .read_data(scalar_tables_read_data)
  );

  assign s_axi_awready = host_s_axi_awready;
  assign s_axi_wready = host_s_axi_wready;
  assign s_axi_bresp = host_s_axi_bresp;
  assign s_axi_bvalid = host_s_axi_bvalid;
  assign s_axi_arready = host_s_axi_arready;
  assign s_axi_rdata = host_s_axi_rdata;
  assign s_axi_rresp = host_s_axi_rresp;
  assign s_axi_rvalid = host_s_axi_rvalid;
  assign irq = host_irq;
  assign trace_start = sequencer_trace_start;
  assign trace_done = sequencer_trace_done;
  assign trace_step = sequencer_trace_step;
  assign trace_write = written;
  assign trace_address = last_written_choice;
  assign trace_count = last_written_choice_1;
  assign trace_data = scalar_write_enable ? scalar_write_byte : post_write_data;
  assign trace_before = scalar_write_enable ? scalar_write_byte : post_before;

  always @(posedge clock) begin
    if (reset) begin
      flush <= 5'd0;
    end else if (sequencer_abort) begin
      flush <= 5'd31;
    end else if (flush != 5'd0) begin
      flush <= flush - 5'd1;
    end
  end

  wire unused = &{1'b0, last_written[11:0]};
endmodule
