import Foundation
import HDL
import Testing

/// Parts as targets at an index that is read as bits of a signed number, or leads beyond the end; and targets of all bits.
private struct PartTargets: Module {
  @Input(3) var s: Signed
  @Input(3) var i: Unsigned
  @Input(4) var x: Unsigned
  /// Five parts of 4 bits each: an index has values for eight.
  @Output(20) var bySigned: Unsigned
  @Output(20) var beyond: Unsigned
  @Output(20) var changed: Unsigned
  @Register(20, reset: 0) var held: Unsigned
  @Output(20) var heldOut: Unsigned
  /// All bits of a signed register at once, from a slice and from the only part there is.
  @Register(4, reset: 0) var whole: Signed
  @Register(4, reset: 0) var only: Signed
  @Output(8) var wholeOut: Signed
  @Output(8) var onlyOut: Signed

  /// Nothing but constants.
  @Output(8) var constants: Unsigned
  @Output(4) var signedConstants: Signed

  func body() {
    constants = 0xF0
    signedConstants = 7
    // As parameters leave it behind.
    When(true) {
      constants[6] = false
      constants[0..<2] = 3
      signedConstants[3] = true
    }
    bySigned = 0xFFFFF
    bySigned[s.asUnsigned, width: 4] = x
    beyond = 0xFFFFF
    beyond[i, width: 4] = x
    var word = Unsigned(0xFFFFF, width: 20)
    word[s.asUnsigned, width: 4] = x
    changed = word
    held[i, width: 4] = x
    heldOut = held
    whole[0..<4] = x
    only[i, width: 4] = x
    wholeOut = whole.extended(to: 8)
    onlyOut = only.extended(to: 8)
  }
}

@Suite struct PartTargetTests {
  /// Every index with some data, in order: what is put in, and what comes out before the edge.
  private var stimuli: [(s: Int, i: Int, x: Int)] { (0..<64).map { (($0 * 5 % 8) - 4, $0 % 8, $0 * 7 % 16) } }
  private func written(_ word: Int, _ index: Int, _ x: Int) -> Int {
    index < 5 ? word & ~(15 << (4 * index)) | x << (4 * index) : word
  }
  private func signed(_ x: Int) -> Int { x < 8 ? x : x - 16 }

  private var expected: [[Int]] {
    var held = 0, whole = 0, only = 0
    return stimuli.map { s, i, x in
      defer { (held, whole, only) = (written(held, i, x), x, i == 0 ? x : only) }
      let ones = 0xFFFFF, bySigned = written(ones, s & 7, x)
      return [bySigned, written(ones, i, x), bySigned, held, signed(whole), signed(only), 0xB3, -1]
    }
  }

  @Test(arguments: [SimulationEngine.interpreter, .native]) func inTheSimulator(_ engine: SimulationEngine) throws {
    let simulation = try Simulation(PartTargets(), engine: engine)
    simulation.reset()
    for ((s, i, x), expected) in zip(stimuli, expected) {
      (simulation.s, simulation.i, simulation.x) = (s, i, x)
      let found: [Int] = [simulation.bySigned, simulation.beyond, simulation.changed, simulation.heldOut, simulation.wholeOut, simulation.onlyOut,
        simulation.constants, simulation.signedConstants]
      #expect(found == expected, "s \(s), i \(i), x \(x)")
      simulation.step()
    }
  }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp, .verilator)), arguments: [Tool.iverilog, .verilator], Language.allCases)
  func inOtherSimulators(_ tool: Tool, _ language: Language) throws {
    let sets = stimuli.map { "s = \($0); i = \($1); x = \($2); #1 show; clock = 1; #1 clock = 0; #1;" }.joined(separator: "\n    ")
    let bench = """
      `timescale 1ns / 1ns
      module bench;
        reg clock = 0, reset = 1;
        reg signed [2:0] s = 0; reg [2:0] i = 0; reg [3:0] x = 0;
        wire [19:0] a, b, c, d; wire signed [7:0] e, f; wire [7:0] g; wire signed [3:0] h;
        part_targets top (.clock(clock), .reset(reset), .s(s), .i(i), .x(x), .by_signed(a), .beyond(b), .changed(c), .held_out(d), .whole_out(e), .only_out(f),
          .constants(g), .signed_constants(h));
        task show; $display("%0d %0d %0d %0d %0d %0d %0d %0d", a, b, c, d, e, f, g, h); endtask
        initial begin
          #1 clock = 1; #1 clock = 0; reset = 0;
          \(sets)
          $finish;
        end
      endmodule

      """
    let output = try withTemporaryDirectory { directory in
      let text = try language.text(elaborate(PartTargets())) + bench
      try text.write(to: directory.appendingPathComponent("bench.\(language.ending)"), atomically: true, encoding: .utf8)
      return try tool.simulateBench(in: directory, language)
    }
    let lines = output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }.filter { $0.count == 8 }
    #expect(lines == expected)
  }

  /// The signed index as bits, and the condition under which a part exists.
  @Test func asVerilog() throws {
    let text = try VerilogPrinter.text(elaborate(PartTargets()))
    #expect(text.contains("if ($unsigned(s) < 3'd5) begin"))
    #expect(text.contains("[4 * $unsigned(s) +: 4] = x;"))
    #expect(text.contains("if (i < 3'd5) begin"))
    #expect(text.contains("held[4 * i +: 4] <= x;"))
    #expect(text.contains("assign constants = 8'd179;"))
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    #expect(try lint(elaborate(PartTargets())) == "")
  }
}
