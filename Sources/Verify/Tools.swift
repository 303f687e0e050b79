// External programs: finding them, running them, saying which package brings a missing one.

import Emit
import Foundation

/// A program that is needed and not installed.
public struct MissingTool: Error, Equatable, Sendable, CustomStringConvertible {
  public var tool: String
  /// Its package on Debian and Ubuntu.
  public var package: String
  public init(tool: String, package: String) { (self.tool, self.package) = (tool, package) }
  public var description: String { "\(tool): not found; install it with `apt-get install \(package)`, or run scripts/setup" }
}

/// A program that failed on what it was given.
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
    unlink(log.path)
    try FileSystem.create(log.path, [], named: log.path)
    guard let handle = FileHandle(forWritingAtPath: log.path) else { throw FileError.cannotWrite(log.path) }
    self.handle = handle
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    do {
      try process.run()
    } catch {
      throw EnvironmentFailure(what: program, detail: "cannot be started; check its permissions, or install it again with scripts/setup")
    }
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

  public init(in parent: URL = FileManager.default.temporaryDirectory) throws(FileError) {
    url = parent.appendingPathComponent("\(Self.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))")
    do throws(FileError) {
      try FileSystem.makeDirectories(url.path, named: parent.path)
    } catch {
      throw FileError(path: parent.path, message: "no temporary directory: \(error.message); TMPDIR names another place")
    }
  }

  deinit { FileSystem.removeTree(url.path) }

  private static let prefix = "weft-"

  /// Whether a directory of that name is what a process left that no longer lives.
  static func isStale(_ name: String) -> Bool {
    let parts = name.split(separator: "-")
    guard name.hasPrefix(prefix), parts.count == 3, let process = pid_t(parts[1]), process > 0 else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

/// Why nothing more can be written to a directory of ours; nil when something can. A program that failed may have
/// failed because of that.
func writeProblem(in directory: URL) -> FileError? {
  let probe = directory.appendingPathComponent(".probe-\(UInt32.random(in: 0 ... .max))").path
  do throws(FileError) {
    try FileSystem.create(probe, [UInt8](repeating: 0, count: 1 << 20), named: directory.path)
    unlink(probe)
    return nil
  } catch {
    return error
  }
}
