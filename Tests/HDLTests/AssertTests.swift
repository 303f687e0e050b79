import HDL
import Testing

/// Assertions: their text, their conditions, and silence where they are not asked for.

/// A counter that must not pass its limit, with everything that a property may depend on.
struct Guarded: Module {
  enum Mode: Int, CaseIterable { case off, up, down }
  @Input() var up: Bit
  @Input() var down: Bit
  @Output(4) var value: Unsigned
  @Register(4) var count: Unsigned
  @StateRegister var mode: Mode = .off
  let limit: Int
  let broken: Bool
  init(limit: Int, broken: Bool = false) {
    self.limit = limit
    self.broken = broken
  }
  func body() {
    value = count
    Assume(!(up & down), "nobody asks for both ways at once")
    When(up) { mode = .up }.ElseWhen(down) { mode = .down }.Else { mode = .off }
    Switch($mode) {
      Case(.up) {
        When(count !== Unsigned(broken ? limit + 1 : limit, width: 4)) { count = count &+ 1 }
      }
      Case(.down) {
        When(count > 0) { count = count &- 1 }.Else {
          Assert(count === 0, "an empty counter stays empty")
          Cover(up, "an empty counter turns round")
        }
      }
      Case(.off) { Assert(mode(is: .off), "off is off") }
    }
    Assert(count <= Unsigned(limit, width: 4), "the counter stays within its limit")
    Cover((count &+ 1)[0..<2] === 3, "the counter gets somewhere")
  }
  private func mode(is wanted: Mode) -> Bit { $mode === wanted }
}

/// Properties alone, about something that has no clock of its own.
private struct Watched: Module {
  @Input(8) var a: Unsigned
  @Input(8) var b: Unsigned
  @Output(9) var sum: Unsigned
  func body() {
    sum = a + b
    let child = instance("child", MultiplyAccumulate(operand: 4, accumulator: 8))
    child.$clear = false
    child.$shift = false
    child.$a = a[0..<4].asSigned
    child.$b = a[4..<8].asSigned
    child.$accumulatorIn = 0
    Assert(sum >= a.extended(to: 9), "a sum is no less than its parts")
    Assert(child.$aNext !== -8, "the lowest value is never used")
  }
}

/// A request that waits for its grant, and what is only there to speak about it.
private struct Helped: Module {
  enum Phase: Int, CaseIterable { case idle, asked, granted }
  var isBroken = false
  @Input() var request: Bit
  @Input() var grant: Bit
  @Output() var pending: Bit
  @Register() var waiting: Bit
  @Register(4, reset: nil) var patience: Unsigned
  @StateRegister var phase: Phase = .idle
  @Wire(4) var left: Unsigned
  func body() {
    pending = waiting
    When(grant) { waiting = false }.ElseWhen(request) { waiting = true }
    When(waiting) { patience = patience &+ 1 }.Else { patience = 0 }
    When(isBroken ? request & grant : request) { phase = .asked }
    left = 9 &- patience
    When(!waiting) { left = 9 }
    Assert(!waiting | ($phase === .asked), "whoever waits has asked")
    Assume(left !== 0, "a grant comes in time")
  }
}

private struct Leaky: Module {
  @Input(8) var x: Unsigned
  @Output(8) var y: Unsigned
  @Register() var helper: Bit
  @Register() var dead: Bit
  @Register() var ghost: Bit
  @Register(8) var held: Unsigned
  func body() {
    helper = x[0]
    dead = helper
    Assert(helper | !x[1], "reads the helper")
    let chain = (0..<60).reduce(helper) { $0 ^ x[$1 % 8] ^ ghost }
    When(x[2]) { held = x }.ElseWhen(chain) { ghost = true }
    Assert(ghost | !x[3], "reads the ghost")
    y = held
  }
}

private struct LongWinded: Module {
  @Input(8) var x: Unsigned
  @Output(8) var y: Unsigned
  func body() {
    y = x
    Assert((0..<20_000).reduce(x) { sum, index in index % 2 == 0 ? sum &+ x : sum ^ x }[0], "at last")
  }
}

private struct Overlooked: Module {
  @Input(8) var a: Unsigned
  @Output(8) var y: Unsigned
  @Register(8) var q: Unsigned
  func body() {
    q = a
    y = q
    ignore(concatenate([q &+ 2, a]))
    Assert((q === 3) | a[0] | !a[0], "always")
  }
}

