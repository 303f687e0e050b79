import Emit
import Foundation
import Mapper
import Testing
import Verify

/// The self-checking benches of a bundle, used as its how-to says, without the tool.
@Suite struct BundleBenchTests {
  private func bundle() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let mapping = try Digits.mapping()
    let model = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Digits.path)))
    try OutputBundle(mapping, model: model, verilog: try makeVerilog(for: mapping.hardware)).write(to: directory.file("digits").path)
    return directory
  }

  @Test(.enabled(if: hasIcarus)) func icarusSaysPassAndFail() throws {
    let scratch = try bundle()
    let directory = scratch.file("digits")
    func shell(_ command: String) throws -> String { try runTool("/bin/sh", ["-c", command], in: directory).output }
    #expect(try shell("iverilog -g2005 -Wall -s weft_bench -o bench testbench/bench.v rtl/*.v") == "")
    #expect(try shell("vvp -n bench +job=testbench/job.bin") == "PASS\n")
    // The last word before the end is an expected output: with another value the bench must say FAIL.
    var job = try Data(contentsOf: directory.appendingPathComponent("testbench/job.bin"))
    job[job.count - 8] ^= 1
    try job.write(to: directory.appendingPathComponent("testbench/wrong.bin"))
    let output = try shell("vvp -n bench +job=testbench/wrong.bin")
    #expect(output.hasSuffix("FAIL\n") && output.contains("expected"))
  }

  @Test(.enabled(if: hasVerilator)) func verilatorSaysPass() throws {
    let scratch = try bundle()
    let readMe = try String(contentsOf: scratch.file("digits/testbench/README.md"), encoding: .utf8)
    let commands = readMe.split(separator: "\n").filter { $0.hasPrefix("verilator ") || $0.hasPrefix("build/") }
    #expect(commands.count == 2)
    let output = try runTool("/bin/sh", ["-c", commands.joined(separator: " >/dev/null && ")], in: scratch.file("digits")).output
    #expect(output.hasSuffix("PASS\n"), "\(output.suffix(2_000))")
  }
}
