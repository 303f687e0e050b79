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

/// Ports stand in the order of declaration, single ones and bundles mixed; what is nested or numbered
/// carries its path in its name, and `Flipped` turns it around.
private struct Request: PortBundle {
  let command: Stream<Unsigned>
  let answer: Flipped<Stream<Signed>>
  let channels: [Stream<Bit>]
  let isIdle = Backward<Bit>()

  init(width: Int) {
    command = Stream(width)
    answer = Flipped(Stream(width))
    channels = [Stream(1), Stream(1)]
  }
}
private struct Server: Module {
  @Input() var first: Bit
  let request = Target(Request(width: 8))
  @Output() var last: Bit
  func body() {
    request.isIdle = first
    request.answer.valid = request.command.valid
    request.answer.payload = request.command.payload.asSigned
    request.command.ready = request.answer.ready
    for channel in request.channels { channel.ready = channel.valid & channel.payload }
    last = first
  }
}
private struct Client: Module {
  let request = Initiator(Request(width: 8))
  func body() {
    let server = instance("server", Server())
    server.$first = true
    connect(relay(), to: server.request)
  }
  /// Both ends are values: they can be passed to functions and come from them.
  private func relay() -> Target<Request> {
    let other = instance("other", Relay())
    connect(other.above, to: request)
    return other.below
  }
}
private struct Relay: Module {
  let above = Initiator(Request(width: 8))
  let below = Initiator(Request(width: 8))
  func body() {
    for side in [above, below] {
      side.command.valid = false
      side.command.payload = 0
      side.answer.ready = side.isIdle
      for channel in side.channels {
        channel.valid = true
        channel.payload = side.answer.valid & side.answer.payload.parity
      }
    }
  }
}
@Test func nestedBundlesInVerilog() throws {
  let server = try #require(VerilogPrinter.files(elaborate(Server())).first?.text)
  #expect(
    server.prefix { $0 != ";" } == """
      module server (
        input  wire first,
        input  wire [7:0] request_command_payload,
        input  wire request_command_valid,
        output wire request_command_ready,
        output wire signed [7:0] request_answer_payload,
        output wire request_answer_valid,
        input  wire request_answer_ready,
        input  wire request_channels_0_payload,
        input  wire request_channels_0_valid,
        output wire request_channels_0_ready,
        input  wire request_channels_1_payload,
        input  wire request_channels_1_valid,
        output wire request_channels_1_ready,
        output wire request_is_idle,
        output wire last
      )
      """)
  let client = try elaborate(Client())
  #expect(client.modules.map(\.name) == ["server", "relay", "client"])
}

// MARK: equality

private struct Parametrized: Module {
  let bus: Target<Request>
  let inputs: [Target<Stream<Unsigned>>]
  init(width: Int, inputs count: Int) {
    bus = Target(Request(width: width))
    inputs = (0..<count).map { _ in Target(Stream(8)) }
  }
  func body() {}
}
@Test func modulesWithEqualBundlesAreEqual() {
  #expect(Parametrized(width: 8, inputs: 2) == Parametrized(width: 8, inputs: 2))
  #expect(Set([Parametrized(width: 8, inputs: 2), Parametrized(width: 8, inputs: 2), Parametrized(width: 8, inputs: 2)]).count == 1)
  #expect(Parametrized(width: 8, inputs: 2) != Parametrized(width: 9, inputs: 2))
  #expect(Parametrized(width: 8, inputs: 2) != Parametrized(width: 8, inputs: 3))
  #expect(Target(Stream<Unsigned>(8), in: ClockDomain("fast")) != Target(Stream<Unsigned>(8)))
}

/// A copy with changed parameters shares the ports of the original, also while that is being elaborated.
private struct Chain: Module {
  var length: Int
  let input = Target(Stream<Unsigned>(8))
  let output = Initiator(Stream<Unsigned>(8))
  func body() {
    if length == 0 { return connect(input, to: output) }
    var shorter = self
    shorter.length -= 1
    let rest = instance("rest", shorter)
    connect(input, to: rest.input)
    connect(rest.output, to: output)
  }
}
@Test func copiesShareTheirBundles() throws {
  let design = try elaborate(Chain(length: 3))
  #expect(design.modules.map(\.name) == ["chain_3", "chain_2", "chain_1", "chain"])
  #expect(try VerilogPrinter.text(elaborate(Chain(length: 3))) == VerilogPrinter.text(design))
}

// MARK: mistakes

