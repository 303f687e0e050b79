import Foundation
import HDL
import TestTools
import Testing

/// The inputs of one cycle.
struct DesignStimulus {
  /// Before that many edges in reset, registers hold anything.
  static let known = 2
  let isReset: Bool
  let words: [UInt64]

  init(isReset: Bool, from random: inout SplitMix) {
    self.isReset = isReset
    words = stride(from: 0, to: DesignBench.width, by: 64).map { random.next() >> UInt64(max(0, $0 + 64 - DesignBench.width)) }
  }
  /// Digits for `$readmemh`: the reset above the word.
  var digits: String {
    let place = DesignBench.width % 64, top = words.count - 1
    precondition(place > 0, "the reset needs a word of its own")
    let text = words.indices.reversed().map { index in
      let digits = String(words[index] | (index == top && isReset ? 1 << UInt64(place) : 0), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return String(text.joined().suffix(DesignBench.width / 4 + 1))
  }
}

extension Simulation<DesignBench> {
  /// The outputs in each cycle, before its edge.
  func outputs(_ stimuli: [DesignStimulus]) throws -> [[String]] {
    let probes = try DesignBench.outputs.map { try probe($0) }
    return stimuli.map { stimulus in
      poke(\.x, words: stimulus.words)
      defer { if stimulus.isReset { reset() } else { step() } }
      return probes.map { withoutZeros($0.value.hexadecimal) }
    }
  }
}

extension Tool {
  /// The same from Icarus or Verilator. A digit that is not known is `x`.
  func outputs(_ design: Design, _ stimuli: [DesignStimulus], in language: Language) throws -> [[String]] {
    try withTemporaryDirectory { directory in
      let modules = language.files(design), names = DesignBench.outputs
      let bench = """
        module bench;
          reg clock = 0;
          reg reset;
          reg [\(DesignBench.width - 1):0] x;
          reg [\(DesignBench.width):0] stimuli [0:\(stimuli.count - 1)];
          integer i;
          \(modules.last?.name ?? "") top (.clock(clock), .reset(reset), .x(x));
          initial begin
            $readmemh("stimuli.hex", stimuli);
            for (i = 0; i < \(stimuli.count); i = i + 1) begin
              {reset, x} = stimuli[i];
              #1;
              $display("\(names.map { _ in "%h" }.joined(separator: " "))", \(names.map { "top.\($0)" }.joined(separator: ", ")));
              clock = 1;
              #1 clock = 0;
              #1;
            end
            $finish;
          end
        endmodule

        """
      for file in modules + [("bench", bench)] {
        try file.text.write(to: directory.appendingPathComponent("\(file.name).\(language.ending)"), atomically: true, encoding: .utf8)
      }
      let lines = stimuli.map { $0.digits + "\n" }
      try lines.joined().write(to: directory.appendingPathComponent("stimuli.hex"), atomically: true, encoding: .utf8)
      let sources = (modules.map(\.name) + ["bench"]).map { "\($0).\(language.ending)" }
      return try simulate(sources, with: language, in: directory).split(separator: "\n").compactMap { line in
        let values = line.split(separator: " ").map { withoutZeros(String($0)) }
        return values.count == names.count ? values : nil
      }
    }
  }

  /// What the module `bench` prints.
  private func simulate(_ sources: [String], with language: Language, in directory: URL) throws -> String {
    if self == .verilator {
      let options = ["--binary", "--top-module", "bench", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-j", "2", "-CFLAGS", "-O0"]
      let (status, output) = try run(options + sources, in: directory)
      #expect(status == 0, "\(output.suffix(2000))")
      return try runProgram(directory.appendingPathComponent("obj_dir/Vbench").path, in: directory).output
    }
    let (status, output) = try run([language.icarusOption, "-o", "bench"] + sources, in: directory)
    #expect(status == 0 && language.withoutRemarks(output) == "", "\(output)")
    return try Tool.vvp.run(["-n", "bench"], in: directory).output
  }
}

private func withoutZeros(_ digits: String) -> String {
  let rest = digits.drop { $0 == "0" }
  return rest.isEmpty ? "0" : String(rest)
}
