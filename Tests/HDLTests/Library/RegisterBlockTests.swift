import HDL
import Testing

/// The registers of a map, as hardware.

/// A peripheral as a user writes it: a map, its registers, and what they control.
struct TimerPeripheral: Module {
  let sAxi = Target(AXI4Lite(addressWidth: 8))
  @Output() var irq: Bit

  func body() {
    let registers = instance("registers", RegisterBlock(Timer.map, addressWidth: 8))
    registers.serve(sAxi)

    @Register<Unsigned>("count", 20) var count
    let isAtLimit = (count === registers[Timer.limit]).named("isAtLimit")
    When(registers[Timer.restart]) { count = 0 }
      .ElseWhen(registers[Timer.enable]) { count = select(isAtLimit, 0, count &+ 1) }
    registers[Timer.expired] = isAtLimit
    registers[Timer.faults] = concatenate([registers[Timer.mode], registers[Timer.offset].asUnsigned[0..<2]])
    registers[Timer.isRunning] = registers[Timer.enable]
    registers[Timer.rounds] = isAtLimit.asUnsigned
    irq = registers[Timer.expired]

    let events = registers.window(Timer.events)
    let memory = instance("events", EventMemory())
    connect(events, to: memory.bus)
  }
}

/// Answers two cycles later, and refuses the upper half.
struct EventMemory: Module {
  let bus = Target(RegisterBus(addressWidth: 6))
  func body() {
    let request = bus.request
    let words = Memory("words", depth: 16, width: 32, lanes: 4)
    let isReading = Register<Bit>("isReading"), isAnswered = Register<Bit>("isAnswered"), fails = Register<Bit>("fails")
    let data = Register<Unsigned>("data", 32)
    let takes = request.transfers.named("takes")
    let word = request.payload.address[2..<6].named("word")
    request.ready = !isReading.value & !isAnswered.value
    words.write(at: word, request.payload.data, when: takes & request.payload.isWrite & !word[3], lanes: request.payload.strobe)
    let read = words.read(at: word, when: takes & !request.payload.isWrite)
    When(takes) {
      isReading.value = true
      fails.value = word[3]
    }
    When(isReading.value) {
      isReading.value = false
      isAnswered.value = true
      data.value = read
    }
    When(bus.response.transfers) { isAnswered.value = false }
    bus.response.valid = isAnswered.value
    bus.response.payload.data = data.value
    bus.response.payload.isError = fails.value
  }
}

