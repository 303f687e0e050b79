import Emit
import Foundation
import Machine
import Testing
import Verify

/// The Verilog of every named configuration, as three tools see it: none of them prints anything.
@Suite(.serialized) struct LintTests {
  private func check(_ configuration: Configuration, _ tool: Tool, _ arguments: ([String]) -> [String]) throws {
    let scratch = try TemporaryDirectory()
    let verilog = try makeVerilog(for: try Hardware(standalone: configuration))
    for file in verilog { try file.text.write(to: scratch.file(file.name + ".v"), atomically: false, encoding: .utf8) }
    let (status, output) = try runTool(try tool.path(), arguments(verilog.map { $0.name + ".v" }), in: scratch.url)
    #expect(status == 0 && output.isEmpty, "\(configuration.name), \(tool.rawValue): \(output.prefix(2_000))")
  }

  @Test(.enabled(if: Tool.verilator.isInstalled), arguments: Configuration.named)
  func verilatorHasNothingToSay(_ configuration: Configuration) throws {
    try check(configuration, .verilator) { ["--lint-only", "-Wall", "--top-module", topModuleName] + $0 }
  }

  @Test(.enabled(if: Tool.iverilog.isInstalled), arguments: Configuration.named)
  func icarusHasNothingToSay(_ configuration: Configuration) throws {
    try check(configuration, .iverilog) { ["-g2005", "-Wall", "-t", "null", "-s", topModuleName] + $0 }
  }

  @Test(.enabled(if: Tool.yosys.isInstalled), arguments: Configuration.named)
  func yosysHasNothingToSay(_ configuration: Configuration) throws {
    try check(configuration, .yosys) {
      ["-q", "-p", "read_verilog \($0.joined(separator: " ")); hierarchy -check -top \(topModuleName); proc; check -assert"]
    }
  }
}
