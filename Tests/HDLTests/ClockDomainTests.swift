import HDL
import Testing

/// Clock domains: their ports, their connection, their text.

/// A pulse counted in one domain and read in another, as a Gray-coded number.
struct PulseCounter: Module {
  let pulses = ClockDomain("pulses")
  let bus = ClockDomain("bus")
  @Input var pulse: Bit
  @Input var clear: Bit
  @Output var total: Unsigned
  @Output var hasCleared: Bit
  @Register var count: Unsigned
  @Register var gray: Unsigned
  @Register var clearing: Bit

  init(width: Int) {
    _pulse = Input(in: pulses)
    _clear = Input(in: bus)
    _total = Output(width, in: bus)
    _hasCleared = Output()
    _count = Register(width, in: pulses)
    _gray = Register(width, in: pulses)
    _clearing = Register(in: bus)
  }
  func body() {
    When(clear) { clearing = true }
    let clearHere = synchronized(clearing, into: pulses)
    When(clearHere) { count = 0 }.ElseWhen(pulse) { count = count &+ 1 }
    gray = count ^ (count >> 1).extended(to: count.width)
    total = synchronized(gray: gray, into: bus)
    hasCleared = clearHere
  }
}

/// Two counters in unlike domains, one of which is this module's own.
private struct Meter: Module {
  let radio = ClockDomain("radio")
  @Input() var pulse: Bit
  @Input() var clear: Bit
  @Output(4) var total: Unsigned
  @Output(8) var uptime: Unsigned
  @Output(8) var radioUptime: Unsigned
  init() { _pulse = Input(in: radio) }
  func body() {
    let pulses = instance("pulses", PulseCounter(width: 4))
    pulses.pulses = radio
    pulses.bus = .default
    pulses.$pulse = pulse
    pulses.$clear = clear
    total = pulses.$total
    let here = instance("here", Counter(width: 8)), there = instance("there", Counter(width: 8), in: radio)
    here.$enable = true
    there.$enable = !pulses.$hasCleared
    uptime = here.$value
    radioUptime = there.$value
  }
}

@Suite struct ClockDomainTests {
  @Test func oneProcessPerClock() throws {
    try expectVerilog(
      PulseCounter(width: 4),
      """
      module pulse_counter (
        input  wire pulses_clock,
        input  wire pulses_reset,
        input  wire bus_clock,
        input  wire bus_reset,
        input  wire pulse,
        input  wire clear,
        output wire [3:0] total,
        output wire has_cleared
      );
        reg [3:0] count;
        reg [3:0] gray;
        reg clearing;
        (* ASYNC_REG = "TRUE" *) reg clearing_meta;
        (* ASYNC_REG = "TRUE" *) reg clearing_synchronized;
        (* ASYNC_REG = "TRUE" *) reg [3:0] gray_meta;
        (* ASYNC_REG = "TRUE" *) reg [3:0] gray_synchronized;

        assign total = gray_synchronized;
        assign has_cleared = clearing_synchronized;

        always @(posedge pulses_clock) begin
          if (pulses_reset) begin
            count <= 4'd0;
            gray <= 4'd0;
            clearing_meta <= 1'b0;
            clearing_synchronized <= 1'b0;
          end else begin
            clearing_meta <= clearing;
            clearing_synchronized <= clearing_meta;
            if (clearing_synchronized) begin
              count <= 4'd0;
            end else if (pulse) begin
              count <= count + 4'd1;
            end
            gray <= count ^ {1'd0, count[3:1]};
          end
        end

        always @(posedge bus_clock) begin
          if (bus_reset) begin
            clearing <= 1'b0;
            gray_meta <= 4'd0;
            gray_synchronized <= 4'd0;
          end else begin
            if (clear) begin
              clearing <= 1'b1;
            end
            gray_meta <= gray;
            gray_synchronized <= gray_meta;
          end
        end
      endmodule

      """)
  }

  @Test func instancesAreConnectedToDomains() throws {
    try expectVerilog(
      Meter(),
      """
      module meter (
        input  wire clock,
        input  wire reset,
        input  wire radio_clock,
        input  wire radio_reset,
        input  wire pulse,
        input  wire clear,
        output wire [3:0] total,
        output wire [7:0] uptime,
        output wire [7:0] radio_uptime
      );
        wire [3:0] pulses_total;
        wire pulses_has_cleared;
        wire [7:0] here_value;
        wire [7:0] there_value;

        pulse_counter pulses (
          .pulses_clock(radio_clock),
          .pulses_reset(radio_reset),
          .bus_clock(clock),
          .bus_reset(reset),
          .pulse(pulse),
          .clear(clear),
          .total(pulses_total),
          .has_cleared(pulses_has_cleared)
        );

        counter here (
          .clock(clock),
          .reset(reset),
          .enable(1'b1),
          .value(here_value)
        );

        counter there (
          .clock(radio_clock),
          .reset(radio_reset),
          .enable(!pulses_has_cleared),
          .value(there_value)
        );

        assign total = pulses_total;
        assign uptime = here_value;
        assign radio_uptime = there_value;
      endmodule

      """)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    #expect(try lint(elaborate(Meter())) == "")
    #expect(try lint(elaborate(Restartable())) == "")
    #expect(try lint(elaborate(ButtonReset())) == "")
    #expect(try lint(elaborate(LineReceiver())) == "")
  }

