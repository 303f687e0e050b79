import Foundation
import HDL
import TestTools
import Testing

/// The input of one cycle.
struct Stimulus {
  let x: BitVector
  let isReset: Bool
}

extension Simulation<RandomBatch> {
  /// The outputs of all modules in each cycle, before its edge.
  func outputs(_ stimuli: [Stimulus]) throws -> [[String]] {
    try stimuli.map { stimulus in
      poke(\.x, words: stimulus.x.words)
      // Before the edge, too, if it acts at once.
      if stimulus.isReset { reset(cycles: 0) }
      defer { if stimulus.isReset { reset() } else { step() } }
      return try compiled.top.parts.indices.map { try peek("unit_\($0).y").pattern.hexadecimal }
    }
  }
}

extension Tool {
  /// The same from Icarus Verilog or Verilator, which share one test bench. A digit that is not known is `x`.
  func outputs(_ design: Design, _ batch: RandomBatch, _ stimuli: [Stimulus], in language: Language) throws -> [[String]] {
    try withTemporaryDirectory { directory in
      let width = stimuli[0].x.width, top = language.files(design).last?.text ?? ""
      let clocks = [("clock", "clock"), ("reset_n", "!reset"), ("reset", "reset")].map { port, value in
        top.contains("input  \(language == .verilog ? "wire" : "logic") \(port),") ? ".\(port)(\(value)), " : ""
      }.joined()
      let shown = batch.parts.indices.map { "      $display(\"%h\", top.unit_\($0).y);\n" }.joined()
      let bench = """
        module bench;
          reg clock = 0;
          reg reset;
          reg [\(width - 1):0] x;
          reg [\(width):0] stimuli [0:\(stimuli.count - 1)];
          wire [\(batch.parts.count - 1):0] y;
          integer i;
          random_batch top (\(clocks).x(x), .y(y));
          initial begin
            $readmemh("stimuli.hex", stimuli);
            for (i = 0; i < \(stimuli.count); i = i + 1) begin
              {reset, x} = stimuli[i];
              #1;
        \(shown)      clock = 1;
              #1 clock = 0;
              #1;
            end
            $finish;
          end
        endmodule

        """
      try (language.text(design) + bench).write(to: directory.appendingPathComponent("bench.\(language.ending)"), atomically: true, encoding: .utf8)
      let lines = stimuli.map { $0.x.concatenated(withHigh: .bit($0.isReset)).hexadecimal + "\n" }
      try lines.joined().write(to: directory.appendingPathComponent("stimuli.hex"), atomically: true, encoding: .utf8)
      let text = try simulateBench(in: directory, language)
      let values = text.split(separator: "\n").filter { !$0.contains(" ") }.map { digits in
        let trimmed = digits.drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : String(trimmed)
      }
      let count = batch.parts.count
      #expect(values.count == count * stimuli.count, "\(rawValue) said: \(text.prefix(1000))")
      if values.count != count * stimuli.count { return [] }
      return stimuli.indices.map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// What `bench.v` or `bench.sv` prints.
  func simulateBench(in directory: URL, _ language: Language = .verilog) throws -> String {
    let bench = "bench.\(language.ending)"
    if self == .verilator {
      let options = ["--binary", "--top-module", "bench", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-j", "2", "-CFLAGS", "-O0", bench]
      let (status, output) = try run(options, in: directory)
      #expect(status == 0, "\(output.suffix(2000))")
      return try runProgram(directory.appendingPathComponent("obj_dir/Vbench").path, in: directory).output
    }
    let (status, output) = try run([language.icarusOption, "-o", "bench", bench], in: directory)
    #expect(status == 0 && language.withoutRemarks(output) == "", "\(output)")
    return try Tool.vvp.run(["-n", "bench"], in: directory).output
  }
}
