// External programs: finding them, running them, saying which package brings a missing one.

import Foundation

/// A program that is needed and not installed.
public struct MissingTool: Error, Equatable, Sendable, CustomStringConvertible {
  public var tool: String
  /// Its package on Debian and Ubuntu.
  public var package: String
  public init(tool: String, package: String) { (self.tool, self.package) = (tool, package) }
  public var description: String { "\(tool): not found; install it with `apt-get install \(package)`, or run scripts/setup" }
}

/// A program that failed, or a file of ours that could not be made.
public struct SimulationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var what: String
  public var detail: String
  public init(what: String, detail: String) { (self.what, self.detail) = (what, detail) }
  public var description: String { "\(what): \(detail)" }
}

/// An external program.
public enum Tool: String, Sendable, CaseIterable {
  case verilator, iverilog, vvp, yosys, make
  case compiler = "g++"

  /// Its package on Debian and Ubuntu.
  public var package: String {
    switch self {
    case .verilator: "verilator"
    case .iverilog, .vvp: "iverilog"
    case .yosys: "yosys"
    case .make: "make"
    case .compiler: "g++"
    }
  }

  /// The path of the program on `$PATH`.
  /// - Throws: `MissingTool`.
  public func path() throws(MissingTool) -> String {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    for directory in directories {
      let candidate = "\(directory)/\(rawValue)"
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    throw MissingTool(tool: rawValue, package: package)
  }

  public var isInstalled: Bool { (try? path()) != nil }
}

/// A program that was started; its output goes to a file, so that no pipe can fill up.
final class RunningProgram {
  private let process = Process()
  private let log: URL
  private let handle: FileHandle

  /// - Parameter log: where standard output and standard error go.
  init(_ program: String, _ arguments: [String], in directory: URL, log: URL) throws {
    self.log = log
    guard FileManager.default.createFile(atPath: log.path, contents: nil), let handle = FileHandle(forWritingAtPath: log.path)
    else { throw SimulationFailure(what: log.path, detail: "cannot be written; check free space") }
    self.handle = handle
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
  }

  /// Waits for the end and returns the exit status and the output.
  func finish() -> (status: Int32, output: String) {
    process.waitUntilExit()
    try? handle.close()
    let data = FileManager.default.contents(atPath: log.path) ?? Data()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  func stop() { if process.isRunning { process.terminate() } }
}

/// Runs a program to its end.
/// - Returns: its exit status, standard output and error together.
public func runTool(_ program: String, _ arguments: [String], in directory: URL) throws -> (status: Int32, output: String) {
  let log = directory.appendingPathComponent(".log-\(UInt32.random(in: 0 ... .max))")
  defer { try? FileManager.default.removeItem(at: log) }
  return try RunningProgram(program, arguments, in: directory, log: log).finish()
}

/// A directory for temporary files that is removed when the last reference goes.
public final class TemporaryDirectory: Sendable {
  public let url: URL

  public init(in parent: URL = FileManager.default.temporaryDirectory) throws {
    url = parent.appendingPathComponent(
      "weft-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
