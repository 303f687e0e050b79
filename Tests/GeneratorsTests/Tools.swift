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

typealias SplitMix = TestTools.SplitMix