@Test func registerBlockVerilog() throws {
  try expectVerilog(
    RegisterBlock(Timer.map),
    """
    // A timer with a limit.
    module timer_registers (
      input  wire clock,
      input  wire reset,
      input  wire [6:0] bus_request_payload_address,
      input  wire bus_request_payload_is_write,
      input  wire [31:0] bus_request_payload_data,
      input  wire [3:0] bus_request_payload_strobe,
      input  wire bus_request_valid,
      output wire bus_request_ready,
      output wire [31:0] bus_response_payload_data,
      output wire bus_response_payload_is_error,
      output wire bus_response_valid,
      input  wire bus_response_ready,
      output wire hardware_control_enable,
      output wire [1:0] hardware_control_mode,
      output wire hardware_control_restart,
      output wire [19:0] hardware_period_limit,
      output wire [7:0] hardware_period_offset,
      output wire hardware_status_expired,
      input  wire hardware_status_expired_set,
      output wire [3:0] hardware_status_faults,
      input  wire [3:0] hardware_status_faults_set,
      input  wire hardware_status_is_running,
      output wire [5:0] hardware_round_count_rounds,
      input  wire hardware_round_count_rounds_increment,
      output wire [5:0] windows_events_request_payload_address,
      output wire windows_events_request_payload_is_write,
      output wire [31:0] windows_events_request_payload_data,
      output wire [3:0] windows_events_request_payload_strobe,
      output wire windows_events_request_valid,
      input  wire windows_events_request_ready,
      input  wire [31:0] windows_events_response_payload_data,
      input  wire windows_events_response_payload_is_error,
      input  wire windows_events_response_valid,
      output wire windows_events_response_ready
    );
      reg is_answered;
      reg [31:0] answer;
      reg fails;
      reg [31:0] read_data;
      reg is_mapped;
      reg control_enable;
      reg [1:0] control_mode;
      reg control_restart;
      reg [19:0] period_limit;
      reg [7:0] period_offset;
      reg status_expired;
      reg [3:0] status_faults;
      reg [5:0] round_count_rounds;

      wire [4:0] word = bus_request_payload_address[6:2];
      wire is_events = bus_request_payload_address[6];
      wire takes = bus_request_valid && !is_events && !is_answered;
      wire writes = takes && bus_request_payload_is_write;
      wire writes_control = writes && word == 5'd1;
      wire [31:0] written_bits = {{8{bus_request_payload_strobe[3]}}, {8{bus_request_payload_strobe[2]}},
          {8{bus_request_payload_strobe[1]}}, {8{bus_request_payload_strobe[0]}}};
      wire [31:0] written_ones = bus_request_payload_data & written_bits;
      wire writes_period = writes && word == 5'd2;
      wire writes_status = writes && word == 5'd3;
      wire status_expired_cleared = writes_status && written_ones[0];
      wire [3:0] status_faults_cleared = {4{writes_status}} & written_ones[7:4];
      wire writes_round_count = writes && word == 5'd4;

      assign hardware_control_enable = control_enable;
      assign hardware_control_mode = control_mode;
      assign hardware_control_restart = control_restart;
      assign hardware_period_limit = period_limit;
      assign hardware_period_offset = period_offset;
      assign hardware_status_expired = status_expired;
      assign hardware_status_faults = status_faults;
      assign hardware_round_count_rounds = round_count_rounds;

      always @* begin
        read_data = 32'd0;
        is_mapped = 1'b1;
        case (word)
          5'd0: read_data = 32'h544d5231;
          5'd1: read_data = {26'd0, control_mode, 3'd0, control_enable};
          5'd2: read_data = {12'd0, period_limit};
          5'd3: read_data = {15'd0, hardware_status_is_running, 8'd0, status_faults, 3'd0, status_expired};
          5'd4: read_data = {26'd0, round_count_rounds};
          default: is_mapped = 1'b0;
        endcase
      end

      assign windows_events_request_valid = bus_request_valid && is_events;
      assign windows_events_request_payload_address = {bus_request_payload_address[5:2], 2'd0};
      assign windows_events_request_payload_is_write = bus_request_payload_is_write;
      assign windows_events_request_payload_data = bus_request_payload_data;
      assign windows_events_request_payload_strobe = bus_request_payload_strobe;
      assign windows_events_response_ready = bus_response_ready;
      assign bus_request_ready = (!is_events && !is_answered) || (is_events && windows_events_request_ready);
      assign bus_response_valid = is_answered || windows_events_response_valid;
      assign bus_response_payload_data = (is_answered ? answer : 32'd0)
          | (windows_events_response_valid ? windows_events_response_payload_data : 32'd0);
      assign bus_response_payload_is_error = (is_answered && fails)
          || (windows_events_response_valid && windows_events_response_payload_is_error);

      always @(posedge clock) begin
        if (reset) begin
          is_answered <= 1'b0;
          answer <= 32'd0;
          fails <= 1'b0;
          control_enable <= 1'b0;
          control_mode <= 2'd1;
          control_restart <= 1'b0;
          period_limit <= 20'd999;
          period_offset <= 8'd0;
          status_expired <= 1'b0;
          status_faults <= 4'd0;
          round_count_rounds <= 6'd0;
        end else begin
          control_restart <= writes_control && written_ones[8];
          if (writes_control && bus_request_payload_strobe[0]) begin
            control_enable <= bus_request_payload_data[0];
            control_mode <= bus_request_payload_data[5:4];
          end
          if (writes_period) begin
            period_limit <= (period_limit & ~written_bits[19:0]) | written_ones[19:0];
            period_offset <= (period_offset & ~written_bits[27:20]) | written_ones[27:20];
          end
          status_expired <= (status_expired && !status_expired_cleared) || hardware_status_expired_set;
          status_faults <= (status_faults & ~status_faults_cleared) | hardware_status_faults_set;
          if (writes_round_count) begin
            round_count_rounds <= 6'd0;
          end else if (hardware_round_count_rounds_increment && !(&round_count_rounds)) begin
            round_count_rounds <= round_count_rounds + 6'd1;
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

      wire unused = &{1'b0, bus_request_payload_address[1:0], written_ones[31:28]};
    endmodule

    """)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)))
func registersPassTheLinters() throws {
  #expect(try lint(elaborate(TimerPeripheral())) == "")
  for width in [8, 16, 64] {
    let field = Field<Unsigned>("all", 0..<width, .readWrite, "")
    #expect(try lint(elaborate(RegisterBlock(AddressMap("one", "", dataWidth: width, registers: [ControlRegister("only", at: 0, "", [field])])))) == "")
  }
}

// MARK: mistakes

private struct Misuse: Module, HasBase {
  static let base = #line
  static let state = Field<Bit>("state", 0, .readOnly, "")
  static let level = Field<Unsigned>("level", 0..<8, .readWrite, "")
  static let twice = Field<Bit>("twice", 8, .readWrite, ""), stranger = Field<Bit>("stranger", 0, .readWrite, "")
  static let map = AddressMap("misuse", "", registers: [
    ControlRegister("first", at: 0, "", [state, twice]), ControlRegister("second", at: 4, "", [level, twice]),
  ])
  let bus = Target(RegisterBus(addressWidth: 3))
  @Output(2) var out: Unsigned
  func body() {
    let registers = instance("registers", RegisterBlock(Self.map, addressWidth: 3))
    connect(bus, to: registers.bus)
    out = concatenate([registers[Self.state], registers[Self.twice] & registers[Self.stranger]])
    registers[Self.state] = false
    registers[Self.level] = 3
  }
}
@Test func misuseOfFields() {
  expectFindings(Misuse(),
    "+10: field 'misuse.first.state' (RO) gives nothing to the hardware; use the value that drives it",
    "+10: field 'twice' of the map 'misuse' is in 'first' and 'second'; give each register a field of its own",
    "+10: field 'stranger' is not in the map 'misuse'; add it to a register",
    "+10: field 'misuse.second.level' (RW) belongs to the software; make it .readOnly to show it something")
}

