import HDL
import Testing

/// Bits and parts as targets, parts at an index, and loops decided by bit.

private struct Targets: Module {
  @Input(8) var x: Unsigned
  @Input(3) var i: Unsigned
  @Input(5) var wide: Unsigned
  @Input() var p: Bit
  @Output(8) var swapped: Unsigned
  @Output(8) var bitSet: Unsigned
  @Output(12) var nibbles: Signed
  @Output(8) var local: Unsigned
  @Register(12, reset: 0x123) var slots: Unsigned
  @Output(12) var shown: Unsigned

  func body() {
    swapped[0..<4] = x[4...]
    swapped[4...7] = x[..<4]
    bitSet = 0
    bitSet[i] = p
    nibbles = -1
    nibbles[wide, width: 4] = x[...3]
    var changed = x
    changed[7] = p
    changed[i] = !p
    local = changed
    When(p) { slots[i[0..<2], width: 4] = x[0..<4] }.Else { slots[11] = x[0] }
    shown = slots
  }
}

@Suite struct UpdateTests {
  @Test func targetsInTheSimulator() throws {
    let simulation = try Simulation(Targets())
    var slots = 0x123
    simulation.reset()
    for x in [0x00, 0x5A, 0xFF, 0x91] {
      for wide in 0..<32 {
        for p in [false, true] {
          let i = wide & 7
          simulation.x = x
          simulation.i = i
          simulation.wide = wide
          simulation.p = p
          #expect(simulation.swapped == x >> 4 | (x & 15) << 4)
          #expect(simulation.bitSet == (p ? 1 << i : 0))
          let nibbles: Int = wide < 3 ? replacing(0xFFF, 4 * wide, 4, x & 15) : 0xFFF
          #expect(simulation.nibbles == (nibbles < 0x800 ? nibbles : nibbles - 0x1000))
          let changed: Int = replacing(replacing(x, 7, 1, p ? 1 : 0), i, 1, p ? 0 : 1)
          #expect(simulation.local == changed)
          #expect(simulation.shown == slots)
          if !p { slots = replacing(slots, 11, 1, x & 1) } else if i & 3 < 3 { slots = replacing(slots, 4 * (i & 3), 4, x & 15) }
          simulation.step()
        }
      }
    }
  }

  /// `word` with `count` bits from `low` on replaced.
  private func replacing(_ word: Int, _ low: Int, _ count: Int, _ bits: Int) -> Int {
    let mask: Int = ((1 << count) - 1) << low
    return word & ~mask | bits << low
  }

  @Test func targetsAsVerilog() throws {
    try expectVerilog(Targets(), targetsVerilog)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    #expect(try lint(elaborate(Targets())) == "")
    #expect(try lint(elaborate(Parts())) == "")
    #expect(try lint(elaborate(Carry(width: 16))) == "")
  }

  @Test func partsAsVerilog() throws {
    try expectVerilog(Parts(), partsVerilog)
  }

  /// A carry chain in one word, and a word that follows itself one bit up.
  @Test func loopsOfWordsThatAreNoneOfBits() throws {
    let simulation = try Simulation(Carry(width: 16))
    for (a, b) in [(0, 0), (0xFFFF, 1), (0x1234, 0xFEDC), (0x8000, 0x8000)] {
      simulation.a = a
      simulation.b = b
      #expect(simulation.sum == a + b)
      // All bits from the lowest one of `a` on.
      #expect(simulation.filled == (a | -a) & 0xFFFF)
    }
    try expectVerilog(Carry(width: 3), carryVerilog)
  }

  @Test func windingWords() throws {
    let simulation = try Simulation(Winding())
    for a in 0..<16 {
      for i in 0..<4 {
        (simulation.a, simulation.i) = (a, i)
        #expect(simulation.shownSum == a | ((a + 3) & 15) << 4)
        let turned = i == 1 ? a << 1 : i == 2 ? ~a : a
        #expect(simulation.shownChoice == a | (turned >> 2 & 3) << 4)
        #expect(simulation.shownSign == (a < 8 ? a : a - 16))
      }
    }
  }
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersSeeNoLoop() throws {
    let complaints = try lint(elaborate(Winding()))
    #expect(complaints == "")
  }
}