private struct Mistaken: Module, HasBase {
  enum Mistake { case none, undriven, unconnected, twice, width, members, conditional }
  static let base = #line
  let mistake: Mistake
  let input = Target(Stream<Unsigned>(8))
  let wide = Target(Stream<Unsigned>(9))
  let other = Target(Request(width: 8))
  let output = Initiator(Stream<Unsigned>(8))
  let lists = Target(Lists(2))

  func body() {
    let stage = instance("stage", Chain(length: 0))
    if mistake != .width { wide.ready = false }
    if mistake == .conditional {
      When(wide.valid) { stage.input.valid = true }
      connect(input, to: stage.input)
    } else if mistake == .width {
      connect(wide, to: stage.input)
      input.ready = false
    } else {
      if mistake == .unconnected { stage.input.payload = wide.payload[0..<8] } else { connect(input, to: stage.input) }
    }
    if mistake == .twice { stage.input.valid = false }
    if mistake != .undriven { connect(stage.output, to: output) } else { stage.output.ready = output.ready }
    let list = instance("list", ListEnd(mistake == .members ? 3 : 2))
    connect(lists, to: list.lists)
    connect(other, to: instance("server", RequestEnd()).request)
  }
}
private struct Lists: PortBundle {
  let items: [Forward<Bit>]
  init(_ count: Int) { items = (0..<count).map { _ in Forward() } }
}
private struct ListEnd: Module {
  let lists: Target<Lists>
  init(_ count: Int) { lists = Target(Lists(count)) }
  func body() {}
}
private struct RequestEnd: Module {
  let request = Target(Request(width: 8))
  func body() {
    request.isIdle = true
    request.answer.valid = false
    request.answer.payload = 0
    request.command.ready = false
    for channel in request.channels { channel.ready = true }
  }
}
@Test func mistakesWithBundles() {
  expectFindings(Mistaken(mistake: .none))
  expectFindings(Mistaken(mistake: .undriven),
    "+5: port 'output.payload' (unsigned 8-bit) is never driven; assign it in body()",
    "+5: port 'output.valid' (1-bit) is never driven; assign it in body()")
  expectFindings(Mistaken(mistake: .unconnected),
    "+2: port 'input.ready' (1-bit) is never driven; assign it in body()",
    "+9: input 'stage.input.valid' (1-bit) is not connected; drive it with stage.input.valid = …")
  expectFindings(Mistaken(mistake: .twice),
    "+9: input 'stage.input.valid' has several drivers; connect it once")
  expectFindings(Mistaken(mistake: .width),
    "+9: 'wide.payload' (unsigned 9-bit) cannot be connected to 'stage.input.payload' (unsigned 8-bit): 1 bit would be lost; drop it with .truncated(to: 8)")
  expectFindings(Mistaken(mistake: .members),
    "+9: only one of the two ends has 'items.2'; give both ends the same bundle parameters")
  expectFindings(Mistaken(mistake: .conditional),
    "+12: input 'stage.input.valid' is driven inside a When or Switch; drive a Wire there and connect that",
    "+9: input 'stage.input.valid' has several drivers; connect it once")
}

@Test(.enabled(if: Tool.available(.swiftc)))
func whatMustNotCompile() throws {
  let fixture = """
    struct Part: Module {
      let input = Target(Stream<Unsigned>(8))
      let output = Initiator(Stream<Unsigned>(8))
      let bus = Target(AXI4Lite(addressWidth: 8))
      func body() {
        let part = instance("part", self)
        _ = part
        STATEMENT
      }
    }
    """
  func errors(_ statement: String) throws -> [String]? { try Compiler.errors(fixture.replacing("STATEMENT", with: statement)) }
  guard let clean = try errors("input.ready = output.ready; part.input.payload = 3; connect(input, to: part.input)") else { return }
  #expect(clean == [])
  #expect(try errors("input.valid = true") == ["setter for 'subscript(dynamicMember:)' is unavailable: the target reads this signal; the initiator drives it"])
  #expect(try errors("output.ready = true") == ["setter for 'subscript(dynamicMember:)' is unavailable: the initiator reads this signal; the target drives it"])
  #expect(try errors("part.output.payload = 3") == ["setter for 'subscript(dynamicMember:)' is unavailable: the target reads this signal; the initiator drives it"])
  #expect(try errors("part.input.ready = true") == ["setter for 'subscript(dynamicMember:)' is unavailable: the initiator reads this signal; the target drives it"])
  #expect(try errors("bus.awvallid = true")?.last == "value of type 'Target<AXI4Lite>' has no dynamic member 'awvallid' using key path from root type 'AXI4Lite'")
  #expect(try errors("connect(part.input, to: input)") == ["'connect(_:to:)' is unavailable: the initiating side comes first: connect(a, to: b) where b is this module's initiator or an instance's target"])
  #expect(try errors("connect(input, to: part.output)") == ["cannot convert value of type 'Target<Stream<Unsigned>>' to expected argument type 'Initiator<Stream<Unsigned>>'"])
  #expect(try errors("connect(bus, to: part.input)") == ["cannot convert value of type 'Initiator<Stream<Unsigned>>' to expected argument type 'Initiator<AXI4Lite>'"])
}