  @Test func resetsAreValues() throws {
    try expectVerilog(
      Restartable(),
      """
      module restartable (
        input  wire clock,
        input  wire reset,
        input  wire restart,
        output wire [7:0] value,
        output wire [7:0] inner
      );
        reg restarted;
        wire soft_reset;
        reg [7:0] count;
        wire [7:0] counter_value;

        counter counter (
          .clock(clock),
          .reset(soft_reset),
          .enable(restart),
          .value(counter_value)
        );

        assign soft_reset = restarted;
        assign value = count;
        assign inner = counter_value;

        always @(posedge clock) begin
          if (reset) begin
            restarted <= 1'b1;
          end else begin
            restarted <= restart;
          end
        end

        always @(posedge clock) begin
          if (soft_reset) begin
            count <= 8'd5;
          end else begin
            count <= count + 8'd1;
          end
        end
      endmodule

      """)
  }

  /// A reset from outside, made to change with the clock: what a reset synchronizer is here.
  @Test func resetsCanBeSynchronized() throws {
    try expectVerilog(
      ButtonReset(),
      """
      module button_reset (
        input  wire pixel_clock,
        input  wire button,
        output wire [7:0] count
      );
        (* ASYNC_REG = "TRUE" *) reg button_meta;
        (* ASYNC_REG = "TRUE" *) reg button_synchronized;
        wire clean_reset;
        wire [7:0] counter_value;

        counter counter (
          .clock(pixel_clock),
          .reset(clean_reset),
          .enable(1'b1),
          .value(counter_value)
        );

        assign clean_reset = button_synchronized;
        assign count = counter_value;

        always @(posedge pixel_clock) begin
          button_meta <= button;
          button_synchronized <= button_meta;
        end
      endmodule

      """)
  }

  @Test func clocksAreValues() throws {
    try expectVerilog(
      LineReceiver(),
      """
      module line_receiver (
        input  wire clock,
        input  wire reset,
        input  wire line,
        output wire [3:0] bits
      );
        wire recovery_slow;
        wire recovered_clock;
        wire recovered_reset;
        reg [3:0] shift;
        (* ASYNC_REG = "TRUE" *) reg line_meta;
        (* ASYNC_REG = "TRUE" *) reg line_synchronized;

        divider recovery (
          .clock(clock),
          .reset(reset),
          .slow(recovery_slow)
        );

        assign recovered_clock = recovery_slow;
        assign recovered_reset = 1'b0;
        assign bits = shift;

        always @(posedge recovered_clock) begin
          line_meta <= line;
          line_synchronized <= line_meta;
          shift <= {shift[2:0], line_synchronized};
        end

        wire unused = &{1'b0, recovered_reset};
      endmodule

      """)
  }
}

/// A register that a command resets, and an instance in the same domain. The command is 1 after the reset of
/// the surroundings, which so reaches the inner domain, too.
private struct Restartable: Module {
  @Input() var restart: Bit
  @Output(8) var value: Unsigned
  @Output(8) var inner: Unsigned
  func body() {
    let restarted = Register<Bit>("restarted", reset: 1)
    restarted.value = restart
    let soft = ClockDomain("soft", clockOf: .default, reset: restarted.value)
    In(soft) {
      @Register("count", 8, reset: 5) var count: Unsigned
      count = count &+ 1
      value = count
      let counter = instance("counter", Counter(width: 8))
      counter.$enable = restart
      inner = counter.$value
    }
  }
}

/// A button resets a domain that has the clock of another.
private struct ButtonReset: Module {
  let pixel = ClockDomain("pixel")
  @Input(in: .asynchronous) var button: Bit
  @Output(8) var count: Unsigned
  init() {}
  func body() {
    let clean = ClockDomain("clean", clockOf: pixel, reset: synchronized(button, into: pixel, reset: nil))
    let counter = instance("counter", Counter(width: 8), in: clean)
    counter.$enable = true
    count = counter.$value
  }
}

/// A clock that comes out of a box, and the reset that belongs to it.
private struct LineReceiver: Module {
  @Input() var line: Bit
  @Output(4) var bits: Unsigned
  func body() {
    let recovery = instance("recovery", Divider())
    let recovered = ClockDomain("recovered", clock: recovery.$slow, reset: false)
    @Register("shift", 4, reset: nil, in: recovered) var shift: Unsigned
    let lineHere = synchronized(line, into: recovered, reset: nil)
    shift = concatenate([lineHere, shift[0..<3]])
    bits = shift
  }
}
private struct Divider: Module {
  @Output() var slow: Bit
  @Register() var half: Bit
  func body() {
    half = !half
    slow = half
  }
}
