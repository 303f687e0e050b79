import Foundation
import HDL
import TestTools

/// Proofs without bound of a design's properties: Yosys makes an and-inverter graph of its Verilog, and ABC's property-directed
/// reachability (PDR) proves it or finds a counterexample. Seconds where a solver of bounded formulas takes minutes.
///
/// Reset is held in the first cycle; after that all inputs are free, but for what the design assumes.
struct UnboundedProof {
  enum Verdict: Equatable {
    /// In every reachable state, and without any bound.
    case proved
    /// A counterexample, and its cycle.
    case refuted(cycle: Int)
    /// Neither, or the tools did not understand the design.
    case unknown(String)
  }
  let design: Design
  /// Spoils the Verilog, to see that the proof notices.
  var mutation: (String) -> String = { $0 }

  static var isAvailable: Bool { Tool.available(.yosys, .yosysABC) }

  func check(seconds: Int = 300) throws -> Verdict {
    guard let top = design.top else { return .unknown("the design is empty") }
    return try withVerilog(of: design) { directory in
      for file in VerilogPrinter.files(design) {
        let spoiled = mutation(file.text)
        if spoiled != file.text { try spoiled.write(to: directory.appendingPathComponent("\(file.name).v"), atomically: true, encoding: .utf8) }
      }
      let header = try String(contentsOf: directory.appendingPathComponent("\(top.name).v"), encoding: .utf8)
      try wrapper(top.name, header).write(to: directory.appendingPathComponent("proof_top.v"), atomically: true, encoding: .utf8)
      try """
        read_verilog -formal *.v
        prep -top proof_top -flatten
        delete t:$cover
        memory_map
        async2sync
        setundef -undriven -anyseq
        opt -full
        techmap
        opt
        dffunmap
        opt_clean
        abc -g AND -fast
        opt_clean
        write_aiger -zinit design.aig
        """.write(to: directory.appendingPathComponent("script.ys"), atomically: true, encoding: .utf8)
      let made = try run("yosys -q -s script.ys 2>&1", in: directory)
      if made.status != 0 { return .unknown(made.output) }
      let proof = try run("yosys-abc -q 'read_aiger design.aig; fold; strash; scorr; pdr -T \(seconds)' 2>&1", in: directory)
      if proof.output.contains("Property proved") { return .proved }
      if let line = proof.output.split(separator: "\n").first(where: { $0.contains("was asserted in frame") }) {
        let words = line.split(separator: " ")
        let frame = words.firstIndex(of: "frame").flatMap { $0 + 1 < words.count ? Int(words[$0 + 1].prefix { $0.isNumber }) : nil }
        return .refuted(cycle: frame ?? -1)
      }
      return .unknown(proof.output)
    }
  }

  /// The design with a reset in the first cycle and inputs that nothing drives.
  private func wrapper(_ name: String, _ header: String) -> String {
    let inputs = header.split(separator: "\n").filter { $0.hasPrefix("  input  wire ") }.map { line in
      line.dropFirst("  input  wire ".count).filter { $0 != "," }
    }.filter { !["clock", "reset"].contains($0) }
    let wires = inputs.map { "  wire \($0);\n" }.joined()
    let ports = inputs.map { $0.split(separator: " ").last ?? "" }.map { ", .\($0)(\($0))" }.joined()
    return """
      module proof_top(input clock);
        reg first = 1;
        always @(posedge clock) first <= 0;
      \(wires)  \(name) design(.clock(clock), .reset(first)\(ports));
      endmodule

      """
  }
}
