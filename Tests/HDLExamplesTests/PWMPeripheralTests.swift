import HDL
import HDLExamples
import Testing

/// A processor that waits for each answer.
private func write(_ value: Int, to address: Int, _ simulation: Simulation<PWMPeripheral>) throws {
  let port = simulation.sAxi
  port.awvalid = true; port.awaddr = address
  port.wvalid = true; port.wdata = value; port.wstrb = 15
  try simulation.run(until: { _ in port.awready && port.wready }, limit: 20)
  simulation.step()
  port.awvalid = false; port.wvalid = false; port.bready = true
  try simulation.run(until: { _ in port.bvalid }, limit: 20)
  #expect(port.bresp == 0)
  simulation.step()
}
private func read(_ address: Int, _ simulation: Simulation<PWMPeripheral>) throws -> Int {
  let port = simulation.sAxi
  port.arvalid = true; port.araddr = address
  try simulation.run(until: { _ in port.arready }, limit: 20)
  simulation.step()
  port.arvalid = false; port.rready = true
  try simulation.run(until: { _ in port.rvalid }, limit: 20)
  defer { simulation.step() }
  #expect(port.rresp == 0)
  return port.rdata
}

@Test func pwmFollowsItsRegisters() throws {
  let simulation = try Simulation(PWMPeripheral())
  simulation.reset()
  #expect(try read(0x4, simulation) == 999)
  try write(9, to: 0x4, simulation)
  try write(3, to: 0x8, simulation)
  #expect(!simulation.output)
  try write(1, to: 0x0, simulation)
  try simulation.run(until: { $0.interrupt }, limit: 20)
  let levels = (0..<100).map { _ in
    defer { simulation.step() }
    return simulation.output
  }
  #expect(levels.filter { $0 }.count == 30)
  #expect(try read(0xC, simulation) & 1 == 1)
  try write(0, to: 0x0, simulation)
  try write(1, to: 0xC, simulation)
  #expect(!simulation.interrupt && !simulation.output)
}

@Test func pwmPeripheralVerilog() throws {
  try expectVerilog(
    PWMPeripheral(),
    """
    module pwm_peripheral (
      input  wire clock,
      input  wire reset,
      input  wire [3:0] s_axi_awaddr,
      input  wire s_axi_awvalid,
      output wire s_axi_awready,
      input  wire [31:0] s_axi_wdata,
      input  wire [3:0] s_axi_wstrb,
      input  wire s_axi_wvalid,
      output wire s_axi_wready,
      output wire [1:0] s_axi_bresp,
      output wire s_axi_bvalid,
      input  wire s_axi_bready,
      input  wire [3:0] s_axi_araddr,
      input  wire s_axi_arvalid,
      output wire s_axi_arready,
      output wire [31:0] s_axi_rdata,
      output wire [1:0] s_axi_rresp,
      output wire s_axi_rvalid,
      input  wire s_axi_rready,
      output wire output_,
      output wire interrupt_
    );
      wire axi_axi_awready;
      wire axi_axi_wready;
      wire [1:0] axi_axi_bresp;
      wire axi_axi_bvalid;
      wire axi_axi_arready;
      wire [31:0] axi_axi_rdata;
      wire [1:0] axi_axi_rresp;
      wire axi_axi_rvalid;
      wire [3:0] axi_bus_request_payload_address;
      wire axi_bus_request_payload_is_write;
      wire [31:0] axi_bus_request_payload_data;
      wire [3:0] axi_bus_request_payload_strobe;
      wire axi_bus_request_valid;
      wire registers_bus_request_ready;
      wire [31:0] registers_bus_response_payload_data;
      wire registers_bus_response_payload_is_error;
      wire registers_bus_response_valid;
      wire axi_bus_response_ready;
      reg [15:0] count;
      wire [15:0] registers_hardware_period_cycles;
      wire registers_hardware_control_enable;
      wire [15:0] registers_hardware_duty_cycles;
      wire registers_hardware_status_wrapped;

      wire is_last = count >= registers_hardware_period_cycles;
      wire level = registers_hardware_control_enable && count < registers_hardware_duty_cycles;

      pwm_registers registers (
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
        .hardware_control_enable(registers_hardware_control_enable),
        .hardware_period_cycles(registers_hardware_period_cycles),
        .hardware_duty_cycles(registers_hardware_duty_cycles),
        .hardware_status_wrapped(registers_hardware_status_wrapped),
        .hardware_status_wrapped_set(registers_hardware_control_enable && is_last),
        .hardware_status_level(level)
      );

      axi4_lite_adapter axi (
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
      assign output_ = level;
      assign interrupt_ = registers_hardware_status_wrapped;

      always @(posedge clock) begin
        if (reset) begin
          count <= 16'd0;
        end else if (registers_hardware_control_enable) begin
          count <= is_last ? 16'd0 : count + 16'd1;
        end else begin
          count <= 16'd0;
        end
      end
    endmodule

    """)
}
