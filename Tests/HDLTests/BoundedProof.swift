import Foundation
import HDL
import Testing

/// Proofs about the properties of a design: Yosys translates its Verilog into formulas, z3 solves them.
///
/// Every reset is held in the first step; after that all inputs are free, but for what the design assumes and for the
/// resets of several clocks.
struct BoundedProof {
  enum Verdict: Equatable {
    case holds
    /// The message of the property that can be violated, or that cannot be reached or proven.
    case fails(String)
    /// The tools did not understand the design.
    case error(String)
  }
  let design: Design
  /// Steps to look at. A step is a cycle, or one in which some of several clocks tick.
  let depth: Int
  /// Spoils the Verilog, to see that the proof notices.
  var mutation: (String) -> String = { $0 }

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
      let verilog = mutation(VerilogPrinter.text(design)), text = ports(top.graph).clocks.count > 1 ? stepped(verilog) : verilog
      try text.write(to: directory.appendingPathComponent("design.v"), atomically: true, encoding: .utf8)
      try constraints(top.graph).write(to: directory.appendingPathComponent("start.smtc"), atomically: true, encoding: .utf8)
      let script = "read_verilog -formal design.v; prep -top \(top.name) -nordff; async2sync; dffunmap; opt_clean; write_smt2 -wires design.smt2"
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
  /// Makes clocks into inputs that say whether something ticks in a step: far easier to solve than clocks that rise and fall.
  private func stepped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let words = line.split(separator: " ")
      if line.hasPrefix("module ") { return "\(line)\n  input  wire step," }
      // An instance: two words and an open list.
      if words.count == 3, words[2] == "(", line.hasPrefix("  "), !line.hasPrefix("   ") { return "\(line)\n    .step(step)," }
      guard let edge = line.range(of: "@(posedge ") else { return String(line) }
      let clock = line[edge.upperBound...].prefix { $0 != ")" }
      return String(line).replacing("@(posedge \(clock))", with: "@(posedge step) if (\(clock))")
    }.joined(separator: "\n")
  }

  /// Reset in the first step, in which all clocks tick. Several resets stay low after that: one alone makes nonsense of the others.
  private func constraints(_ graph: Graph) -> String {
    let (clocks, resets) = ports(graph)
    let start = "initial\n" + (clocks.count > 1 ? clocks + resets : resets).map { "assume [\($0)]\n" }.joined()
    return clocks.count > 1 ? start + "state 1:*\n" + resets.map { "assume (not [\($0)])\n" }.joined() : start
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
