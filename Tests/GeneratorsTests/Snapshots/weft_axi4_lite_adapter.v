// AXI4-Lite subordinate that makes one register access at a time.
module weft_axi4_lite_adapter (
  input  wire clock,
  input  wire reset,
  input  wire [27:0] axi_awaddr,
  input  wire axi_awvalid,
  output wire axi_awready,
  input  wire [31:0] axi_wdata,
  input  wire [3:0] axi_wstrb,
  input  wire axi_wvalid,
  output wire axi_wready,
  output wire [1:0] axi_bresp,
  output wire axi_bvalid,
  input  wire axi_bready,
  input  wire [27:0] axi_araddr,
  input  wire axi_arvalid,
  output wire axi_arready,
  output wire [31:0] axi_rdata,
  output wire [1:0] axi_rresp,
  output wire axi_rvalid,
  input  wire axi_rready,
  output wire [27:0] bus_request_payload_address,
  output wire bus_request_payload_is_write,
  output wire [31:0] bus_request_payload_data,
  output wire [3:0] bus_request_payload_strobe,
  output wire bus_request_valid,
  input  wire bus_request_ready,
  input  wire [31:0] bus_response_payload_data,
  input  wire bus_response_payload_is_error,
  input  wire bus_response_valid,
  output wire bus_response_ready
);
  reg is_waiting;
  reg is_for_write;
  wire turns_source;
  reg has_write_address;
  reg [27:0] write_address;
  reg has_write_data;
  reg [31:0] write_data;
  reg [3:0] write_strobe;
  reg has_read_address;
  reg [27:0] read_address;
  wire turns_output_valid;
  wire [27:0] turns_output_payload_address;
  wire turns_output_payload_is_write;
  wire [31:0] turns_output_payload_data;
  wire [3:0] turns_output_payload_strobe;
  reg is_write_answered;
  reg write_failed;
  reg is_read_answered;
  reg read_failed;
  reg [31:0] read_data;
  wire unused_turns_inputs_0_ready;
  wire unused_turns_inputs_1_ready;

  wire starts = bus_request_valid && bus_request_ready;
  wire is_write = !turns_source;
  wire ends = bus_response_valid && bus_response_ready;

  weft_stream_arbiter_2x65 turns (
    .clock(clock),
    .reset(reset),
    .inputs_0_payload_address(write_address),
    .inputs_0_payload_is_write(1'b1),
    .inputs_0_payload_data(write_data),
    .inputs_0_payload_strobe(write_strobe),
    .inputs_0_valid(has_write_address && has_write_data && !axi_bvalid && !(is_waiting && is_for_write)),
    .inputs_0_ready(unused_turns_inputs_0_ready),
    .inputs_1_payload_address(read_address),
    .inputs_1_payload_is_write(1'b0),
    .inputs_1_payload_data(32'd0),
    .inputs_1_payload_strobe(4'd0),
    .inputs_1_valid(has_read_address && !axi_rvalid && !(is_waiting && !is_for_write)),
    .inputs_1_ready(unused_turns_inputs_1_ready),
    .output_payload_address(turns_output_payload_address),
    .output_payload_is_write(turns_output_payload_is_write),
    .output_payload_data(turns_output_payload_data),
    .output_payload_strobe(turns_output_payload_strobe),
    .output_valid(turns_output_valid),
    .output_ready(bus_request_ready && !is_waiting),
    .source(turns_source)
  );

  assign axi_awready = !has_write_address;
  assign axi_wready = !has_write_data;
  assign axi_arready = !has_read_address;
  assign bus_request_valid = turns_output_valid && !is_waiting;
  assign bus_request_payload_address = turns_output_payload_address;
  assign bus_request_payload_is_write = turns_output_payload_is_write;
  assign bus_request_payload_data = turns_output_payload_data;
  assign bus_request_payload_strobe = turns_output_payload_strobe;
  assign bus_response_ready = is_waiting;
  assign axi_bvalid = is_write_answered;
  assign axi_bresp = write_failed ? 2'd2 : 2'd0;
  assign axi_rvalid = is_read_answered;
  assign axi_rresp = read_failed ? 2'd2 : 2'd0;
  assign axi_rdata = read_data;

  always @(posedge clock) begin
    if (!has_write_address) begin
      has_write_address <= axi_awvalid;
      write_address <= axi_awaddr;
    end
    if (!has_write_data) begin
      has_write_data <= axi_wvalid;
      write_data <= axi_wdata;
      write_strobe <= axi_wstrb;
    end
    if (starts && is_write) begin
      has_write_address <= 1'b0;
      has_write_data <= 1'b0;
    end
    if (!has_read_address) begin
      has_read_address <= axi_arvalid;
      read_address <= axi_araddr;
    end
    if (starts && turns_source) begin
      has_read_address <= 1'b0;
    end
    if (starts) begin
      is_waiting <= 1'b1;
      is_for_write <= is_write;
    end else if (ends) begin
      is_waiting <= 1'b0;
    end
    if (ends && is_for_write) begin
      is_write_answered <= 1'b1;
      write_failed <= bus_response_payload_is_error;
    end else if (axi_bready) begin
      is_write_answered <= 1'b0;
    end
    if (ends && !is_for_write) begin
      is_read_answered <= 1'b1;
      read_failed <= bus_response_payload_is_error;
      read_data <= bus_response_payload_data;
    end else if (axi_rready) begin
      is_read_answered <= 1'b0;
    end
    if (reset) begin
      is_waiting <= 1'b0;
      is_for_write <= 1'b0;
      has_write_address <= 1'b0;
      has_write_data <= 1'b0;
      has_read_address <= 1'b0;
      is_write_answered <= 1'b0;
      write_failed <= 1'b0;
      is_read_answered <= 1'b0;
      read_failed <= 1'b0;
      read_data <= 32'd0;
    end
  end
endmodule
