// External programs that tests need: the one place that says whether a test for which one is missing is skipped.
//
// On somebody's machine such a test is skipped, and says so. Where the tests are the gate (`CI=true`) nothing is skipped:
// the test runs, and fails for want of the program. scripts/setup installs all of them.

import Foundation

public enum Tool: String, CaseIterable, Sendable {
  case verilator, iverilog, vvp, yosys, z3, swiftc, cc, make, strace, fst2vcd
  case yosysSMTBMC = "yosys-smtbmc"
  case yosysABC = "yosys-abc"
  case compiler = "g++"

  /// Where the program is, if it is on `$PATH`.
  public var path: String? { path(on: ProcessInfo.processInfo.environment["PATH"] ?? "") }
  public func path(on directories: String) -> String? {
    directories.split(separator: ":").map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Whether tests that need all of these are to be run.
  public static func available(_ tools: Tool...) -> Bool {
    let missing = tools.filter { $0.path == nil }
    for tool in missing { print(complaint(about: tool, isGate: isGate)) }
    return runs(missing: missing, isGate: isGate)
  }

  /// Whether the tests are the gate, so that none may be skipped for want of a program.
  public static var isGate: Bool { isGate(ProcessInfo.processInfo.environment) }
  public static func isGate(_ environment: [String: String]) -> Bool { ["true", "1"].contains(environment["CI"]) }

  /// Whether a test runs for which these programs are missing.
  public static func runs(missing: [Tool], isGate: Bool) -> Bool { missing.isEmpty || isGate }

  /// What is said of a missing program; scripts/test looks for the first word.
  public static func complaint(about tool: Tool, isGate: Bool) -> String {
    "\(isGate ? "MISSING" : "SKIPPED"): \(tool.rawValue) is not installed, so what it would prove is not proven; scripts/setup installs it"
  }

  /// Runs the tool and returns its status and everything it printed, standard error included.
  public func run(_ arguments: [String], in directory: URL) throws -> (status: Int32, output: String) {
    guard let path else { throw MissingProgram(name: rawValue) }
    return try runProgram(path, arguments, in: directory)
  }
}

/// A program that a test needs and that is not there.
public struct MissingProgram: Error, CustomStringConvertible {
  public var name: String
  public var description: String { "\(name) is not installed; scripts/setup installs it" }
}

/// Runs a program and returns its status and everything it printed, standard error included.
public func runProgram(
  _ path: String, _ arguments: [String] = [], in directory: URL, environment: [String: String]? = nil
) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = directory
  if let environment { process.environment = environment }
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}
