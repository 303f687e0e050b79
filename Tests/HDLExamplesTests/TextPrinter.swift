import Foundation
import HDL
import Testing

/// A printer of designs, and how tools read what it prints. One that is in `all` is linted and simulated like the others.
struct TextPrinter: Sendable, CustomTestStringConvertible {
  let name: String, fileExtension: String
  /// The generation of the language, for Icarus; the command that reads it, for Yosys.
  let icarusFlag: String, yosysRead: String
  let files: @Sendable (Design) -> [(name: String, text: String)]

  static let verilog = TextPrinter(name: "Verilog", fileExtension: "v", icarusFlag: "-g2005", yosysRead: "read_verilog") { VerilogPrinter.files($0) }
  static let all = [verilog]

  var testDescription: String { name }
  func fileName(_ module: String) -> String { "\(module).\(fileExtension)" }
  func write(_ text: String, as module: String, to directory: URL) throws {
    try text.write(to: directory.appendingPathComponent(fileName(module)), atomically: true, encoding: .utf8)
  }
}

/// What the three tools print about what a printer makes of a design; nothing, if all is well.
func lint(_ design: Design, by printer: TextPrinter) throws -> String {
  try withTemporaryDirectory { directory in
    let files = printer.files(design), names = files.map { printer.fileName($0.name) }, top = files.last?.name ?? ""
    for file in files { try printer.write(file.text, as: file.name, to: directory) }
    let script = "\(printer.yosysRead) \(names.joined(separator: " ")); hierarchy -check -top \(top); proc; check -assert"
    var complaints = ""
    // Verilator gets the top alone and finds the rest, so that file names are checked, too.
    for (tool, arguments) in [
      (Tool.verilator, ["--lint-only", "-Wall", "-y", ".", printer.fileName(top)]),
      (.iverilog, [printer.icarusFlag, "-Wall", "-t", "null", "-s", top] + names),
      (.yosys, ["-q", "-p", script]),
    ] {
      let (status, output) = try tool.run(arguments, in: directory)
      if status != 0 || !output.isEmpty { complaints += "\(tool.rawValue) (status \(status)): \(output)\n" }
    }
    return complaints
  }
}
