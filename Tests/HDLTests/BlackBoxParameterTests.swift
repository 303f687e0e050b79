import Foundation
import HDL
import Testing

/// Parameters of foreign modules: they reach them as they are, or are refused.

private struct Tuned: BlackBox, HasBase {
  enum Settings: Hashable { case text(String), least, greatest, tooGreat }
  static let base = #line
  let settings: Settings
  @Input() var operand: Bit
  @Output() var result: Bit
  init(_ settings: Settings) { self.settings = settings }
  var verilogName: String { "tuned" }
  var parameters: KeyValuePairs<String, VerilogParameter> {
    switch settings {
    case .text(let text): ["TEXT": .text(text)]
    case .least: ["A": -2_147_483_648, "B": .bits(-4, width: 3), "C": .bits(0, width: 1)]
    case .greatest: ["A": 2_147_483_647, "B": .bits(7, width: 3), "C": .bits(.max, width: 64)]
    case .tooGreat:
      [
        "A": 2_147_483_648, "B": -2_147_483_649, "C": .bits(9, width: 3), "D": .bits(-5, width: 3), "E": .bits(2, width: 1),
        "F": .bits(0, width: 0),
      ]
    }
  }
}
private struct TunedTop: Module, HasBase {
  static var base: Int { Tuned.base }
  let settings: Tuned.Settings
  @Input() var operand: Bit
  @Output() var result: Bit
  init(_ settings: Tuned.Settings) { self.settings = settings }
  func body() {
    let box = instance("box", Tuned(settings))
    box.$operand = operand
    result = box.$result
  }
}

@Suite struct BlackBoxParameterTests {
  /// The line in which the box is instantiated.
  private func parameters(_ settings: Tuned.Settings) throws -> String? {
    try VerilogPrinter.text(elaborate(TunedTop(settings))).split(separator: "\n").first { $0.contains("tuned #") }.map { String($0) }
  }

  @Test func verilog() throws {
    #expect(try parameters(.text("a \"b\\n\n\t\r\n\u{7F}µ")) == #"  tuned #(.TEXT("a \"b\\n\n\t\015\n\177µ")) box ("#)
    #expect(try parameters(.least) == "  tuned #(.A(-2147483648), .B(3'd4), .C(1'b0)) box (")
    #expect(try parameters(.greatest) == "  tuned #(.A(2147483647), .B(3'd7), .C(64'h7fffffffffffffff)) box (")
  }

  /// A simulator sees the text that was given, and linters nothing to complain about, even where the line is long.
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .vvp, .yosys))) func toolsReadTexts() throws {
    let given = "say \"a, b\" & // that \\\n" + String(repeating: ", and more", count: 12)
    let design = try elaborate(TunedTop(.text(given)))
    let foreign = """
      module tuned #(parameter TEXT = "") (input wire operand, output wire result);
        assign result = operand && TEXT != "";

      """
    #expect(try lint(design, foreign: [("tuned", foreign + "endmodule\n")]) == "")
    let output = try withTemporaryDirectory { directory in
      let text = VerilogPrinter.text(design) + foreign + "  initial $display(\"%0s\", TEXT);\nendmodule\n"
      try text.write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.iverilog.run(["-g2005", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0, "\(output)")
      return try Tool.vvp.run(["bench"], in: directory).output
    }
    #expect(output == given + "\n")
  }

  @Test func numbersMustFit() {
    expectFindings(TunedTop(.least))
    expectFindings(TunedTop(.greatest))
    expectFindings(
      TunedTop(.tooGreat),
      "+2: parameter 'A' of the black box 'tuned' is 2147483648, which is no integer of 32 bits; use .bits(2147483648, width: 32)",
      "+2: parameter 'B' of the black box 'tuned' is -2147483649, which is no integer of 32 bits; use .bits(-2147483649, width: 33)",
      "+2: parameter 'C' of the black box 'tuned' cannot hold 9 in 3 bits; use .bits(9, width: 4)",
      "+2: parameter 'D' of the black box 'tuned' cannot hold -5 in 3 bits; use .bits(-5, width: 4)",
      "+2: parameter 'E' of the black box 'tuned' cannot hold 2 in 1 bit; use .bits(2, width: 2)",
      "+2: parameter 'F' of the black box 'tuned' cannot hold 0 in 0 bits; use .bits(0, width: 1)")
  }
}
