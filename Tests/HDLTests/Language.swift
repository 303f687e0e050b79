import Foundation
import HDL
import TestTools

/// What the printers write, and how each tool is told so.
enum Language: CaseIterable {
  case verilog, systemVerilog

  var ending: String { self == .verilog ? "v" : "sv" }
  var icarusOption: String { self == .verilog ? "-g2005" : "-g2012" }
  var yosysCommand: String { self == .verilog ? "read_verilog" : "read_verilog -sv" }
  func files(_ design: Design) -> [(name: String, text: String)] {
    self == .verilog ? VerilogPrinter.files(design) : SystemVerilogPrinter.files(design)
  }
  func text(_ design: Design) -> String { files(design).map(\.text).joined(separator: "\n") }

  /// What Icarus prints, without what says nothing about the text: it takes `unique case` for `case`, and says so each time.
  func withoutRemarks(_ output: String) -> String {
    let remark = "vvp.tgt sorry: Case unique/unique0 qualities are ignored."
    return output.split(separator: "\n").filter { !$0.hasSuffix(remark) }.map { $0 + "\n" }.joined()
  }
}