@Suite struct AssertTests {
  @Test func verilog() throws {
    try expectVerilog(
      Guarded(limit: 9),
      """
      module guarded (
        input  wire clock,
        input  wire reset,
        input  wire up,
        input  wire down,
        output wire [3:0] value
      );
        localparam [1:0] MODE_OFF = 2'd0;
        localparam [1:0] MODE_UP = 2'd1;
        localparam [1:0] MODE_DOWN = 2'd2;
        reg [3:0] count;
        reg [1:0] mode;

        assign value = count;

        always @(posedge clock) begin
          if (reset) begin
            count <= 4'd0;
            mode <= MODE_OFF;
          end else begin
            if (up) begin
              mode <= MODE_UP;
            end else if (down) begin
              mode <= MODE_DOWN;
            end else begin
              mode <= MODE_OFF;
            end
            case (mode)
              MODE_UP: begin
                if (count != 4'd9) begin
                  count <= count + 4'd1;
                end
              end
              MODE_DOWN: begin
                if (count > 4'd0) begin
                  count <= count - 4'd1;
                end
              end
              default: ;
            endcase
          end
        end

      `ifdef FORMAL
        wire count_above_0 = count > 4'd0;
        wire property_value = mode == MODE_DOWN && !count_above_0;
        wire [3:0] count_plus_1 = count + 4'd1;

        always @(posedge clock) begin
          if (!reset) begin
            // nobody asks for both ways at once
            assume (!(up && down));
            // an empty counter stays empty
            if (property_value) begin
              assert (count == 4'd0);
            end
            // an empty counter turns round
            if (property_value) begin
              cover (up);
            end
            // off is off
            if (mode == MODE_OFF) begin
              assert (mode == MODE_OFF);
            end
            // the counter stays within its limit
            assert (count <= 4'd9);
            // the counter gets somewhere
            cover (count_plus_1[1:0] == 2'd3);
          end
        end
      `endif
      endmodule

      """)
  }

  @Test func namesThatOnlyPropertiesRead() throws {
    try expectVerilog(
      Watched(),
      """
      module watched (
        input  wire clock,
        input  wire reset,
        input  wire [7:0] a,
        input  wire [7:0] b,
        output wire [8:0] sum
      );
        wire signed [3:0] child_a_next;
        wire signed [3:0] unused_child_b_next;
        wire signed [7:0] unused_child_accumulator;

        multiply_accumulate child (
          .clock(clock),
          .reset(reset),
          .clear(1'b0),
          .shift(1'b0),
          .a(a[3:0]),
          .b(a[7:4]),
          .accumulator_in(8'sd0),
          .a_next(child_a_next),
          .b_next(unused_child_b_next),
          .accumulator(unused_child_accumulator)
        );

        assign sum = {1'd0, a} + {1'd0, b};

        wire unused = &{1'b0, child_a_next};

      `ifdef FORMAL
        always @(posedge clock) begin
          if (!reset) begin
            // a sum is no less than its parts
            assert (sum >= {1'd0, a});
            // the lowest value is never used
            assert (child_a_next != -4'sd8);
          end
        end
      `endif
      endmodule

      """)
  }

  /// Wires, registers and states that only properties read are no hardware, so they stand with the properties.
  @Test func helpersOfProperties() throws {
    try expectVerilog(
      Helped(),
      """
      module helped (
        input  wire clock,
        input  wire reset,
        input  wire request,
        input  wire grant,
        output wire pending
      );
        reg waiting;

        assign pending = waiting;

        always @(posedge clock) begin
          if (reset) begin
            waiting <= 1'b0;
          end else if (grant) begin
            waiting <= 1'b0;
          end else if (request) begin
            waiting <= 1'b1;
          end
        end

      `ifdef FORMAL
        localparam [1:0] PHASE_IDLE = 2'd0;
        localparam [1:0] PHASE_ASKED = 2'd1;
        reg [3:0] patience;
        reg [1:0] phase;
        reg [3:0] left;

        always @* begin
          left = 4'd9 - patience;
          if (!waiting) begin
            left = 4'd9;
          end
        end

        always @(posedge clock) begin
          if (waiting) begin
            patience <= patience + 4'd1;
          end else begin
            patience <= 4'd0;
          end
          if (request) begin
            phase <= PHASE_ASKED;
          end
          if (reset) begin
            phase <= PHASE_IDLE;
          end
        end

        always @(posedge clock) begin
          if (!reset) begin
            // whoever waits has asked
            assert (!waiting || phase == PHASE_ASKED);
            // a grant comes in time
            assume (left != 4'd0);
          end
        end
      `endif
      endmodule

      """)
  }

