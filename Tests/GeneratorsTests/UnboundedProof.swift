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
  /// What the proof knows of a memory.
  enum Memories {
    /// All of every memory: thousands of bits make it slow.
    case whole
    /// Of each memory the word that its one read port looks at, and of that only what was written since the port looks at it;
    /// all else is arbitrary. Whatever the memory does, this may do too: what is proved of it is true. A memory of a megabyte is
    /// proved as fast as one of a word, as long as nothing depends on a word that the port has left and come back to.
    case watchedWord
  }
  let design: Design
  var memories = Memories.whole
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
      try Self.watchedWord.write(to: directory.appendingPathComponent("watched_word.map"), atomically: true, encoding: .utf8)
      try """
        read_verilog -formal *.v
        prep -nordff -top proof_top -flatten
        delete t:$cover
        \(memories == .watchedWord ? "techmap -autoproc -map watched_word.map" : "")
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
      if made.status != 0 { return .unknown(made.output.split(separator: "\n").filter { $0.contains("ERROR") }.joined(separator: "\n")) }
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

  /// What Yosys puts in the place of a memory with one port to read. Nothing drives `arbitrary`: any value, in
  /// every cycle.
  private static let watchedWord = #"""
    (* techmap_celltype = "$mem $mem_v2" *)
    module watched_word(RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
      parameter MEMID = "", SIZE = 0, OFFSET = 0, ABITS = 1, WIDTH = 1, INIT = 0;
      parameter RD_PORTS = 1, RD_CLK_ENABLE = 0, RD_CLK_POLARITY = 0, RD_TRANSPARENT = 0, RD_WIDE_CONTINUATION = 0;
      parameter RD_TRANSPARENCY_MASK = 0, RD_COLLISION_X_MASK = 0, RD_CE_OVER_SRST = 0;
      parameter RD_INIT_VALUE = 0, RD_ARST_VALUE = 0, RD_SRST_VALUE = 0;
      parameter WR_PORTS = 1, WR_CLK_ENABLE = 1, WR_CLK_POLARITY = 1, WR_PRIORITY_MASK = 0, WR_WIDE_CONTINUATION = 0;
      input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
      input [RD_PORTS*ABITS-1:0] RD_ADDR;
      output [RD_PORTS*WIDTH-1:0] RD_DATA;
      input [WR_PORTS-1:0] WR_CLK;
      input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
      input [WR_PORTS*ABITS-1:0] WR_ADDR;

      wire _TECHMAP_FAIL_ = RD_PORTS != 1 || RD_CLK_ENABLE != 0 || ~WR_CLK_ENABLE || ~WR_CLK_POLARITY;
      wire [WIDTH-1:0] arbitrary;
      reg [ABITS-1:0] watched;
      reg [WIDTH-1:0] content;
      wire [WIDTH-1:0] word = RD_ADDR == watched ? content : arbitrary;
      assign RD_DATA = word;
      reg [WIDTH-1:0] written, enabled;
      integer port;
      always @* begin
        written = word;
        for (port = 0; port < WR_PORTS; port = port + 1) begin
          enabled = WR_ADDR[port*ABITS +: ABITS] == RD_ADDR ? WR_EN[port*WIDTH +: WIDTH] : {WIDTH{1'b0}};
          written = (written & ~enabled) | (WR_DATA[port*WIDTH +: WIDTH] & enabled);
        end
      end
      always @(posedge WR_CLK[0]) begin
        watched <= RD_ADDR;
        content <= written;
      end
    endmodule

    """#

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
