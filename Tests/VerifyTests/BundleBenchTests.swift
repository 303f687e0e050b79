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

  /// Jobs that are none, by what is wrong with them.
  private static let damaged: [(name: String, damage: @Sendable (Data) -> Data)] = [
    ("empty", { _ in Data() }), ("zeros", { Data(count: $0.count) }), ("one zero", { _ in Data(count: 4) }), ("cut", { $0.dropLast(4) }),
    ("cut in a word", { $0.dropLast(5) }), ("more", { $0 + Data(count: 4) }), ("a bit more", { $0 + Data(count: 1) }),
    ("unknown command", { Data([200, 0, 0, 0]) + $0.dropFirst(4) }),
  ]

  /// PASS with status 0, FAIL with 1 for a wrong output, FAIL with 2 for what is no job; nothing else.
  private func expectVerdicts(in directory: URL, _ command: (String) -> String) throws {
    func shell(_ job: String) throws -> (status: Int32, output: String) { try runTool("/bin/sh", ["-c", command(job)], in: directory) }
    let path = directory.appendingPathComponent("testbench/job.bin"), job = try Data(contentsOf: path)
    let good = try shell("testbench/job.bin")
    #expect(good.status == 0 && good.output.hasSuffix("PASS\n"), "\(good.output.suffix(1_000))")
    // The last word before the end is an expected output: with another value the bench must say FAIL.
    var wrong = job
    wrong[wrong.count - 8] ^= 1
    try wrong.write(to: directory.appendingPathComponent("wrong.bin"))
    let bad = try shell("wrong.bin")
    #expect(bad.status == 1 && bad.output.hasSuffix("FAIL\n") && bad.output.contains("expected"), "\(bad.output.suffix(1_000))")
    for (name, damage) in Self.damaged {
      try damage(job).write(to: directory.appendingPathComponent("damaged.bin"))
      let result = try shell("damaged.bin")
      #expect(result.status == 2 && result.output.contains("FAIL\n") && !result.output.contains("PASS"), "\(name): \(result.status) \(result.output.suffix(1_000))")
    }
    let missing = try shell("missing.bin")
    #expect(missing.status == 2 && missing.output.contains("FAIL\n"))
  }

  @Test(.enabled(if: hasIcarus)) func icarusSaysPassAndFail() throws {
    let scratch = try bundle()
    let directory = scratch.file("digits")
    let readMe = try String(contentsOf: directory.appendingPathComponent("testbench/README.md"), encoding: .utf8)
    let build = try #require(readMe.split(separator: "\n").first { $0.hasPrefix("iverilog ") })
    #expect(try runTool("/bin/sh", ["-c", String(build.replacing("iverilog ", with: "iverilog -Wall "))], in: directory).output == "")
    try expectVerdicts(in: directory) { "vvp -n bench +job=\($0)" }
    #expect(try runTool("/bin/sh", ["-c", "vvp -n bench"], in: directory).status == 2)
  }

  @Test(.enabled(if: hasVerilator)) func verilatorSaysPassAndFail() throws {
    let scratch = try bundle()
    let directory = scratch.file("digits")
    let readMe = try String(contentsOf: directory.appendingPathComponent("testbench/README.md"), encoding: .utf8)
    let build = try #require(readMe.split(separator: "\n").first { $0.hasPrefix("verilator ") })
    #expect(try runTool("/bin/sh", ["-c", String(build)], in: directory).status == 0)
    try expectVerdicts(in: directory) { "build/Vweft_top \($0) results.bin" }
  }
}