  /// What nothing reads is printed as hardware, so what it follows stays there, too; and a condition that only guards
  /// what a property reads takes no part in the hardware.
  @Test func hardwareDoesNotReadHelpers() throws {
    let text = try VerilogPrinter.text(elaborate(Leaky(), allowingUnread: true))
    let parts = text.components(separatedBy: "`ifdef FORMAL")
    #expect(parts[0].contains("reg helper;") && parts[0].contains("dead <= helper;"), "\(text)")
    #expect(!parts[0].contains("ghost") && !parts[0].contains("chain") && parts[1].contains("reg ghost;"), "\(text)")
  }

  /// Long expressions are divided in properties, as in hardware: printing them needs little stack.
  @Test func propertiesMayBeLong() throws {
    #expect(try VerilogPrinter.text(elaborate(LongWinded())).contains("`ifdef FORMAL"))
  }

  /// Whatever is to be ignored stays whole, whether or not something else uses its parts.
  @Test func expressionsMayBeIgnored() throws {
    let simulation = try Simulation(Overlooked())
    simulation.step()
    #expect(try VerilogPrinter.text(elaborate(Overlooked())).contains("assert"))
  }

  @Test(.enabled(if: BoundedProof.isAvailable)) func helpersTakePartInProofs() throws {
    #expect(try BoundedProof(design: elaborate(Helped()), depth: 12).check() == .holds)
    #expect(try BoundedProof(design: elaborate(Helped(isBroken: true)), depth: 12).check() == .fails("whoever waits has asked"))
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    #expect(try lint(elaborate(Helped())) == "")
    #expect(try lint(elaborate(Guarded(limit: 9))) == "")
    #expect(try lint(elaborate(Watched())) == "")
  }

  /// The condition of a property is that under which an assignment beside it happens, however deep they stand.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func pathsAreThoseOfAssignments(seed: UInt64) throws {
    let graph = try #require(elaborate(Paths(seed: seed), passes: []).modules.first).graph
    var random = SplitMix(state: seed)
    var reached = 0
    for _ in 0..<40 {
      let results = CycleEvaluator.results(graph, given: graph.signals.map { random.bits($0.shape.width) })
      for number in graph.properties.indices {
        let hit = try #require(results.first { $0.hasPrefix("hit_\(number) = ") }), enable = results.first { $0.hasPrefix("here \(number) = ") }
        #expect(hit.suffix(1) == enable?.suffix(1), "seed \(seed), property \(number)")
        if hit.hasSuffix("1") { reached += 1 }
      }
    }
    #expect(reached > 0)
  }

  @Test func aPropertyNeedsAMessage() {
    expectFindings(Speechless(), "+5: Assert(a) needs a message; say what it is about")
  }
}

private struct Speechless: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output() var y: Bit
  func body() {
    y = a
    Assert(a, "")
  }
}

/// Random nests of When and Switch, with an assignment and a property in every arm.
private struct Paths: Module {
  let seed: UInt64
  @Input(12) var x: Unsigned
  @Output() var y: Bit
  init(seed: UInt64) { self.seed = seed }
  func body() {
    var random = SplitMix(state: seed)
    // Declared and set to 0 before anything else.
    let hits = (0..<40).map { Wire<Bit>("hit_\($0)") }
    for hit in hits { hit.value = false }
    var next = 0
    func mark() {
      guard next < hits.count else { return }
      hits[next].value = true
      Assert(x[0], "here \(next)")
      next += 1
    }
    func nest(_ depth: Int) {
      mark()
      if depth == 0 || next == hits.count { return }
      func inner() { nest(depth - 1) }
      let bit = random.int(0...11), low = random.int(0...9)
      switch random.int(0...3) {
      case 0: When(x[bit]) { inner() }
      case 1: When(x[bit]) { inner() }.ElseWhen(x[low]) { inner() }.Else { inner() }
      case 2:
        Switch(x[low..<low + 2]) {
          Case(0, 3) { inner() }
          Case(2) { inner() }
          Default { inner() }
        }
      default:
        Switch(x[low..<low + 1]) {
          Case(1) { inner() }
          Case(0) { inner() }
        }
      }
    }
    for bit in 0..<3 where next < hits.count { When(x[bit]) { nest(3) } }
    y = hits.reduce(Bit(false)) { $0 ^ $1.value }
  }
}
