// The hardware in Verilator: compiled C++, the fastest for long runs.

import Emit

/// A simulation by Verilator.
struct VerilatorSimulator: ProcessSimulator {
  let directory: TemporaryDirectory
  private let verilog: [VerilogFile]
  private let progress: (String) -> Void
  private let program: String

  /// - Throws: `MissingTool`, `EnvironmentFailure`, or `SimulationFailure` with the tool's first error.
  init(_ verilog: [VerilogFile], progress: @escaping (String) -> Void = { _ in }) throws {
    (directory, self.verilog, self.progress) = (try TemporaryDirectory(), verilog, progress)
    program = try Self.build(verilog, waveforms: false, progress)
  }

  /// Only a simulation that was built for it can write waveforms.
  func command(job: String, results: String, waveform: WaveformFile?) throws -> (program: String, arguments: [String]) {
    guard let waveform else { return (program, [job, results]) }
    let cycles = waveform.cycles
    return (
      try Self.build(verilog, waveforms: true, progress),
      [job, results, "--vcd", waveform.path, "--from", "\(cycles.lowerBound)", "--to", "\(cycles.upperBound)"]
    )
  }

  /// Chosen for the shortest build and run together: a network's inference takes a fraction of a second, the C++
  /// compiler many; beyond -O1 it costs more than it saves.
  private static let flags = [
    "--cc", "--exe", "--build", "-j", "2", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert",
    "-Wno-fatal", "-Wno-lint", "--prefix", "Vweft_top",
    "-MAKEFLAGS", "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
  ]

  private static func build(_ verilog: [VerilogFile], waveforms: Bool, _ progress: (String) -> Void) throws -> String {
    let tool = try Tool.verilator.path()
    _ = try Tool.make.path()
    _ = try Tool.compiler.path()
    let recipe = SimulationProgram(
      kind: .verilator, tool: tool, versionFlag: "--version",
      flags: flags + ["--top-module", verilog.topModule] + (waveforms ? ["--trace"] : []), verilog: verilog,
      bench: ("harness.cpp", harnessText))
    return try recipe.make(["-Mdir", "build", "-o", "simulator"], product: "build/simulator") {
      progress("building the Verilator simulation" + (waveforms ? " with waveforms" : ""))
    }
  }
}
