// Runs the external tools that these tests need, in a directory of their own.

import Foundation
import HDL
import TestTools

/// A tool's exit status and everything it printed.
struct ToolResult {
  var status: Int32
  var output: String
}

/// Whether what needs this tool is to be run.
func isInstalled(_ tool: String) -> Bool { Tool(rawValue: tool).map { Tool.available($0) } ?? true }

/// Runs a shell command in a directory.
func run(_ command: String, in directory: URL) throws -> ToolResult {
  let (status, output) = try runProgram("/bin/sh", ["-c", command], in: directory)
  return ToolResult(status: status, output: output)
}

/// Writes a design's modules into a fresh temporary directory and removes it afterwards.
func withVerilog<T>(of design: Design, _ body: (URL) throws -> T) throws -> T {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  for file in VerilogPrinter.files(design) {
    try file.text.write(to: directory.appendingPathComponent("\(file.name).v"), atomically: true, encoding: .utf8)
  }
  return try body(directory)
}

/// A reproducible generator of random numbers; failures print its seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
