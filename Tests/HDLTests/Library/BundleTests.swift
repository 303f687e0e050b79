import HDL
import Testing

/// Bundles: declared once, used at both ends, connected in one statement.

/// The case that bundles were made for: a processor's bus that goes through two levels, and a
/// configuration bus that several engines listen to.
private struct ConfigurationBus: PortBundle {
  let clear = Forward<Bit>()
  let enable = Forward<Bit>()
  let register = Forward<Unsigned>(8)
  let value = Forward<Signed>(24)
  let accepted = Backward<Bit>()
}

private struct Host: Module {
  let sAxi = Target(AXI4Lite(addressWidth: 12))
  let settings = Initiator(ConfigurationBus())
  @Output() var irq: Bit

  func body() {
    let isAnswered = Register<Bit>("isAnswered")
    let takes = (sAxi.awvalid & sAxi.wvalid & !isAnswered.value).named("takes")
    sAxi.awready = takes
    sAxi.wready = takes
    When(takes) { isAnswered.value = true }.ElseWhen(sAxi.bready) { isAnswered.value = false }
    sAxi.bvalid = isAnswered.value
    sAxi.bresp = 0
    sAxi.arready = false
    sAxi.rvalid = false
    sAxi.rdata = 0
    sAxi.rresp = concatenate([sAxi.wstrb[0], sAxi.arvalid & sAxi.rready & sAxi.araddr.parity])
    settings.clear = takes & sAxi.awaddr[11]
    settings.enable = takes
    settings.register = sAxi.awaddr[2..<10]
    settings.value = sAxi.wdata[0..<24].asSigned
    irq = settings.accepted
  }
}

private struct Engine: Module {
  let number: Int
  let settings = Target(ConfigurationBus())
  @Output() var isNegative: Bit

  func body() {
    let isMine = (settings.register === Unsigned(number)).named("isMine")
    @Register<Signed>("scale", 24) var scale
    When(settings.clear) { scale = 0 }.ElseWhen(settings.enable & isMine) { scale = settings.value }
    settings.accepted = settings.enable & isMine
    isNegative = scale < 0
  }
}

private struct System: Module {
  let sAxi = Target(AXI4Lite(addressWidth: 12))
  @Output() var irq: Bit
  @Output() var isNegative: Bit

  func body() {
    let host = instance("host", Host())
    let engine = instance("engine", Engine(number: 3))
    connect(sAxi, to: host.sAxi)
    connect(host.settings, to: engine.settings)
    irq = host.$irq
    isNegative = engine.$isNegative
  }
}

@Test func bundlesInVerilog() throws {
  let files = try VerilogPrinter.files(elaborate(System()))
  #expect(files.map(\.name) == ["host", "engine", "system"])
  #expect(files[1].text == """
    module engine (
      input  wire clock,
      input  wire reset,
      input  wire settings_clear,
      input  wire settings_enable,
      input  wire [7:0] settings_register,
      input  wire signed [23:0] settings_value,
      output wire settings_accepted,
      output wire is_negative
    );
      reg signed [23:0] scale;

      wire is_mine = settings_register == 8'd3;

      assign settings_accepted = settings_enable && is_mine;
      assign is_negative = scale < 24'sd0;

      always @(posedge clock) begin
        if (reset) begin
          scale <= 24'sd0;
        end else if (settings_clear) begin
          scale <= 24'sd0;
        end else if (settings_enable && is_mine) begin
          scale <= settings_value;
        end
      end
    endmodule

    """)
  #expect(files[2].text == """
    module system (
      input  wire clock,
      input  wire reset,
      input  wire [11:0] s_axi_awaddr,
      input  wire s_axi_awvalid,
      output wire s_axi_awready,
      input  wire [31:0] s_axi_wdata,
      input  wire [3:0] s_axi_wstrb,
      input  wire s_axi_wvalid,
      output wire s_axi_wready,
      output wire [1:0] s_axi_bresp,
      output wire s_axi_bvalid,
      input  wire s_axi_bready,
      input  wire [11:0] s_axi_araddr,
      input  wire s_axi_arvalid,
      output wire s_axi_arready,
      output wire [31:0] s_axi_rdata,
      output wire [1:0] s_axi_rresp,
      output wire s_axi_rvalid,
      input  wire s_axi_rready,
      output wire irq,
      output wire is_negative
    );
      wire host_s_axi_awready;
      wire host_s_axi_wready;
      wire [1:0] host_s_axi_bresp;
      wire host_s_axi_bvalid;
      wire host_s_axi_arready;
      wire [31:0] host_s_axi_rdata;
      wire [1:0] host_s_axi_rresp;
      wire host_s_axi_rvalid;
      wire host_settings_clear;
      wire host_settings_enable;
      wire [7:0] host_settings_register;
      wire signed [23:0] host_settings_value;
      wire engine_settings_accepted;
      wire host_irq;
      wire engine_is_negative;

      host host (
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
        .settings_clear(host_settings_clear),
        .settings_enable(host_settings_enable),
        .settings_register(host_settings_register),
        .settings_value(host_settings_value),
        .settings_accepted(engine_settings_accepted),
        .irq(host_irq)
      );

      engine engine (
        .clock(clock),
        .reset(reset),
        .settings_clear(host_settings_clear),
        .settings_enable(host_settings_enable),
        .settings_register(host_settings_register),
        .settings_value(host_settings_value),
        .settings_accepted(engine_settings_accepted),
        .is_negative(engine_is_negative)
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
      assign is_negative = engine_is_negative;
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)))
func bundlesPassTheLinters() throws {
  #expect(try lint(elaborate(System())) == "")
}
