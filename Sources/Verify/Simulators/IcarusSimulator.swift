// The hardware in Icarus Verilog: slow, and the only one that tells unknown bits from zeros and ones.

import Emit

/// A simulation by Icarus Verilog.
struct IcarusSimulator: ProcessSimulator {
  let directory: TemporaryDirectory
  private let interpreter: String
  private let program: String

  /// - Throws: `MissingTool`, `EnvironmentFailure`, or `SimulationFailure` with the tool's first error.
  init(_ verilog: [VerilogFile], postLanes: Int, progress: (String) -> Void = { _ in }) throws {
    let tool = try Tool.iverilog.path(), top = verilog.topModule
    (directory, interpreter) = (try TemporaryDirectory(), try Tool.vvp.path())
    let recipe = SimulationProgram(
      kind: .icarus, tool: tool, versionFlag: "-V", flags: ["-g2005", "-s", benchModule(for: top)], verilog: verilog,
      bench: ("bench.v", benchText(top: top, postLanes: postLanes)))
    program = try recipe.make(["-o", "simulator"], product: "simulator") { progress("compiling for Icarus Verilog") }
  }

  func command(job: String, results: String, waveform: WaveformFile?) -> (program: String, arguments: [String]) {
    let dump = waveform.map { ["+vcd=\($0.path)", "+from=\($0.cycles.lowerBound)", "+to=\($0.cycles.upperBound)"] }
    return (interpreter, ["-n", program, "+job=\(job)", "+results=\(results)"] + (dump ?? []))
  }
}
