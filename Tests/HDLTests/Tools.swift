import Foundation
import HDL
import Testing

/// External programs that some tests need: found in PATH, or the test is skipped and says so.
enum Tool: String {
  case verilator, iverilog, vvp, yosys, z3, swiftc, cc
  case yosysSMTBMC = "yosys-smtbmc"

  var path: String? {
    let directories = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return directories.map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
  static func available(_ tools: Tool...) -> Bool {
    let missing = tools.filter { $0.path == nil }
    for tool in missing { print("SKIPPED: \(tool.rawValue) is not installed, so what it would prove is not proven") }
    return missing.isEmpty
  }

  /// Runs the tool and returns its status and everything it printed, standard error included.
  func run(_ arguments: [String], in directory: URL) throws -> (status: Int32, output: String) {
    try runProgram(path ?? rawValue, arguments, in: directory)
  }
}

/// Runs a program and returns its status and everything it printed, standard error included.
func runProgram(_ path: String, _ arguments: [String] = [], in directory: URL) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = directory
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// A directory that exists while `body` runs.
func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("weft-hdl-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url)
}

/// What the three tools print about a design, with the modules in `foreign` beside it; nothing, if all is well.
func lint(_ design: Design, foreign: [(name: String, text: String)] = []) throws -> String {
  try withTemporaryDirectory { directory in
    let files = foreign + VerilogPrinter.files(design)
    for file in files {
      try file.text.write(to: directory.appendingPathComponent("\(file.name).v"), atomically: true, encoding: .utf8)
    }
    let names = files.map { "\($0.name).v" }
    let top = files.last?.name ?? ""
    let script = "read_verilog \(names.joined(separator: " ")); hierarchy -check -top \(top); proc; check -assert"
    var complaints = ""
    // Verilator gets the top alone and finds the rest, so that file names are checked, too.
    for (tool, arguments) in [
      (Tool.verilator, ["--lint-only", "-Wall", "-y", ".", "\(top).v"]),
      (.iverilog, ["-g2005", "-Wall", "-t", "null", "-s", top] + names),
      (.yosys, ["-q", "-p", script]),
    ] {
      let (status, output) = try tool.run(arguments, in: directory)
      if status != 0 || !output.isEmpty { complaints += "\(tool.rawValue) (status \(status)): \(output)\n" }
    }
    return complaints
  }
}
