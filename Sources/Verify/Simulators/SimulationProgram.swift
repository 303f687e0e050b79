// An executable simulation of one design, kept in the cache by the hash of everything that goes into it.
//
// A build happens in a temporary directory and only its finished product is renamed into the cache, so that an
// interrupted build leaves nothing.

import Emit
import Foundation

/// A recipe for an executable simulation.
struct SimulationProgram {
  var kind: SimulatorKind
  /// The path of the tool that builds it, and what makes it say its version.
  var tool: String
  var versionFlag: String
  var flags: [String]
  var verilog: [VerilogFile]
  /// A file beside those of the design.
  var bench: (name: String, text: String)

  /// Builds the simulation, or finds it in the cache.
  /// - Parameters:
  ///   - arguments: what the tool is given besides the flags and the files of the design.
  ///   - product: what it leaves.
  ///   - willBuild: called when a build begins.
  /// - Returns: the path of the program.
  /// - Throws: `EnvironmentFailure`, or `SimulationFailure` with the tool's first error.
  func make(_ arguments: [String], product: String, willBuild: () -> Void) throws -> String {
    try SimulatorCache.standard.entry("\(kind.rawValue)-\(try key().prefix(32))", say: StandardStreams.complain) { directory in
      willBuild()
      for file in verilog { try write("\(file.name).v", file.text, to: directory) }
      try write(bench.name, bench.text, to: directory)
      let result = try runTool(tool, flags + arguments + [bench.name] + verilog.map { "\($0.name).v" }, in: directory)
      guard result.status == 0 else {
        throw SimulationFailure(what: URL(fileURLWithPath: tool).lastPathComponent, detail: Self.firstError(result.output))
      }
      return directory.appendingPathComponent(product)
    }.path
  }

  private func write(_ name: String, _ text: String, to directory: URL) throws(FileError) {
    try FileSystem.create(directory.appendingPathComponent(name).path, Array(text.utf8), named: directory.path)
  }

  private func key() throws -> String {
    let directory = try TemporaryDirectory()
    let version = try runTool(tool, [versionFlag], in: directory.url).output.split(separator: "\n").first.map(String.init) ?? ""
    var hash = SHA256()
    for part in [kind.rawValue, version] + flags + verilog.flatMap({ [$0.name, $0.text] }) + [bench.text] {
      hash.update(part.utf8)
      hash.update([0])
    }
    return hash.hex()
  }

  private static func firstError(_ output: String) -> String {
    let lines = output.split(separator: "\n").map(String.init)
    return lines.first { $0.localizedCaseInsensitiveContains("error") } ?? lines.last ?? "failed without a message"
  }
}
