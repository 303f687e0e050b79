// AXI4-Lite slave: control registers, and windows on the memories while idle.
module weft_host_port (
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
  output wire load_write,
  output wire [3:0] load_region,
  output wire [23:0] load_address,
  output wire [31:0] load_data,
  output wire [3:0] load_strobe,
  output wire read_enable,
  output wire [23:0] read_address,
  output wire [3:0] read_count,
  input  wire [31:0] read_data,
  output wire program_start,
  output wire program_abort,
  output wire program_limit_reached,
  input  wire program_busy,
  input  wire program_done,
  input  wire program_failed,
  input  wire [7:0] program_error_code,
  input  wire [23:0] program_error_place,
  input  wire stalled
);
  wire axi_axi_awready;
  wire axi_axi_wready;
  wire [1:0] axi_axi_bresp;
  wire axi_axi_bvalid;
  wire axi_axi_arready;
  wire [31:0] axi_axi_rdata;
  wire [1:0] axi_axi_rresp;
  wire axi_axi_rvalid;
  wire [27:0] axi_bus_request_payload_address;
  wire axi_bus_request_payload_is_write;
  wire [31:0] axi_bus_request_payload_data;
  wire [3:0] axi_bus_request_payload_strobe;
  wire axi_bus_request_valid;
  wire registers_bus_request_ready;
  wire [31:0] registers_bus_response_payload_data;
  wire registers_bus_response_payload_is_error;
  wire registers_bus_response_valid;
  wire axi_bus_response_ready;
  wire registers_hardware_control_start;
  wire registers_hardware_control_reset;
  reg was_done;
  reg was_failed;
  reg [63:0] cycles;
  reg [31:0] stalls;
  wire [31:0] registers_hardware_limit_cycles;
  reg limit_reached_held;
  wire registers_hardware_interrupt_status_done;
  wire registers_hardware_interrupt_enable_done;
  wire registers_hardware_interrupt_status_error;
  wire registers_hardware_interrupt_enable_error;
  wire registers_windows_program_request_valid;
  wire registers_windows_weights_request_valid;
  wire registers_windows_parameters_request_valid;
  wire registers_windows_features_request_valid;
  wire registers_windows_scalar_tables_request_valid;
  wire registers_windows_byte_tables_request_valid;
  reg is_reading;
  reg [1:0] read_wait;
  reg window_answered;
  reg window_error;
  reg [31:0] window_read_data;
  wire [23:0] registers_windows_program_request_payload_address;
  wire registers_windows_program_request_payload_is_write;
  wire [31:0] registers_windows_program_request_payload_data;
  wire [3:0] registers_windows_program_request_payload_strobe;
  wire registers_windows_program_response_ready;
  reg program_asked;
  reg weights_asked;
  reg parameters_asked;
  reg features_asked;
  reg scalar_tables_asked;
  reg byte_tables_asked;
  wire [23:0] unused_registers_windows_weights_request_payload_address;
  wire unused_registers_windows_weights_request_payload_is_write;
  wire [31:0] unused_registers_windows_weights_request_payload_data;
  wire [3:0] unused_registers_windows_weights_request_payload_strobe;
  wire unused_registers_windows_weights_response_ready;
  wire [23:0] unused_registers_windows_parameters_request_payload_address;
  wire unused_registers_windows_parameters_request_payload_is_write;
  wire [31:0] unused_registers_windows_parameters_request_payload_data;
  wire [3:0] unused_registers_windows_parameters_request_payload_strobe;
  wire unused_registers_windows_parameters_response_ready;
  wire [23:0] unused_registers_windows_features_request_payload_address;
  wire unused_registers_windows_features_request_payload_is_write;
  wire [31:0] unused_registers_windows_features_request_payload_data;
  wire [3:0] unused_registers_windows_features_request_payload_strobe;
  wire unused_registers_windows_features_response_ready;
  wire [23:0] unused_registers_windows_scalar_tables_request_payload_address;
  wire unused_registers_windows_scalar_tables_request_payload_is_write;
  wire [31:0] unused_registers_windows_scalar_tables_request_payload_data;
  wire [3:0] unused_registers_windows_scalar_tables_request_payload_strobe;
  wire unused_registers_windows_scalar_tables_response_ready;
  wire [23:0] unused_registers_windows_byte_tables_request_payload_address;
  wire unused_registers_windows_byte_tables_request_payload_is_write;
  wire [31:0] unused_registers_windows_byte_tables_request_payload_data;
  wire [3:0] unused_registers_windows_byte_tables_request_payload_strobe;
  wire unused_registers_windows_byte_tables_response_ready;

  wire registers_windows_program_request_ready_value = !is_reading && !window_answered;
  wire start = registers_hardware_control_start && !registers_hardware_control_reset && !program_busy;
  wire done_interrupts = registers_hardware_interrupt_status_done && registers_hardware_interrupt_enable_done;
  wire error_interrupts = registers_hardware_interrupt_status_error
      && registers_hardware_interrupt_enable_error;
  wire takes = (registers_windows_program_request_valid || registers_windows_weights_request_valid
      || registers_windows_parameters_request_valid || registers_windows_features_request_valid
      || registers_windows_scalar_tables_request_valid || registers_windows_byte_tables_request_valid)
      && !is_reading && !window_answered;
  wire is_inside_program = !(|registers_windows_program_request_payload_address[23:10]);
  wire is_inside_weights = !(|registers_windows_program_request_payload_address[23:12]);
  wire is_inside_scalar_tables = !(|registers_windows_program_request_payload_address[23:11]);
  wire is_inside_byte_tables = !(|registers_windows_program_request_payload_address[23:9]);
  wire is_inside = (registers_windows_program_request_valid && is_inside_program)
      || (registers_windows_weights_request_valid && is_inside_weights)
      || (registers_windows_parameters_request_valid && is_inside_program)
      || (registers_windows_features_request_valid && is_inside_weights)
      || (registers_windows_scalar_tables_request_valid && is_inside_scalar_tables)
      || (registers_windows_byte_tables_request_valid && is_inside_byte_tables);
  wire is_permitted = is_inside && !program_busy;
  wire writes_window = takes && is_permitted && registers_windows_program_request_payload_is_write;
  wire reads_features = takes && is_permitted && !registers_windows_program_request_payload_is_write
      && registers_windows_features_request_valid;
  wire is_over_limit = program_busy && (|registers_hardware_limit_cycles)
      && cycles >= {32'd0, registers_hardware_limit_cycles};
  wire feature_arrives = is_reading && read_wait == 2'd1;

  weft_weft_registers registers (
    .clock(clock),
    .reset(reset),
    .bus_request_payload_address(axi_bus_request_payload_address),
    .bus_request_payload_is_write(axi_bus_request_payload_is_write),
    .bus_request_payload_data(axi_bus_request_payload_data),
    .bus_request_payload_strobe(axi_bus_request_payload_strobe),
    .bus_request_valid(axi_bus_request_valid),
    .bus_request_ready(registers_bus_request_ready),
    .bus_response_payload_data(registers_bus_response_payload_data),
    .bus_response_payload_is_error(registers_bus_response_payload_is_error),
    .bus_response_valid(registers_bus_response_valid),
    .bus_response_ready(axi_bus_response_ready),
    .hardware_control_start(registers_hardware_control_start),
    .hardware_control_reset(registers_hardware_control_reset),
    .hardware_status_busy(program_busy),
    .hardware_status_done(was_done),
    .hardware_status_error(was_failed),
    .hardware_error_code(program_error_code),
    .hardware_error_place(program_error_place),
    .hardware_interrupt_enable_done(registers_hardware_interrupt_enable_done),
    .hardware_interrupt_enable_error(registers_hardware_interrupt_enable_error),
    .hardware_interrupt_status_done(registers_hardware_interrupt_status_done),
    .hardware_interrupt_status_done_set(program_done),
    .hardware_interrupt_status_error(registers_hardware_interrupt_status_error),
    .hardware_interrupt_status_error_set(program_failed),
    .hardware_cycles_low_count(cycles[31:0]),
    .hardware_cycles_high_count(cycles[63:32]),
    .hardware_stalls_count(stalls),
    .hardware_limit_cycles(registers_hardware_limit_cycles),
    .windows_program_request_payload_address(registers_windows_program_request_payload_address),
    .windows_program_request_payload_is_write(registers_windows_program_request_payload_is_write),
    .windows_program_request_payload_data(registers_windows_program_request_payload_data),
    .windows_program_request_payload_strobe(registers_windows_program_request_payload_strobe),
    .windows_program_request_valid(registers_windows_program_request_valid),
    .windows_program_request_ready(registers_windows_program_request_ready_value),
    .windows_program_response_payload_data(window_read_data),
    .windows_program_response_payload_is_error(window_error),
    .windows_program_response_valid(window_answered && program_asked),
    .windows_program_response_ready(registers_windows_program_response_ready),
    .windows_weights_request_payload_address(unused_registers_windows_weights_request_payload_address),
    .windows_weights_request_payload_is_write(unused_registers_windows_weights_request_payload_is_write),
    .windows_weights_request_payload_data(unused_registers_windows_weights_request_payload_data),
    .windows_weights_request_payload_strobe(unused_registers_windows_weights_request_payload_strobe),
    .windows_weights_request_valid(registers_windows_weights_request_valid),
    .windows_weights_request_ready(registers_windows_program_request_ready_value),
    .windows_weights_response_payload_data(window_read_data),
    .windows_weights_response_payload_is_error(window_error),
    .windows_weights_response_valid(window_answered && weights_asked),
    .windows_weights_response_ready(unused_registers_windows_weights_response_ready),
    .windows_parameters_request_payload_address(unused_registers_windows_parameters_request_payload_address),
    .windows_parameters_request_payload_is_write(unused_registers_windows_parameters_request_payload_is_write),
    .windows_parameters_request_payload_data(unused_registers_windows_parameters_request_payload_data),
    .windows_parameters_request_payload_strobe(unused_registers_windows_parameters_request_payload_strobe),
    .windows_parameters_request_valid(registers_windows_parameters_request_valid),
    .windows_parameters_request_ready(registers_windows_program_request_ready_value),
    .windows_parameters_response_payload_data(window_read_data),
    .windows_parameters_response_payload_is_error(window_error),
    .windows_parameters_response_valid(window_answered && parameters_asked),
    .windows_parameters_response_ready(unused_registers_windows_parameters_response_ready),
    .windows_features_request_payload_address(unused_registers_windows_features_request_payload_address),
    .windows_features_request_payload_is_write(unused_registers_windows_features_request_payload_is_write),
    .windows_features_request_payload_data(unused_registers_windows_features_request_payload_data),
    .windows_features_request_payload_strobe(unused_registers_windows_features_request_payload_strobe),
    .windows_features_request_valid(registers_windows_features_request_valid),
    .windows_features_request_ready(registers_windows_program_request_ready_value),
    .windows_features_response_payload_data(window_read_data),
    .windows_features_response_payload_is_error(window_error),
    .windows_features_response_valid(window_answered && features_asked),
    .windows_features_response_ready(unused_registers_windows_features_response_ready),
    .windows_scalar_tables_request_payload_address(unused_registers_windows_scalar_tables_request_payload_address),
    .windows_scalar_tables_request_payload_is_write(unused_registers_windows_scalar_tables_request_payload_is_write),
    .windows_scalar_tables_request_payload_data(unused_registers_windows_scalar_tables_request_payload_data),
    .windows_scalar_tables_request_payload_strobe(unused_registers_windows_scalar_tables_request_payload_strobe),
    .windows_scalar_tables_request_valid(registers_windows_scalar_tables_request_valid),
    .windows_scalar_tables_request_ready(registers_windows_program_request_ready_value),
    .windows_scalar_tables_response_payload_data(window_read_data),
    .windows_scalar_tables_response_payload_is_error(window_error),
    .windows_scalar_tables_response_valid(window_answered && scalar_tables_asked),
    .windows_scalar_tables_response_ready(unused_registers_windows_scalar_tables_response_ready),
    .windows_byte_tables_request_payload_address(unused_registers_windows_byte_tables_request_payload_address),
    .windows_byte_tables_request_payload_is_write(unused_registers_windows_byte_tables_request_payload_is_write),
    .windows_byte_tables_request_payload_data(unused_registers_windows_byte_tables_request_payload_data),
    .windows_byte_tables_request_payload_strobe(unused_registers_windows_byte_tables_request_payload_strobe),
    .windows_byte_tables_request_valid(registers_windows_byte_tables_request_valid),
    .windows_byte_tables_request_ready(registers_windows_program_request_ready_value),
    .windows_byte_tables_response_payload_data(window_read_data),
    .windows_byte_tables_response_payload_is_error(window_error),
    .windows_byte_tables_response_valid(window_answered && byte_tables_asked),
    .windows_byte_tables_response_ready(unused_registers_windows_byte_tables_response_ready)
  );

  weft_axi4_lite_adapter axi (
    .clock(clock),
    .reset(reset),
    .axi_awaddr(s_axi_awaddr),
    .axi_awvalid(s_axi_awvalid),
    .axi_awready(axi_axi_awready),
    .axi_wdata(s_axi_wdata),
    .axi_wstrb(s_axi_wstrb),
    .axi_wvalid(s_axi_wvalid),
    .axi_wready(axi_axi_wready),
    .axi_bresp(axi_axi_bresp),
    .axi_bvalid(axi_axi_bvalid),
    .axi_bready(s_axi_bready),
    .axi_araddr(s_axi_araddr),
    .axi_arvalid(s_axi_arvalid),
    .axi_arready(axi_axi_arready),
    .axi_rdata(axi_axi_rdata),
    .axi_rresp(axi_axi_rresp),
    .axi_rvalid(axi_axi_rvalid),
    .axi_rready(s_axi_rready),
    .bus_request_payload_address(axi_bus_request_payload_address),
    .bus_request_payload_is_write(axi_bus_request_payload_is_write),
    .bus_request_payload_data(axi_bus_request_payload_data),
    .bus_request_payload_strobe(axi_bus_request_payload_strobe),
    .bus_request_valid(axi_bus_request_valid),
    .bus_request_ready(registers_bus_request_ready),
    .bus_response_payload_data(registers_bus_response_payload_data),
    .bus_response_payload_is_error(registers_bus_response_payload_is_error),
    .bus_response_valid(registers_bus_response_valid),
    .bus_response_ready(axi_bus_response_ready)
  );

  assign s_axi_awready = axi_axi_awready;
  assign s_axi_wready = axi_axi_wready;
  assign s_axi_bresp = axi_axi_bresp;
  assign s_axi_bvalid = axi_axi_bvalid;
  assign s_axi_arready = axi_axi_arready;
  assign s_axi_rdata = axi_axi_rdata;
  assign s_axi_rresp = axi_axi_rresp;
  assign s_axi_rvalid = axi_axi_rvalid;
  assign program_start = start;
  assign program_abort = registers_hardware_control_reset;
  assign program_limit_reached = limit_reached_held;
  assign irq = done_interrupts || error_interrupts;
  assign load_write = writes_window;
  assign load_region = registers_windows_byte_tables_request_valid ? 4'd6
      : registers_windows_scalar_tables_request_valid ? 4'd5 : registers_windows_features_request_valid
      ? 4'd4 : registers_windows_parameters_request_valid ? 4'd3 : registers_windows_weights_request_valid
      ? 4'd2 : registers_windows_program_request_valid ? 4'd1 : 4'd0;
  assign load_address = registers_windows_program_request_payload_address;
  assign load_data = registers_windows_program_request_payload_data;
  assign load_strobe = registers_windows_program_request_payload_strobe;
  assign read_enable = reads_features;
  assign read_address = registers_windows_program_request_payload_address;
  assign read_count = 4'd4;

  always @(posedge clock) begin
    if (reset) begin
      was_done <= 1'b0;
      was_failed <= 1'b0;
      cycles <= 64'd0;
      stalls <= 32'd0;
      limit_reached_held <= 1'b0;
      is_reading <= 1'b0;
      read_wait <= 2'd0;
      window_answered <= 1'b0;
      window_error <= 1'b0;
      window_read_data <= 32'd0;
      program_asked <= 1'b0;
      weights_asked <= 1'b0;
      parameters_asked <= 1'b0;
      features_asked <= 1'b0;
      scalar_tables_asked <= 1'b0;
      byte_tables_asked <= 1'b0;
    end else begin
      if (start || registers_hardware_control_reset) begin
        was_done <= 1'b0;
        was_failed <= 1'b0;
      end else begin
        if (program_done) begin
          was_done <= 1'b1;
        end
        if (program_failed) begin
          was_failed <= 1'b1;
        end
      end
      if (start) begin
        cycles <= 64'd0;
        stalls <= 32'd0;
      end else if (program_busy) begin
        cycles <= cycles + 64'd1;
        if (stalled) begin
          stalls <= stalls + 32'd1;
        end
      end
      limit_reached_held <= is_over_limit;
      if (takes) begin
        read_wait <= 2'd0;
      end else if (is_reading) begin
        read_wait <= read_wait + 2'd1;
      end
      if (reads_features) begin
        is_reading <= 1'b1;
      end else if (feature_arrives) begin
        is_reading <= 1'b0;
      end
      if (takes && !reads_features) begin
        window_answered <= 1'b1;
        window_error <= !writes_window;
        window_read_data <= 32'd0;
      end else if (feature_arrives) begin
        window_answered <= 1'b1;
        window_error <= 1'b0;
        window_read_data <= read_data;
      end else if (registers_windows_program_response_ready) begin
        window_answered <= 1'b0;
      end
      if (takes) begin
        program_asked <= registers_windows_program_request_valid;
        weights_asked <= registers_windows_weights_request_valid;
        parameters_asked <= registers_windows_parameters_request_valid;
        features_asked <= registers_windows_features_request_valid;
        scalar_tables_asked <= registers_windows_scalar_tables_request_valid;
        byte_tables_asked <= registers_windows_byte_tables_request_valid;
      end
    end
  end
endmodule