/// The path of a bundle's signal, in the top and inside an instance.
@Test func signalsOfBundlesByName() throws {
  let simulation = try Simulation(System())
  simulation.reset()
  simulation.sAxi.awvalid = true
  try simulation.poke("sAxi.wvalid", 1)
  #expect(try simulation.peek("host.settings.enable") == 1)
  #expect(throws: UnknownSignal.self) { try simulation.peek("host.settings.enabel") }
}

/// What a stream carries flows one way.
private struct Torn: Record {
  let data = Forward<Unsigned>(8)
  let credit = Backward<Bit>()
  let inner = Flipped(Half())
  struct Half: PortBundle { let tail = Forward<Bit>() }
}
private struct TornStream: Module, HasBase {
  static let base = #line
  let input = Target(Stream(Torn()))
  @Output() var y: Bit
  func body() {
    y = input.valid
    input.ready = true
    input.payload.credit = false
    input.payload.inner.tail = true
  }
}
@Test func recordsTravelTogether() {
  expectFindings(TornStream(),
    "+1: 'input.payload.credit' flows against its record, but all of a Record travels together; declare it as Forward, or outside the record",
    "+1: 'input.payload.inner.tail' flows against its record, but all of a Record travels together; declare it as Forward, or outside the record")
}

/// A bundle whose parameters are its module's: declared once, and resolved for each module value.
private struct Word: PortBundle {
  let data: Forward<Unsigned>
  let back: Backward<Unsigned>
  init(_ width: Int) { (data, back) = (Forward(width), Backward(width + 1)) }
}
private struct Words: PortBundle {
  let list: [Word]
  init(_ width: Int, _ count: Int) { list = (0..<count).map { _ in Word(width) } }
}
private struct Mirror: Module {
  let width: Int
  var word: Word { Word(width) }
  let input = Target(\Self.word)
  let output = Initiator(\Self.word)
  func body() {
    output.data = ~input.data
    input.back = output.back
  }
}
private struct Mirrors: Module {
  let width: Int
  var words: Words { Words(width, 2) }
  var word: Word { Word(width) }
  var twice: Word { Word(2 * width) }
  let inputs = Target(\Self.words)
  let wide = Target(\Self.twice)
  let first = Initiator(\Self.word)
  let outputs = Initiator(\Self.words)
  let wider = Initiator(\Self.twice)
  @Output(\Self.width) var seen: Unsigned
  func body() {
    for (index, input) in inputs.list.enumerated() {
      let mirror = instance("mirror\(index)", Mirror(width: width))
      connect(input, to: mirror.input)
      connect(mirror.output, to: outputs.list[index])
      if index == 0 { seen = mirror.output.data }
    }
    let mirror = instance("wide", Mirror(width: 2 * width))
    connect(wide, to: mirror.input)
    connect(mirror.output, to: wider)
    first.data = seen
    ignore(first.back)
  }
}
@Test(arguments: [3, 70]) func bundlesTakeTheirModulesParameters(_ width: Int) throws {
  let simulation = try Simulation(Mirrors(width: width))
  let (inputs, outputs) = (simulation.inputs.list, simulation.outputs.list)
  for index in 0..<2 {
    inputs[index].poke(\.data, words: width == 3 ? [UInt64(index + 1)] : [UInt64(index + 1), 0x15])
    outputs[index].poke(\.back, words: width == 3 ? [UInt64(9 + index)] : [UInt64(index), 0x7F])
  }
  for index in 0..<2 {
    #expect(outputs[index].peek(\.data).words == (width == 3 ? [UInt64(6 - index)] : [~UInt64(index + 1), 0x2A]))
    #expect(inputs[index].peek(\.back).words == (width == 3 ? [UInt64(9 + index)] : [UInt64(index), 0x7F]))
  }
  let text = VerilogPrinter.text(try elaborate(Mirrors(width: width)))
  #expect(text.contains("module mirror (") && text.contains("module mirror_1 (") && !text.contains("module mirror_2 ("))
  #expect(text.contains("input  wire [\(width - 1):0] inputs_list_0_data") && text.contains("output wire [\(2 * width):0] wide_back"))
}
