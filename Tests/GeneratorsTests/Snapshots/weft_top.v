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
  wire host_program_start;
  wire host_program_abort;
  wire host_program_limit_reached;
  wire sequencer_host_busy;
  wire sequencer_host_done;
  wire sequencer_host_failed;
  wire [7:0] sequencer_host_error_code;
  wire [23:0] sequencer_host_error_place;
  wire sequencer_settings_launch;
  wire sequencer_settings_clear;
  wire sequencer_settings_enable;
  wire [7:0] sequencer_settings_number;
  wire [23:0] sequencer_settings_value;
  wire sequencer_post_settings_launch;
  wire sequencer_post_settings_clear;
  wire sequencer_post_settings_enable;
  wire [7:0] sequencer_post_settings_number;
  wire [23:0] sequencer_post_settings_value;
  wire sequencer_engines_array_begin;
  wire sequencer_engines_array_abort;
  wire feeder_control_invalid;
  wire array_control_invalid;
  wire feeder_control_finished;
  wire array_control_finished;
  wire feeder_control_moves;
  wire array_control_moves;
  wire sequencer_engines_post_begin;
  wire sequencer_engines_post_abort;
  wire post_control_invalid;
  wire post_control_finished;
  wire post_control_moves;
  wire array_stalled;
  wire post_fault_happens;
  wire array_fault_happens;
  wire features_fault_happens;
  wire fence_fault_happens;
  wire scalar_fault_happens;
  wire [7:0] scalar_fault_code;
  wire [7:0] fence_fault_code;
  wire [7:0] features_fault_code;
  wire [7:0] array_fault_code;
  wire [7:0] post_fault_code;
  wire [23:0] scalar_fault_place;
  wire [23:0] fence_fault_place;
  wire [23:0] features_fault_place;
  wire [23:0] array_fault_place;
  wire [23:0] post_fault_place;
  wire host_load_write;
  wire [3:0] host_load_region;
  wire [23:0] host_load_address;
  wire [31:0] host_load_data;
  wire [3:0] host_load_strobe;
  wire sequencer_program_enable;
  wire [7:0] sequencer_program_address;
  wire [31:0] program_read_data;
  wire array_weights_enable;
  wire [7:0] array_weights_address;
  wire [127:0] weights_read_data;
  wire post_parameters_enable;
  wire [5:0] post_parameters_address;
  wire [95:0] parameters_read_data;
  wire sequencer_engines_scalar_0_layer_begin;
  wire sequencer_engines_scalar_0_layer_abort;
  wire scalar_control_layer_invalid;
  wire scalar_control_layer_finished;
  wire scalar_control_layer_moves;
  wire sequencer_engines_scalar_0_is_addition;
  wire scalar_table_enable;
  wire [8:0] scalar_table_address;
  wire [31:0] scalar_tables_first_data;
  wire scalar_pair_table_enable;
  wire [8:0] scalar_pair_table_address;
  wire [31:0] scalar_tables_second_data;
  wire scalar_operand_enable;
  wire host_read_enable;
  wire post_operand_enable;
  wire feeder_read_enable;
  wire [23:0] feeder_read_address;
  wire [23:0] post_operand_address;
  wire [23:0] host_read_address;
  wire [23:0] scalar_operand_address;
  wire [2:0] feeder_read_destination;
  wire [3:0] feeder_read_low;
  wire [3:0] feeder_read_high;
  wire [3:0] post_operand_count;
  wire [3:0] host_read_count;
  wire [3:0] scalar_operand_count;
  wire [63:0] features_read_data;
  wire [7:0] feeder_pad_byte;
  wire post_hold;
  wire feeder_feed_stream_enable;
  wire [5:0] feeder_feed_stream_position;
  wire [3:0] feeder_feed_stream_count;
  wire [3:0] feeder_feed_stream_advance;
  wire [63:0] feeder_feed_stream_data;
  wire feeder_feed_columns_enable;
  wire [31:0] feeder_feed_columns_data;
  wire array_feed_stream_taken;
  wire array_feed_release;
  wire [15:0] array_feed_release_columns;
  wire array_drain_capture;
  wire post_drain_ready;
  wire [23:0] array_drain_sums;
  wire post_drain_shift;
  wire scalar_results_enable;
  wire post_results_enable;
  wire [23:0] post_results_address;
  wire [23:0] scalar_results_address;
  wire [7:0] post_results_count;
  wire [7:0] scalar_results_count;
  wire [7:0] post_results_data;
  wire [7:0] scalar_results_data;
  wire [7:0] post_results_before;
  wire [7:0] scalar_results_before;
  wire fence_is_stopping;
  wire fence_discards_tiles;
  wire fence_memory_enable;
  wire [23:0] fence_memory_address;
  wire [3:0] fence_memory_mask;
  wire [31:0] fence_memory_data;
  wire sequencer_trace_start;
  wire sequencer_trace_done;
  wire [15:0] sequencer_trace_step;
  wire fence_trace_start;
  wire fence_trace_done;
  wire [15:0] fence_trace_step;
  wire fence_trace_write;
  wire [23:0] fence_trace_address;
  wire [7:0] fence_trace_count;
  wire [7:0] fence_trace_data;
  wire [7:0] fence_trace_before;

  wire reads_plain = scalar_operand_enable || host_read_enable || post_operand_enable;

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
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .read_enable(host_read_enable),
    .read_address(host_read_address),
    .read_count(host_read_count),
    .read_data(features_read_data[31:0]),
    .program_start(host_program_start),
    .program_abort(host_program_abort),
    .program_limit_reached(host_program_limit_reached),
    .program_busy(sequencer_host_busy),
    .program_done(sequencer_host_done),
    .program_failed(sequencer_host_failed),
    .program_error_code(sequencer_host_error_code),
    .program_error_place(sequencer_host_error_place),
    .stalled(array_stalled)
  );

  weft_sequencer sequencer (
    .clock(clock),
    .reset(reset),
    .host_start(host_program_start),
    .host_abort(host_program_abort),
    .host_limit_reached(host_program_limit_reached),
    .host_busy(sequencer_host_busy),
    .host_done(sequencer_host_done),
    .host_failed(sequencer_host_failed),
    .host_error_code(sequencer_host_error_code),
    .host_error_place(sequencer_host_error_place),
    .program_enable(sequencer_program_enable),
    .program_address(sequencer_program_address),
    .program_data(program_read_data),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .post_settings_launch(sequencer_post_settings_launch),
    .post_settings_clear(sequencer_post_settings_clear),
    .post_settings_enable(sequencer_post_settings_enable),
    .post_settings_number(sequencer_post_settings_number),
    .post_settings_value(sequencer_post_settings_value),
    .engines_array_begin(sequencer_engines_array_begin),
    .engines_array_abort(sequencer_engines_array_abort),
    .engines_array_invalid(feeder_control_invalid || array_control_invalid),
    .engines_array_finished(feeder_control_finished || array_control_finished),
    .engines_array_moves(feeder_control_moves || array_control_moves),
    .engines_post_begin(sequencer_engines_post_begin),
    .engines_post_abort(sequencer_engines_post_abort),
    .engines_post_invalid(post_control_invalid),
    .engines_post_finished(post_control_finished),
    .engines_post_moves(post_control_moves),
    .engines_scalar_0_layer_begin(sequencer_engines_scalar_0_layer_begin),
    .engines_scalar_0_layer_abort(sequencer_engines_scalar_0_layer_abort),
    .engines_scalar_0_layer_invalid(scalar_control_layer_invalid),
    .engines_scalar_0_layer_finished(scalar_control_layer_finished),
    .engines_scalar_0_layer_moves(scalar_control_layer_moves),
    .engines_scalar_0_is_addition(sequencer_engines_scalar_0_is_addition),
    .fault_happens(post_fault_happens || array_fault_happens || features_fault_happens
        || fence_fault_happens || scalar_fault_happens),
    .fault_code(post_fault_happens ? post_fault_code : array_fault_happens ? array_fault_code
        : features_fault_happens ? features_fault_code : fence_fault_happens ? fence_fault_code
        : scalar_fault_happens ? scalar_fault_code : 8'd0),
    .fault_place(post_fault_happens ? post_fault_place : array_fault_happens ? array_fault_place
        : features_fault_happens ? features_fault_place : fence_fault_happens ? fence_fault_place
        : scalar_fault_happens ? scalar_fault_place : 24'd0),
    .is_stopping(fence_is_stopping),
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
    .control_begin(sequencer_engines_array_begin),
    .control_abort(sequencer_engines_array_abort),
    .control_invalid(feeder_control_invalid),
    .control_finished(feeder_control_finished),
    .control_moves(feeder_control_moves),
    .hold(post_hold),
    .read_enable(feeder_read_enable),
    .read_address(feeder_read_address),
    .read_destination(feeder_read_destination),
    .read_low(feeder_read_low),
    .read_high(feeder_read_high),
    .read_data(features_read_data),
    .pad_byte(feeder_pad_byte),
    .feed_stream_enable(feeder_feed_stream_enable),
    .feed_stream_position(feeder_feed_stream_position),
    .feed_stream_count(feeder_feed_stream_count),
    .feed_stream_advance(feeder_feed_stream_advance),
    .feed_stream_data(feeder_feed_stream_data),
    .feed_columns_enable(feeder_feed_columns_enable),
    .feed_columns_data(feeder_feed_columns_data),
    .feed_stream_taken(array_feed_stream_taken),
    .feed_release(array_feed_release),
    .feed_release_columns(array_feed_release_columns)
  );

  weft_array_unit array (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .control_begin(sequencer_engines_array_begin),
    .control_abort(sequencer_engines_array_abort),
    .control_invalid(array_control_invalid),
    .control_finished(array_control_finished),
    .control_moves(array_control_moves),
    .feed_stream_enable(feeder_feed_stream_enable),
    .feed_stream_position(feeder_feed_stream_position),
    .feed_stream_count(feeder_feed_stream_count),
    .feed_stream_advance(feeder_feed_stream_advance),
    .feed_stream_data(feeder_feed_stream_data),
    .feed_columns_enable(feeder_feed_columns_enable),
    .feed_columns_data(feeder_feed_columns_data),
    .feed_stream_taken(array_feed_stream_taken),
    .feed_release(array_feed_release),
    .feed_release_columns(array_feed_release_columns),
    .weights_enable(array_weights_enable),
    .weights_address(array_weights_address),
    .weights_data(weights_read_data),
    .drain_capture(array_drain_capture),
    .drain_ready(post_drain_ready),
    .drain_sums(array_drain_sums),
    .drain_shift(post_drain_shift),
    .fault_happens(array_fault_happens),
    .fault_code(array_fault_code),
    .fault_place(array_fault_place),
    .stalled(array_stalled),
    .discards_tiles(fence_discards_tiles)
  );

  weft_post_unit post (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_post_settings_launch),
    .settings_clear(sequencer_post_settings_clear),
    .settings_enable(sequencer_post_settings_enable),
    .settings_number(sequencer_post_settings_number),
    .settings_value(sequencer_post_settings_value),
    .control_begin(sequencer_engines_post_begin),
    .control_abort(sequencer_engines_post_abort),
    .control_invalid(post_control_invalid),
    .control_finished(post_control_finished),
    .control_moves(post_control_moves),
    .discards_tiles(fence_discards_tiles),
    .drain_capture(array_drain_capture),
    .drain_ready(post_drain_ready),
    .drain_sums(array_drain_sums),
    .drain_shift(post_drain_shift),
    .parameters_enable(post_parameters_enable),
    .parameters_address(post_parameters_address),
    .parameters_data(parameters_read_data),
    .hold(post_hold),
    .operand_enable(post_operand_enable),
    .operand_address(post_operand_address),
    .operand_count(post_operand_count),
    .operand_data(features_read_data[31:0]),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .results_enable(post_results_enable),
    .results_address(post_results_address),
    .results_count(post_results_count),
    .results_data(post_results_data),
    .results_before(post_results_before),
    .fault_happens(post_fault_happens),
    .fault_code(post_fault_code),
    .fault_place(post_fault_place)
  );

  weft_scalar_unit scalar (
    .clock(clock),
    .reset(reset),
    .settings_launch(sequencer_settings_launch),
    .settings_clear(sequencer_settings_clear),
    .settings_enable(sequencer_settings_enable),
    .settings_number(sequencer_settings_number),
    .settings_value(sequencer_settings_value),
    .control_layer_begin(sequencer_engines_scalar_0_layer_begin),
    .control_layer_abort(sequencer_engines_scalar_0_layer_abort),
    .control_layer_invalid(scalar_control_layer_invalid),
    .control_layer_finished(scalar_control_layer_finished),
    .control_layer_moves(scalar_control_layer_moves),
    .control_is_addition(sequencer_engines_scalar_0_is_addition),
    .operand_enable(scalar_operand_enable),
    .operand_address(scalar_operand_address),
    .operand_count(scalar_operand_count),
    .operand_data(features_read_data),
    .table_enable(scalar_table_enable),
    .table_address(scalar_table_address),
    .table_data(scalar_tables_first_data),
    .pair_table_enable(scalar_pair_table_enable),
    .pair_table_address(scalar_pair_table_address),
    .pair_table_data(scalar_tables_second_data),
    .results_enable(scalar_results_enable),
    .results_address(scalar_results_address),
    .results_count(scalar_results_count),
    .results_data(scalar_results_data),
    .results_before(scalar_results_before),
    .fault_happens(scalar_fault_happens),
    .fault_code(scalar_fault_code),
    .fault_place(scalar_fault_place)
  );

  weft_feature_memory features (
    .clock(clock),
    .reset(reset),
    .read_enable(reads_plain || feeder_read_enable),
    .read_address(scalar_operand_enable ? scalar_operand_address : host_read_enable ? host_read_address
        : post_operand_enable ? post_operand_address : feeder_read_address),
    .read_destination(reads_plain ? 3'd0 : feeder_read_destination),
    .read_low(reads_plain ? 4'd0 : feeder_read_low),
    .read_high(scalar_operand_enable ? scalar_operand_count : host_read_enable ? host_read_count
        : post_operand_enable ? post_operand_count : feeder_read_high),
    .read_data(features_read_data),
    .pad_byte(feeder_pad_byte),
    .write_enable(fence_memory_enable),
    .write_address(fence_memory_address),
    .write_mask(fence_memory_mask),
    .write_data(fence_memory_data),
    .fault_happens(features_fault_happens),
    .fault_code(features_fault_code),
    .fault_place(features_fault_place)
  );

  weft_write_fence fence (
    .clock(clock),
    .reset(reset),
    .results_enable(scalar_results_enable || post_results_enable),
    .results_address(scalar_results_enable ? scalar_results_address : post_results_address),
    .results_count(scalar_results_enable ? scalar_results_count : post_results_count),
    .results_data(scalar_results_enable ? scalar_results_data : post_results_data),
    .results_before(scalar_results_enable ? scalar_results_before : post_results_before),
    .abort_(sequencer_engines_post_abort),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .steps_start(sequencer_trace_start),
    .steps_done(sequencer_trace_done),
    .steps_step(sequencer_trace_step),
    .memory_enable(fence_memory_enable),
    .memory_address(fence_memory_address),
    .memory_mask(fence_memory_mask),
    .memory_data(fence_memory_data),
    .trace_start(fence_trace_start),
    .trace_done(fence_trace_done),
    .trace_step(fence_trace_step),
    .trace_write(fence_trace_write),
    .trace_address(fence_trace_address),
    .trace_count(fence_trace_count),
    .trace_data(fence_trace_data),
    .trace_before(fence_trace_before),
    .fault_happens(fence_fault_happens),
    .fault_code(fence_fault_code),
    .fault_place(fence_fault_place),
    .discards_tiles(fence_discards_tiles),
    .is_stopping(fence_is_stopping)
  );

  weft_program_memory program_ (
    .clock(clock),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .read_enable(sequencer_program_enable),
    .read_address(sequencer_program_address),
    .read_data(program_read_data)
  );

  weft_weight_memory weights (
    .clock(clock),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .read_enable(array_weights_enable),
    .read_address(array_weights_address),
    .read_data(weights_read_data)
  );

  weft_parameter_memory parameters (
    .clock(clock),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .read_enable(post_parameters_enable),
    .read_address(post_parameters_address),
    .read_data(parameters_read_data)
  );

  weft_scalar_table_memory scalar_tables (
    .clock(clock),
    .load_write(host_load_write),
    .load_region(host_load_region),
    .load_address(host_load_address),
    .load_data(host_load_data),
    .load_strobe(host_load_strobe),
    .first_enable(scalar_table_enable),
    .first_address(scalar_table_address),
    .first_data(scalar_tables_first_data),
    .second_enable(scalar_pair_table_enable),
    .second_address(scalar_pair_table_address),
    .second_data(scalar_tables_second_data)
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
  assign trace_start = fence_trace_start;
  assign trace_done = fence_trace_done;
  assign trace_step = fence_trace_step;
  assign trace_write = fence_trace_write;
  assign trace_address = fence_trace_address;
  assign trace_count = fence_trace_count;
  assign trace_data = fence_trace_data;
  assign trace_before = fence_trace_before;
endmodule