/// Words that follow themselves through sums, choices and signs, while no bit does.
private struct Winding: Module {
  @Input(4) var a: Unsigned
  @Input(2) var i: Unsigned
  @Wire(8) var sum: Unsigned
  @Wire(8) var choice: Unsigned
  @Wire(8) var sign: Signed
  @Output(8) var shownSum: Unsigned
  @Output(8) var shownChoice: Unsigned
  @Output(8) var shownSign: Signed
  func body() {
    sum[0..<4] = a
    sum[4..<8] = sum[0..<4] &+ 3
    choice[0..<4] = a
    let turned = choose(i, [choice, choice.rotatedLeft(by: 1), ~choice, choice])
    choice[4] = turned[2]
    choice[5] = turned[3]
    choice[6...] = 0
    sign[0..<4] = a
    let wide = sign[0..<4].asSigned.extended(to: 8)
    sign[4...] = wide[4...]
    (shownSum, shownChoice, shownSign) = (sum, choice, sign)
  }
}

private struct Parts: Module {
  @Input(24) var x: Unsigned
  @Input(6) var s: Signed
  @Input(2) var i: Unsigned
  @Input(3) var j: Unsigned
  @Input(7) var wide: Unsigned
  @Output(8) var byte: Unsigned
  @Output() var bit: Bit
  @Output() var far: Bit
  @Output() var sign: Bit
  @Output(4) var table: Unsigned
  func body() {
    byte = x[i, width: 8]
    bit = x[0..<8][j]
    far = x[wide]
    sign = s[j]
    table = Unsigned(0xFEDC_BA98, width: 32)[j, width: 4]
  }
}

private struct Carry: Module {
  @Input var a: Unsigned
  @Input var b: Unsigned
  @Output var sum: Unsigned
  @Output var filled: Unsigned
  @Wire var carry: Unsigned
  init(width: Int) {
    (_a, _b, _sum) = (Input(width), Input(width), Output(width + 1))
    (_filled, _carry) = (Output(width), Wire(width + 1))
  }
  func body() {
    carry[0] = false
    for bit in 0..<a.width {
      let (x, y, c) = (a[bit], b[bit], carry[bit])
      carry[bit + 1] = x && y || c && (x ^ y)
      sum[bit] = x ^ y ^ c
    }
    sum[a.width] = carry[a.width]
    filled = a | concatenate([Bit(false), filled[..<(a.width - 1)]])
  }
}

// MARK: mistakes

private struct Mistakes: Module, HasBase {
  static let base = #line
  @Input(8) var x: Unsigned
  @Input(4) var i: Unsigned
  @Input() var p: Bit
  @Output(8) var half: Unsigned
  @Output(8) var holes: Unsigned
  @Output(8) var latched: Unsigned
  @Output(8) var twice: Unsigned
  @Output(8) var y: Unsigned
  @Register(8) var held: Unsigned
  @Output(8) var z: Unsigned
  func body() {
    half[0..<4] = x[0..<4]
    holes[1] = p
    holes[3..<5] = x[0..<2]
    latched[0..<4] = x[0..<4]
    When(p) { latched[4..<8] = x[0..<4] }
    twice = x
    twice[2..<4] = x[0..<2]
    y = 0
    When(p) { y[6..<10] = x[0..<4] }
    When(p) { y[0..<4] = x }
    When(p) { y[i, width: 3] = x[0..<3] }
    held[0..<4] = x[0..<4]
    z = held
  }
}

@Test func mistakesWithBitsAsTargets() {
  expectFindings(
    Mistakes(),
    "+20: bits 6..<10 of 'y' (unsigned 8-bit) do not exist; valid are 0..<8",
    "+21: 'x' (unsigned 8-bit) cannot be assigned to 'y[0..<4]' (unsigned 4-bit): 4 bits would be lost; drop them with .truncated(to: 4)",
    "+22: 'y' (unsigned 8-bit) has no parts of 3 bits; its width must be a multiple of theirs",
    "+7: bits 2..<4 of 'twice' (unsigned 8-bit) have several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it",
    "+4: bits 4..<8 of output 'half' (unsigned 8-bit) are never driven; assign them in body()",
    "+5: bits 0, 2, 5..<8 of output 'holes' (unsigned 8-bit) are never driven; assign them in body()",
    "+6: bits 4..<8 of output 'latched' (unsigned 8-bit) are not assigned on every path, which would need a latch; assign a default before the When",
    "+9: bits 4..<8 of register 'held' (unsigned 8-bit) are never assigned; assign them, or make the register narrower")
}