private struct TooFar: Module, HasBase {
  static let base = #line
  let bus = Target(RegisterBus(addressWidth: 6))
  func body() {
    let registers = instance("registers", RegisterBlock(AddressMap("far", "", registers: [ControlRegister("last", at: 0x40, "", [])]), addressWidth: 6))
    connect(bus, to: registers.bus)
  }
}
@Test func mapThatDoesNotFitTheBus() {
  expectFindings(TooFar(),
    "+3: map 'far' does not fit addresses of 6 bits; it needs 7")
}

/// A field that shows something must be told what.
private struct Untold: Module, HasBase {
  static let base = #line
  static let level = Field<Unsigned>("level", 0..<4, .readOnly, "How full it is.")
  let bus = Target(RegisterBus(addressWidth: 6))
  func body() {
    let map = AddressMap("tank", "A tank.", registers: [ControlRegister("status", at: 0, "What it is doing.", [Self.level])])
    connect(bus, to: instance("registers", RegisterBlock(map, addressWidth: 6)).bus)
  }
}
@Test func fieldsThatNothingDrives() {
  expectFindings(Untold(),
    "+5: input 'registers.hardware.status.level' (unsigned 4-bit) is not connected; drive it with registers[level] = …")
}

private struct Reached: Module, HasBase {
  static let base = #line
  let width: Int
  let sAxi: Target<AXI4Lite>
  init(_ width: Int) {
    self.width = width
    sAxi = Target(AXI4Lite(addressWidth: width))
  }
  func body() {
    let map = AddressMap("far", "", registers: [ControlRegister("last", at: 0x40, "", [Field<Bit>("on", 0, .readWrite, "")])])
    let registers = instance("registers", RegisterBlock(map))
    registers.serve(sAxi)
  }
}
@Test func aBusMustReachTheMapAndNoFurther() {
  expectFindings(Reached(7))
  expectFindings(Reached(4), "+10: a bus with addresses of 4 bits cannot serve the registers of 'far', which have 7; use AXI4Lite(addressWidth: 7)")
  expectFindings(Reached(12), "+10: a bus with addresses of 12 bits cannot serve the registers of 'far', which have 7; use RegisterBlock(…, addressWidth: 12)")
}

/// Negative numbers of signed fields are patterns in the hardware, and numbers to whoever reads them.
private struct Offset: Module {
  static let gain = Field<Signed>("gain", 0..<12, .readWrite, reset: -5, "", values: [.init("least", -2048)])
  static let map = AddressMap("offset", "", registers: [ControlRegister("a", at: 0, "", [gain])])
  let sAxi = Target(AXI4Lite(addressWidth: map.addressWidth))
  @Output(12) var out: Signed
  func body() {
    let registers = instance("registers", RegisterBlock(Self.map))
    registers.serve(sAxi)
    out = registers[Self.gain]
  }
}
@Test func negativeResets() throws {
  let simulation = try Simulation(Offset())
  simulation.reset()
  #expect(simulation.out == -5)
  #expect(try simulation.sAxi.read(0).data == 0xFFB)
  #expect(try simulation.sAxi.write(0, 0x7FF) == .okay)
  #expect(simulation.out == 2047)
  #expect(try simulation.sAxi.read(4).response == .subordinateError)
  let outOfRange = AddressMap("m", "", registers: [ControlRegister("a", at: 0, "", [Field<Signed>("gain", 0..<12, .readWrite, reset: -2049, "")])])
  #expect(outOfRange.problems == ["field 'm.a.gain' of 12 bits cannot be reset to -2049; give it more bits or another value"])
}

/// What is narrower than a signed field is widened with its sign.
private struct Thermometer: Module {
  static let now = Field<Signed>("now", 0..<8, .readOnly, "")
  static let least = Field<Signed>("least", 8..<16, .readOnly, "")
  static let map = AddressMap("thermometer", "", registers: [ControlRegister("a", at: 0, "", [now, least])])
  let sAxi = Target(AXI4Lite(addressWidth: map.addressWidth))
  @Input(4) var value: Signed
  func body() {
    let registers = instance("registers", RegisterBlock(Self.map))
    registers.serve(sAxi)
    registers[Self.now] = value
    registers[Self.least] = -1
  }
}
@Test func signsReachTheSoftware() throws {
  let simulation = try Simulation(Thermometer())
  simulation.reset()
  simulation.value = -3
  #expect(try simulation.sAxi.read(0).data == 0xFFFD)
}
