import Foundation
import HDL
import Testing

/// A case of an enum in what drives a port, among other bits.
private struct Connected: Module {
  struct Inverter: Module {
    @Input(2) var a: Unsigned
    @Output(2) var y: Unsigned
    func body() { y = ~a }
  }
  enum Phase: Int, CaseIterable { case first, second, third }
  @StateRegister var phase: Phase = .first
  @Input() var x: Bit
  @Output(2) var y: Unsigned

  func body() {
    Switch($phase) {
      Case(.first) { When(x) { phase = .second } }
      Case(.second) { phase = .third }
      Case(.third) { When(!x) { phase = .first } }
    }
    let inverter = instance("inverter", Inverter())
    inverter.$a = concatenate([x, $phase === .second])
    y = inverter.$y
  }
}

/// The texts of one design in both languages do the same: in random cycles, and by a proof.
@Suite struct LanguageAgreementTests {
  private static var designs: [any Module] {
    [JobQueue(), JobQueue(isStored: false), Lights(), Sequencer(), Connected()]
  }
  private func elaborated(_ module: some Module, prefix: String = "") throws -> Design { try elaborate(module, prefix: prefix) }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: 0..<5) func randomCycles(index: Int) throws {
    for tool in RandomAgreementTests.tools {
      let seed = RandomAgreementTests.seeds[0]
      print("300 random cycles, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
      let old = try elaborated(Self.designs[index]), new = try elaborated(Self.designs[index], prefix: "typed_")
      let found = try differences(old, .verilog, new, .systemVerilog, seed, tool)
      #expect(found == "300 cycles\n", "\(SystemVerilogPrinter.text(new))")
    }
  }
  /// A difference is seen.
  @Test(.enabled(if: Tool.available(.iverilog, .vvp))) func randomCyclesFail() throws {
    let old = try elaborate(Guarded(limit: 9)), new = try elaborate(Guarded(limit: 9, broken: true), prefix: "typed_")
    #expect(try differences(old, .verilog, new, .systemVerilog, 1, .iverilog) != "300 cycles\n")
  }

  @Test(.enabled(if: Tool.available(.yosys)), arguments: 1..<4) func proof(index: Int) throws {
    let design = try elaborated(Self.designs[index])
    let complaints = try equivalence(design, design, in: (.verilog, .systemVerilog))
    #expect(complaints == "", "\(SystemVerilogPrinter.text(design))")
  }

  /// Properties, and what only they read, are understood in both.
  @Test(.enabled(if: Tool.available(.yosys)), arguments: Language.allCases) func properties(language: Language) throws {
    for design in try [elaborate(Guarded(limit: 9)), elaborate(Supervised())] {
      let output = try withTemporaryDirectory { directory in
        try language.text(design).write(to: directory.appendingPathComponent("top.v"), atomically: true, encoding: .utf8)
        return try Tool.yosys.run(["-q", "-p", "read_verilog -formal \(language == .verilog ? "" : "-sv") top.v; hierarchy -check; proc; check -assert"], in: directory)
      }
      #expect(output.status == 0 && output.output == "", "\(language.text(design))")
    }
  }

  /// What a bench prints that gives both the same random inputs: each cycle with different outputs, and the number of cycles.
  private func differences(_ old: Design, _ first: Language, _ new: Design, _ second: Language, _ seed: UInt64, _ tool: Tool) throws -> String {
    let graph = try #require(old.top?.graph)
    let ports = graph.ports.map { port in
      let signal = graph.signals[port.signal]
      return (name: snakeCase(signal.name), width: signal.shape.width, isInput: port.isInput)
    }
    let inputs = ports.filter(\.isInput), outputs = ports.filter { !$0.isInput }
    func connections(_ suffix: String) -> String {
      ([".clock(clock)", ".reset(reset)"] + inputs.map { ".\($0.name)(\($0.name))" } + outputs.map { ".\($0.name)(\($0.name)\(suffix))" })
        .joined(separator: ", ")
    }
    func check(_ name: String) -> String {
      "      if (^\(name)_a !== 1'bx && \(name)_a !== \(name)_b) $display(\"cycle %0d, \(name): %h, %h\", i, \(name)_a, \(name)_b);\n"
    }
    let bench = """
      module bench;
        reg clock = 0, reset = 1;
        integer seed = \(seed), i;
      \(inputs.map { "  reg [\($0.width - 1):0] \($0.name);\n" }.joined())\
      \(outputs.map { "  wire [\($0.width - 1):0] \($0.name)_a, \($0.name)_b;\n" }.joined())\
        \(old.top?.name ?? "") a (\(connections("_a")));
        \(new.top?.name ?? "") b (\(connections("_b")));
        initial begin
          for (i = 0; i < 300; i = i + 1) begin
      \(inputs.map { "      \($0.name) = {$random(seed), $random(seed)};\n" }.joined())\
            reset = i < 4 || i == 150;
            #1;
      \(outputs.map { check($0.name) }.joined())\
            clock = 1;
            #1 clock = 0;
            #1;
          end
          $display("%0d cycles", i);
          $finish;
        end
      endmodule

      """
    return try withTemporaryDirectory { directory in
      try (first.text(old) + second.text(new) + bench).write(to: directory.appendingPathComponent("bench.sv"), atomically: true, encoding: .utf8)
      return try tool.simulateBench(in: directory, .systemVerilog).split(separator: "\n").filter { !$0.hasPrefix("- ") }.map { $0 + "\n" }.joined()
    }
  }
}
