// Simulators built from the Verilog, kept in the cache by the hash of everything that goes into them.
//
// A build happens in a temporary directory and only its finished product is renamed into the cache, so that an
// interrupted build leaves nothing.

import Emit
import Foundation

/// Which simulator runs the hardware.
public enum Simulator: String, Sendable, CaseIterable {
  case verilator, icarus
  /// The hardware in the language's own simulator, in this process: needs no tool, compares in two-valued logic.
  case swift
  /// The program interpreted, without any hardware description.
  case interpreter

  /// Whether a run tells how long things take.
  var knowsTime: Bool { self != .interpreter }
  /// Whether it works on Verilog.
  public var readsVerilog: Bool { self == .verilator || self == .icarus }
}

/// An executable simulation of one design.
public struct SimulatorBuild: Sendable {
  public var simulator: Simulator
  public var path: String
  /// Whether it was found in the cache.
  public var wasCached: Bool

  /// Builds, or finds in the cache, a simulation.
  /// - Parameters:
  ///   - verilog: the design, its top last.
  ///   - postLanes: Q of the design.
  ///   - waveforms: whether it can write VCD files (Icarus always can).
  ///   - progress: told when a build begins.
  /// - Throws: `MissingTool`, `EnvironmentFailure`, or `SimulationFailure` with the tool's first error.
  public static func make(
    _ simulator: Simulator, _ verilog: [VerilogFile], postLanes: Int, waveforms: Bool = false,
    progress: (String) -> Void = { _ in }
  ) throws -> SimulatorBuild {
    switch simulator {
    case .verilator: try verilator(verilog, waveforms: waveforms, progress)
    case .icarus: try icarus(verilog, postLanes: postLanes, progress)
    case .swift, .interpreter: SimulatorBuild(simulator: simulator, path: "", wasCached: true)
    }
  }

  /// Chosen for the shortest build and run together: a network's inference takes a fraction of a second, the C++
  /// compiler many; beyond -O1 it costs more than it saves.
  static let verilatorFlags = [
    "--cc", "--exe", "--build", "-j", "2", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert",
    "-Wno-fatal", "-Wno-lint", "--prefix", "Vweft_top",
    "-MAKEFLAGS", "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
  ]

  private static func verilator(_ verilog: [VerilogFile], waveforms: Bool, _ progress: (String) -> Void) throws -> SimulatorBuild {
    let tool = try Tool.verilator.path()
    _ = try Tool.make.path()
    _ = try Tool.compiler.path()
    let flags = verilatorFlags + ["--top-module", topModule(of: verilog)] + (waveforms ? ["--trace"] : [])
    let key = try hash("verilator", version(tool, "--version"), flags, verilog, harnessText)
    return try cached(.verilator, key) { directory in
      progress("building the Verilator simulation" + (waveforms ? " with waveforms" : ""))
      let names = try write(verilog, to: directory)
      try write("harness.cpp", harnessText, to: directory)
      let result = try runTool(tool, flags + ["-Mdir", "build", "-o", "simulator"] + names + ["harness.cpp"], in: directory)
      guard result.status == 0 else {
        throw SimulationFailure(what: "verilator", detail: firstError(result.output))
      }
      return directory.appendingPathComponent("build/simulator")
    }
  }

  private static func icarus(_ verilog: [VerilogFile], postLanes: Int, _ progress: (String) -> Void) throws -> SimulatorBuild {
    let tool = try Tool.iverilog.path()
    _ = try Tool.vvp.path()
    let top = topModule(of: verilog), bench = benchText(top: top, postLanes: postLanes)
    let flags = ["-g2005", "-s", benchModule(for: top)]
    let key = try hash("icarus", version(tool, "-V"), flags, verilog, bench)
    return try cached(.icarus, key) { directory in
      progress("compiling for Icarus Verilog")
      let names = try write(verilog, to: directory)
      try write("bench.v", bench, to: directory)
      let result = try runTool(tool, flags + ["-o", "simulator", "bench.v"] + names, in: directory)
      guard result.status == 0 else { throw SimulationFailure(what: "iverilog", detail: firstError(result.output)) }
      return directory.appendingPathComponent("simulator")
    }
  }

  private static func write(_ verilog: [VerilogFile], to directory: URL) throws -> [String] {
    for file in verilog { try write(file.name + ".v", file.text, to: directory) }
    return verilog.map { $0.name + ".v" }
  }

  private static func write(_ name: String, _ text: String, to directory: URL) throws(FileError) {
    try FileSystem.create(directory.appendingPathComponent(name).path, Array(text.utf8), named: directory.path)
  }

  private static func version(_ tool: String, _ flag: String) throws -> String {
    let directory = try TemporaryDirectory()
    let output = try runTool(tool, [flag], in: directory.url).output
    return output.split(separator: "\n").first.map(String.init) ?? ""
  }

  private static func hash(_ kind: String, _ version: String, _ flags: [String], _ verilog: [VerilogFile], _ bench: String) throws -> String {
    var hash = SHA256()
    for part in [kind, version] + flags + verilog.flatMap({ [$0.name, $0.text] }) + [bench] {
      hash.update(part.utf8)
      hash.update([0])
    }
    return hash.hex()
  }

  private static func cached(_ simulator: Simulator, _ key: String, _ build: (URL) throws -> URL) throws -> SimulatorBuild {
    let (path, wasCached) = try SimulatorCache.standard.entry(
      "\(simulator.rawValue)-\(key.prefix(32))", say: StandardStreams.complain, build: build)
    return SimulatorBuild(simulator: simulator, path: path, wasCached: wasCached)
  }

  private static func firstError(_ output: String) -> String {
    let lines = output.split(separator: "\n").map(String.init)
    return lines.first { $0.localizedCaseInsensitiveContains("error") } ?? lines.last ?? "failed without a message"
  }
}