private struct LoopOfBits: Module, HasBase {
  static let base = #line
  @Input(4) var x: Unsigned
  @Wire(4) var w: Unsigned
  @Output(4) var y: Unsigned
  func body() {
    w[0..<2] = x[0..<2]
    w[2] = w[3] ^ x[2]
    w[3] = w[2] ^ w[0]
    y = w
  }
}

@Test func loopsOfBitsAreLoops() {
  expectFindings(LoopOfBits(), "+2: combinational loop w -> w; put a Register on this path")
}

private let targetsVerilog = """
  module targets (
    input  wire clock,
    input  wire reset,
    input  wire [7:0] x,
    input  wire [2:0] i,
    input  wire [4:0] wide,
    input  wire p,
    output wire [7:0] swapped,
    output reg  [7:0] bit_set,
    output reg  signed [11:0] nibbles,
    output wire [7:0] local_,
    output wire [11:0] shown
  );
    reg [11:0] slots;

    reg [7:0] local__value;
    always @* begin
      local__value = {p, x[6:0]};
      local__value[i] = !p;
    end

    assign swapped[3:0] = x[7:4];
    assign swapped[7:4] = x[3:0];

    always @* begin
      bit_set = 8'd0;
      bit_set[i] = p;
    end

    always @* begin
      nibbles = -12'sd1;
      if (!(|wide[4:2])) begin
        if (wide[1:0] < 2'd3) begin
          nibbles[4 * wide[1:0] +: 4] = x[3:0];
        end
      end
    end

    assign local_ = local__value;
    assign shown = slots;

    always @(posedge clock) begin
      if (reset) begin
        slots <= 12'd291;
      end else if (p) begin
        if (i[1:0] < 2'd3) begin
          slots[4 * i[1:0] +: 4] <= x[3:0];
        end
      end else begin
        slots[11] <= x[0];
      end
    end
  endmodule

  """
private let partsVerilog = """
  module parts (
    input  wire [23:0] x,
    input  wire signed [5:0] s,
    input  wire [1:0] i,
    input  wire [2:0] j,
    input  wire [6:0] wide,
    output wire [7:0] byte_,
    output wire bit_,
    output wire far_,
    output wire sign,
    output wire [3:0] table_
  );
    wire [31:0] x_1 = {8'd0, x};
    wire [7:0] x_7_0 = x[7:0];
    wire [7:0] s_1 = {2'd0, s};
    wire [31:0] table__table = 32'hfedcba98;

    assign byte_ = x_1[8 * i +: 8];
    assign bit_ = x_7_0[j];
    assign far_ = !(|wide[6:5]) && x_1[wide[4:0]];
    assign sign = s_1[j];
    assign table_ = table__table[4 * j +: 4];
  endmodule

  """
private let carryVerilog = """
  module carry (
    input  wire [2:0] a,
    input  wire [2:0] b,
    output wire [3:0] sum,
    output wire [2:0] filled
  );
    wire [3:0] carry_1;
    wire filled_0;
    wire filled_1;
    wire filled_2;
    wire carry_0;
    wire carry_1_1;
    wire carry_2;
    wire carry_3;

    assign carry_0 = 1'b0;
    assign carry_1_1 = a[0] && b[0];
    assign sum[0] = a[0] ^ b[0];
    assign sum[1] = a[1] ^ b[1] ^ carry_1_1;
    assign sum[2] = a[2] ^ b[2] ^ carry_2;
    assign sum[3] = carry_3;
    assign carry_2 = (a[1] && b[1]) || (carry_1_1 && (a[1] ^ b[1]));
    assign carry_3 = (a[2] && b[2]) || (carry_2 && (a[2] ^ b[2]));
    assign filled_0 = a[0];
    assign filled_1 = a[1] || filled_0;
    assign filled_2 = a[2] || filled_1;
    assign filled = {filled_2, filled_1, filled_0};
    assign carry_1 = {carry_3, carry_2, carry_1_1, 1'b0};

    wire unused = &{1'b0, carry_1, carry_0};
  endmodule

  """
