// Registers and memory windows of a Weft accelerator.
module weft_weft_registers (
  input  wire clock,
  input  wire reset,
  input  wire [27:0] bus_request_payload_address,
  input  wire bus_request_payload_is_write,
  input  wire [31:0] bus_request_payload_data,
  input  wire [3:0] bus_request_payload_strobe,
  input  wire bus_request_valid,
  output wire bus_request_ready,
  output wire [31:0] bus_response_payload_data,
  output wire bus_response_payload_is_error,
  output wire bus_response_valid,
  input  wire bus_response_ready,
  output wire hardware_control_start,
  output wire hardware_control_reset,
  input  wire hardware_status_busy,
  input  wire hardware_status_done,
  input  wire hardware_status_error,
  input  wire [7:0] hardware_error_code,
  input  wire [23:0] hardware_error_place,
  output wire hardware_interrupt_enable_done,
  output wire hardware_interrupt_enable_error,
  output wire hardware_interrupt_status_done,
  input  wire hardware_interrupt_status_done_set,
  output wire hardware_interrupt_status_error,
  input  wire hardware_interrupt_status_error_set,
  input  wire [31:0] hardware_cycles_low_count,
  input  wire [31:0] hardware_cycles_high_count,
  input  wire [31:0] hardware_stalls_count,
  output wire [31:0] hardware_limit_cycles,
  output wire [23:0] windows_program_request_payload_address,
  output wire windows_program_request_payload_is_write,
  output wire [31:0] windows_program_request_payload_data,
  output wire [3:0] windows_program_request_payload_strobe,
  output wire windows_program_request_valid,
  input  wire windows_program_request_ready,
  input  wire [31:0] windows_program_response_payload_data,
  input  wire windows_program_response_payload_is_error,
  input  wire windows_program_response_valid,
  output wire windows_program_response_ready,
  output wire [23:0] windows_weights_request_payload_address,
  output wire windows_weights_request_payload_is_write,
  output wire [31:0] windows_weights_request_payload_data,
  output wire [3:0] windows_weights_request_payload_strobe,
  output wire windows_weights_request_valid,
  input  wire windows_weights_request_ready,
  input  wire [31:0] windows_weights_response_payload_data,
  input  wire windows_weights_response_payload_is_error,
  input  wire windows_weights_response_valid,
  output wire windows_weights_response_ready,
  output wire [23:0] windows_parameters_request_payload_address,
  output wire windows_parameters_request_payload_is_write,
  output wire [31:0] windows_parameters_request_payload_data,
  output wire [3:0] windows_parameters_request_payload_strobe,
  output wire windows_parameters_request_valid,
  input  wire windows_parameters_request_ready,
  input  wire [31:0] windows_parameters_response_payload_data,
  input  wire windows_parameters_response_payload_is_error,
  input  wire windows_parameters_response_valid,
  output wire windows_parameters_response_ready,
  output wire [23:0] windows_features_request_payload_address,
  output wire windows_features_request_payload_is_write,
  output wire [31:0] windows_features_request_payload_data,
  output wire [3:0] windows_features_request_payload_strobe,
  output wire windows_features_request_valid,
  input  wire windows_features_request_ready,
  input  wire [31:0] windows_features_response_payload_data,
  input  wire windows_features_response_payload_is_error,
  input  wire windows_features_response_valid,
  output wire windows_features_response_ready,
  output wire [23:0] windows_scalar_tables_request_payload_address,
  output wire windows_scalar_tables_request_payload_is_write,
  output wire [31:0] windows_scalar_tables_request_payload_data,
  output wire [3:0] windows_scalar_tables_request_payload_strobe,
  output wire windows_scalar_tables_request_valid,
  input  wire windows_scalar_tables_request_ready,
  input  wire [31:0] windows_scalar_tables_response_payload_data,
  input  wire windows_scalar_tables_response_payload_is_error,
  input  wire windows_scalar_tables_response_valid,
  output wire windows_scalar_tables_response_ready,
  output wire [23:0] windows_byte_tables_request_payload_address,
  output wire windows_byte_tables_request_payload_is_write,
  output wire [31:0] windows_byte_tables_request_payload_data,
  output wire [3:0] windows_byte_tables_request_payload_strobe,
  output wire windows_byte_tables_request_valid,
  input  wire windows_byte_tables_request_ready,
  input  wire [31:0] windows_byte_tables_response_payload_data,
  input  wire windows_byte_tables_response_payload_is_error,
  input  wire windows_byte_tables_response_valid,
  output wire windows_byte_tables_response_ready
);
  reg is_answered;
  reg [31:0] answer;
  reg fails;
  reg [31:0] read_data;
  reg is_mapped;
  reg control_start;
  reg control_reset;
  reg interrupt_enable_done;
  reg interrupt_enable_error;
  reg interrupt_status_done;
  reg interrupt_status_error;
  reg [31:0] limit_cycles;

  wire [25:0] word = bus_request_payload_address[27:2];
  wire is_program = bus_request_payload_address[27:24] == 4'd1;
  wire is_weights = bus_request_payload_address[27:24] == 4'd2;
  wire is_parameters = bus_request_payload_address[27:24] == 4'd3;
  wire is_features = bus_request_payload_address[27:24] == 4'd4;
  wire is_scalar_tables = bus_request_payload_address[27:24] == 4'd5;
  wire is_byte_tables = bus_request_payload_address[27:24] == 4'd6;
  wire is_in_window = is_program || is_weights || is_parameters || is_features || is_scalar_tables
      || is_byte_tables;
  wire takes = bus_request_valid && !is_in_window && !is_answered;
  wire writes = takes && bus_request_payload_is_write;
  wire writes_control = writes && word == 26'd4;
  wire [31:0] written_bits = {{8{bus_request_payload_strobe[3]}}, {8{bus_request_payload_strobe[2]}},
      {8{bus_request_payload_strobe[1]}}, {8{bus_request_payload_strobe[0]}}};
  wire [31:0] written_ones = bus_request_payload_data & written_bits;
  wire writes_interrupt_enable = writes && word == 26'd7;
  wire writes_interrupt_status = writes && word == 26'd8;
  wire interrupt_status_done_cleared = writes_interrupt_status && written_ones[0];
  wire interrupt_status_error_cleared = writes_interrupt_status && written_ones[1];
  wire writes_limit = writes && word == 26'd16;

  assign hardware_control_start = control_start;
  assign hardware_control_reset = control_reset;
  assign hardware_interrupt_enable_done = interrupt_enable_done;
  assign hardware_interrupt_enable_error = interrupt_enable_error;
  assign hardware_interrupt_status_done = interrupt_status_done;
  assign hardware_interrupt_status_error = interrupt_status_error;
  assign hardware_limit_cycles = limit_cycles;

  always @* begin
    read_data = 32'd0;
    is_mapped = 1'b1;
    case (word)
      26'd0: read_data = 32'h57454654;
      26'd1: read_data = 32'hfbde3361;
      26'd2: read_data = 32'h4f0f2cb9;
      26'd3: read_data = 32'h1040202;
      26'd4: ;
      26'd5: read_data = {29'd1, hardware_status_error, hardware_status_done, hardware_status_busy};
      26'd6: read_data = {hardware_error_place, hardware_error_code};
      26'd7: read_data = {30'd0, interrupt_enable_error, interrupt_enable_done};
      26'd8: read_data = {30'd0, interrupt_status_error, interrupt_status_done};
      26'd9: read_data = hardware_cycles_low_count;
      26'd10: read_data = hardware_cycles_high_count;
      26'd11: read_data = hardware_stalls_count;
      26'd12: read_data = 32'd4096;
      26'd13: read_data = 32'd4096;
      26'd14: read_data = 32'd64;
      26'd15: read_data = 32'd256;
      26'd16: read_data = limit_cycles;
      default: is_mapped = 1'b0;
    endcase
  end

  assign windows_program_request_valid = bus_request_valid && is_program;
  assign windows_program_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_program_request_payload_is_write = bus_request_payload_is_write;
  assign windows_program_request_payload_data = bus_request_payload_data;
  assign windows_program_request_payload_strobe = bus_request_payload_strobe;
  assign windows_program_response_ready = bus_response_ready;
  assign windows_weights_request_valid = bus_request_valid && is_weights;
  assign windows_weights_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_weights_request_payload_is_write = bus_request_payload_is_write;
  assign windows_weights_request_payload_data = bus_request_payload_data;
  assign windows_weights_request_payload_strobe = bus_request_payload_strobe;
  assign windows_weights_response_ready = bus_response_ready;
  assign windows_parameters_request_valid = bus_request_valid && is_parameters;
  assign windows_parameters_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_parameters_request_payload_is_write = bus_request_payload_is_write;
  assign windows_parameters_request_payload_data = bus_request_payload_data;
  assign windows_parameters_request_payload_strobe = bus_request_payload_strobe;
  assign windows_parameters_response_ready = bus_response_ready;
  assign windows_features_request_valid = bus_request_valid && is_features;
  assign windows_features_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_features_request_payload_is_write = bus_request_payload_is_write;
  assign windows_features_request_payload_data = bus_request_payload_data;
  assign windows_features_request_payload_strobe = bus_request_payload_strobe;
  assign windows_features_response_ready = bus_response_ready;
  assign windows_scalar_tables_request_valid = bus_request_valid && is_scalar_tables;
  assign windows_scalar_tables_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_scalar_tables_request_payload_is_write = bus_request_payload_is_write;
  assign windows_scalar_tables_request_payload_data = bus_request_payload_data;
  assign windows_scalar_tables_request_payload_strobe = bus_request_payload_strobe;
  assign windows_scalar_tables_response_ready = bus_response_ready;
  assign windows_byte_tables_request_valid = bus_request_valid && is_byte_tables;
  assign windows_byte_tables_request_payload_address = {bus_request_payload_address[23:2], 2'd0};
  assign windows_byte_tables_request_payload_is_write = bus_request_payload_is_write;
  assign windows_byte_tables_request_payload_data = bus_request_payload_data;
  assign windows_byte_tables_request_payload_strobe = bus_request_payload_strobe;
  assign windows_byte_tables_response_ready = bus_response_ready;
  assign bus_request_ready = (!is_in_window && !is_answered)
      || (is_program && windows_program_request_ready) || (is_weights && windows_weights_request_ready)
      || (is_parameters && windows_parameters_request_ready)
      || (is_features && windows_features_request_ready) || (is_scalar_tables
      && windows_scalar_tables_request_ready) || (is_byte_tables && windows_byte_tables_request_ready);
  assign bus_response_valid = is_answered || windows_program_response_valid
      || windows_weights_response_valid || windows_parameters_response_valid
      || windows_features_response_valid || windows_scalar_tables_response_valid
      || windows_byte_tables_response_valid;
  assign bus_response_payload_data = (is_answered ? answer : 32'd0)
      | (windows_program_response_valid ? windows_program_response_payload_data : 32'd0)
      | (windows_weights_response_valid ? windows_weights_response_payload_data : 32'd0)
      | (windows_parameters_response_valid ? windows_parameters_response_payload_data : 32'd0)
      | (windows_features_response_valid ? windows_features_response_payload_data : 32'd0)
      | (windows_scalar_tables_response_valid ? windows_scalar_tables_response_payload_data : 32'd0)
      | (windows_byte_tables_response_valid ? windows_byte_tables_response_payload_data : 32'd0);
  assign bus_response_payload_is_error = (is_answered && fails)
      || (windows_program_response_valid && windows_program_response_payload_is_error)
      || (windows_weights_response_valid && windows_weights_response_payload_is_error)
      || (windows_parameters_response_valid && windows_parameters_response_payload_is_error)
      || (windows_features_response_valid && windows_features_response_payload_is_error)
      || (windows_scalar_tables_response_valid && windows_scalar_tables_response_payload_is_error)
      || (windows_byte_tables_response_valid && windows_byte_tables_response_payload_is_error);

  always @(posedge clock) begin
    if (reset) begin
      is_answered <= 1'b0;
      answer <= 32'd0;
      fails <= 1'b0;
      control_start <= 1'b0;
      control_reset <= 1'b0;
      interrupt_enable_done <= 1'b0;
      interrupt_enable_error <= 1'b0;
      interrupt_status_done <= 1'b0;
      interrupt_status_error <= 1'b0;
      limit_cycles <= 32'hffffffff;
    end else begin
      control_start <= writes_control && written_ones[0];
      control_reset <= writes_control && written_ones[1];
      if (writes_interrupt_enable && bus_request_payload_strobe[0]) begin
        interrupt_enable_done <= bus_request_payload_data[0];
        interrupt_enable_error <= bus_request_payload_data[1];
      end
      interrupt_status_done <= (interrupt_status_done && !interrupt_status_done_cleared)
          || hardware_interrupt_status_done_set;
      interrupt_status_error <= (interrupt_status_error && !interrupt_status_error_cleared)
          || hardware_interrupt_status_error_set;
      if (writes_limit) begin
        limit_cycles <= (limit_cycles & ~written_bits) | written_ones;
      end
      if (takes) begin
        is_answered <= 1'b1;
        answer <= read_data;
        fails <= !is_mapped;
      end else if (bus_response_ready) begin
        is_answered <= 1'b0;
      end
    end
  end

  wire unused = &{1'b0, bus_request_payload_address[1:0]};
endmodule
