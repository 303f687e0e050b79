import Foundation
import HDL
import Testing

/// Proofs about the properties of a design: Yosys translates its Verilog into formulas, z3 solves them.
///
/// Every reset is held in the first cycles; after that all inputs are free, but for what the design assumes.
struct BoundedProof {
  enum Verdict: Equatable {
    case holds
    /// The message of the property that can be violated, or that cannot be reached or proven.
    case fails(String)
    /// The tools did not understand the design.
    case error(String)
  }
  let design: Design
  /// Steps to look at. A step is a cycle; with several clocks, any of which may tick in a step, half a cycle of one.
  let depth: Int

  static let tools: [Tool] = [.yosys, .yosysSMTBMC, .z3]
  static var isAvailable: Bool { Tool.available(.yosys, .yosysSMTBMC, .z3) }

  /// No assertion fails within `depth` steps of the reset.
  func check() throws -> Verdict { try solve([]) }
  /// No assertion ever fails: if all have held for `depth` steps, whatever the state before, they hold in the next. Together
  /// with `check()` this is a proof without bound. Failing means only that a stronger assertion is needed.
  func induct() throws -> Verdict { try solve(["-i"]) }
  /// Every cover point is reached within `depth` steps.
  func cover() throws -> Verdict { try solve(["-c"]) }

  private func solve(_ mode: [String]) throws -> Verdict {
    guard let top = design.top else { return .error("the design is empty") }
    return try withTemporaryDirectory { directory in
      let text = VerilogPrinter.text(design)
      try text.write(to: directory.appendingPathComponent("design.v"), atomically: true, encoding: .utf8)
      try constraints(top.graph).write(to: directory.appendingPathComponent("start.smtc"), atomically: true, encoding: .utf8)
      let clocking = hasSeveralClocks(top.graph) ? "clk2fflogic" : "async2sync; dffunmap"
      let script = "read_verilog -formal design.v; prep -top \(top.name) -nordff; \(clocking); opt_clean; write_smt2 -wires design.smt2"
      let (status, output) = try Tool.yosys.run(["-q", "-p", script], in: directory)
      if status != 0 { return .error(output) }
      let arguments = mode + ["-s", "z3", "-t", "\(depth)", "--smtc", "start.smtc", "design.smt2"]
      let log = try Tool.yosysSMTBMC.run(arguments, in: directory).output
      if log.contains("Status: PASSED") || log.contains("Status: passed") { return .holds }
      guard let line = failingLine(log) else { return .error(log) }
      return .fails(message(at: line, in: text))
    }
  }

  private func ports(_ graph: Graph) -> (clocks: [String], resets: [String]) {
    let domains = graph.domains.indices.filter { graph.domains[$0].usesClock }
    let prefixes = domains.map { $0 == 0 ? "" : "\(snakeCase(graph.domains[$0].name))_" }
    return (prefixes.map { $0 + "clock" }, zip(domains, prefixes).filter { graph.domains[$0.0].usesReset }.map { $0.1 + "reset" })
  }
  private func hasSeveralClocks(_ graph: Graph) -> Bool { ports(graph).clocks.count > 1 }

  /// Reset in the first step; with several clocks, until all of them have ticked once.
  private func constraints(_ graph: Graph) -> String {
    let (clocks, resets) = ports(graph)
    if clocks.count < 2 { return "initial\n" + resets.map { "assume [\($0)]\n" }.joined() }
    return (0..<4).map { step in
      let levels = clocks.map { step % 2 == 0 ? "assume (not [\($0)])\n" : "assume [\($0)]\n" }
      return "state \(step)\n" + levels.joined() + resets.map { "assume [\($0)]\n" }.joined()
    }.joined() + "state 4:*\n" + resets.map { "assume (not [\($0)])\n" }.joined()
  }

  /// The line on which the property stands that smtbmc names: it ends there, `design.v:69.10-70.31`, but begins too early.
  private func failingLine(_ log: String) -> Int? {
    let failures = log.split(separator: "\n").filter { $0.contains("Assert failed") || $0.contains("Unreached cover") }
    guard let place = failures.last?.components(separatedBy: "design.v:").dropFirst().first else { return nil }
    return place.split(separator: "-").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
  }
  /// The comment that stands nearest before `line`.
  private func message(at line: Int, in text: String) -> String {
    let before = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(line)
    let comment = before.last { $0.drop { $0 == " " }.hasPrefix("//") } ?? "?"
    return String(comment.drop { $0 == " " || $0 == "/" })
  }
}
