import Foundation
import HDL
import TestTools
import Testing

typealias Tool = TestTools.Tool

/// A directory that exists while `body` runs.
func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("weft-hdl-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url)
}

/// What the three tools print about a design in both languages, with the modules in `foreign` beside it; nothing, if all is well.
func lint(_ design: Design, foreign: [(name: String, text: String)] = []) throws -> String {
  try Language.allCases.map { try lint(design, foreign: foreign, in: $0) }.joined()
}
private func lint(_ design: Design, foreign: [(name: String, text: String)], in language: Language) throws -> String {
  try withTemporaryDirectory { directory in
    let files = foreign + language.files(design)
    for file in files {
      try file.text.write(to: directory.appendingPathComponent("\(file.name).\(language.ending)"), atomically: true, encoding: .utf8)
    }
    let names = files.map { "\($0.name).\(language.ending)" }
    let top = files.last?.name ?? ""
    let script = "\(language.yosysCommand) \(names.joined(separator: " ")); hierarchy -check -top \(top); proc; check -assert"
    var complaints = ""
    // Verilator gets the top alone and finds the rest, so that file names are checked, too.
    for (tool, arguments) in [
      (Tool.verilator, ["--lint-only", "-Wall", "-y", ".", "+libext+.\(language.ending)", "\(top).\(language.ending)"]),
      (.iverilog, [language.icarusOption, "-Wall", "-t", "null", "-s", top] + names),
      (.yosys, ["-q", "-p", script]),
    ] {
      let (status, output) = try tool.run(arguments, in: directory)
      if status != 0 || !output.isEmpty { complaints += "\(tool.rawValue) (\(language), status \(status)): \(output)\n" }
    }
    return complaints
  }
}
