import Foundation
import Testing

/// The tool as its users meet it: exit codes, one-line errors, JSON.
@Suite struct CommandLineTests {
  /// The executable beside the test bundle.
  private static let weft: URL? = {
    var directory = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
    for _ in 0..<3 {
      let candidate = directory.appendingPathComponent("weft")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      directory.deleteLastPathComponent()
    }
    return nil
  }()

  private struct Outcome {
    var status: Int32, output: String, errors: String
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  /// - Parameters:
  ///   - shell: run through a shell, which sees the arguments as `"$@"` after the tool.
  private func run(_ arguments: String..., environment: [String: String] = [:], shell: String? = nil) throws -> Outcome {
    let process = Process()
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("weft-cli-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let output = scratch.appendingPathComponent(".out"), errors = scratch.appendingPathComponent(".err")
    for url in [output, errors] { #expect(FileManager.default.createFile(atPath: url.path, contents: nil)) }
    let weft: URL = try #require(Self.weft, "the weft executable is built with the tests")
    process.executableURL = shell == nil ? weft : URL(fileURLWithPath: "/bin/sh")
    process.arguments = shell.map { ["-c", $0, "sh", weft.path] + arguments } ?? arguments
    process.currentDirectoryURL = scratch
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { !$0.hasPrefix(".") }
    let result = Outcome(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
    if result.status == 2 { #expect(left.isEmpty, "something was written: \(left)") }
    return result
  }

  @Test(arguments: [["--help"], ["help", "verify"], ["compile", "--help"], ["--version"]])
  func helpIsGood(_ arguments: [String]) throws {
    let process = try run(arguments[0], arguments.count > 1 ? arguments[1] : "--help")
    #expect(process.status == 0 && !process.output.isEmpty && process.errors.isEmpty)
  }

  @Test(arguments: [
    ["frobnicate"], ["verify"], ["compile"], ["verify", "x.tflite", "--simulator", "modelsim"], ["config", "edge65"],
    ["compile", "/nonexistent.tflite"], ["inspect", "/"], ["disasm", "/dev/null"], ["verify", "--vectors", "/nonexistent"],
    ["run", "x.tflite"], ["verify", "x.tflite", "--samples", "0"], ["compile", "x.tflite", "--prefer", "area"], ["fuzz", "networks", "--networks", "0"],
  ])
  func badUsageIsOneLineAndExitCodeTwo(_ arguments: [String]) throws {
    let outcome = try arguments.count == 1 ? run(arguments[0]) : arguments.count == 2 ? run(arguments[0], arguments[1])
      : run(arguments[0], arguments[1], arguments[2], arguments[3 % arguments.count])
    #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    #expect(outcome.errorLines.count == 1, "\(arguments): \(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func aMissingToolNamesItsPackage() throws {
    let outcome = try run("verify", Digits.path, environment: ["PATH": "/nonexistent"])
    #expect(outcome.status == 3)
    #expect(outcome.errors == "verilator: not found; install it with `apt-get install verilator`, or run scripts/setup\n")
  }

  @Test func verifyPrintsTheKeysOthersRead() throws {
    let outcome = try run("verify", "--vectors", Digits.directory, "--simulator", "in-process", "--json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    for key in [
      "model", "configuration", "simulator", "samples", "tensors", "elements", "mismatches", "goldenMismatches", "cycles", "predictedCycles",
      "macs", "utilization", "featureMemoryPeakBytes", "layers",
    ] { #expect(object[key] != nil, "\(key) is missing") }
    #expect(object["samples"] as? Int == 360 && object["mismatches"] as? Int == 0 && object["configuration"] as? String == "edge64")
    #expect(object["goldenAccuracy"] as? Double == 0.975)
    let layers = try #require(object["layers"] as? [[String: Any]])
    for key in ["name", "operator", "cycles", "predictedCycles", "macs", "utilization", "bound"] { #expect(layers.first?[key] != nil, "\(key)") }
  }

  @Test func compileThenVerifyTheBundle() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-bundle-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: directory) }
    #expect(try run("compile", Digits.path, "-o", directory.path).status == 0)
    let outcome = try run("verify", directory.path, "--simulator", "in-process")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("agree on every one"))
    let listing = try run("disasm", directory.path)
    #expect(listing.status == 0 && listing.output.contains("halt"))
  }

  /// Fewer weights for more cycles, and the bundle knows: where elements cannot share outputs, weights are stored several times, as far as
  /// their budget goes.
  @Test func weightsMayMatterMoreThanCycles() throws {
    let apart = FileManager.default.temporaryDirectory.appendingPathComponent("weft-apart-\(UInt64.random(in: 0 ... .max)).json")
    defer { try? FileManager.default.removeItem(at: apart) }
    let edge256 = try run("config", "edge256").output
    #expect(edge256.contains("\"mergedElements\": 4"))
    try edge256.replacingOccurrences(of: "\"mergedElements\": 4", with: "\"mergedElements\": 1").write(to: apart, atomically: true, encoding: .utf8)
    func cost(_ prefer: String) throws -> (cycles: Int, weights: Int) {
      let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-bundle-\(UInt64.random(in: 0 ... .max))")
      defer { try? FileManager.default.removeItem(at: directory) }
      let outcome = try run("compile", Digits.path, "--config", apart.path, "--prefer", prefer, "--json", "-o", directory.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try run("verify", directory.path, "--simulator", "interpreter").status == 0)
      let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      return (try #require(report["predictedCycles"] as? Int), try #require(report["weightBytes"] as? Int))
    }
    let fast = try cost("cycles"), small = try cost("weights")
    #expect(small.weights < fast.weights && small.cycles > fast.cycles)
  }

  /// The golden kernels compute all channels: an option that would change nothing is not taken in silence.
  @Test func keepingConstantChannelsNeedsHardware() throws {
    let outcome = try run("run", Digits.path, "--input", "x.npy", "--keep-constant-channels")
    #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.errors.contains("--simulator"), "\(outcome.errors)")
  }

  @Test(arguments: [["compile"], ["compile", "/nonexistent.tflite"], ["inspect", "/"], ["verify"], ["run", "x"], ["rtl", "--config", "edge65"], ["frobnicate"]])
  func withJSONAnErrorIsOneObject(_ arguments: [String]) throws {
    let first = arguments[0], second = arguments.count > 1 ? arguments[1] : "--json", third = arguments.count > 2 ? arguments[2] : "--json"
    let outcome = try run(first, second, third, "--json")
    #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let error = try #require(object["error"] as? [String: Any])
    #expect(error["exitCode"] as? Int == 2)
    let message = try #require(error["message"] as? String), category = try #require(error["category"] as? String)
    #expect(!category.isEmpty && outcome.errors.hasPrefix(message))
  }

  @Test(arguments: ["\"$@\" >/dev/full", "\"$@\" >&-"])
  func outputThatCannotBeWrittenIsSaid(_ shell: String) throws {
    for command in ["config", "--help", "--version"] {
      let outcome = try run(command, shell: shell)
      #expect(outcome.status == 2 && outcome.errors.hasPrefix("standard output: cannot be written: "), "\(command): \(outcome.errors)")
      #expect(outcome.errorLines.count == 1)
    }
  }

  @Test func anErrorNobodyCanHearIsStillAnExitCode() throws {
    for shell in ["\"$@\" 2>/dev/full", "\"$@\" 2>&-"] { #expect(try run("config", "edge65", shell: shell).status == 2) }
  }

  @Test func aFileThatMayNotGrowIsSaid() throws {
    let outcome = try run("rtl", "-o", "out", shell: "ulimit -f 1; \"$@\"")
    #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.errors.contains("ulimit -f"), "\(outcome.errors)")
  }

  @Test(arguments: ["", ".", "..", "nonexist/.."])
  func theWorkingDirectoryIsNeverReplaced(_ path: String) throws {
    let outcome = try run("rtl", "-o", path, shell: "mkdir d && cd d && echo mine >thesis && \"$@\"; code=$?; cat thesis && cd .. && rm -r d && exit $code")
    #expect(outcome.status == 2 && outcome.output == "mine\n" && outcome.errorLines.count == 1, "\(outcome.errors)")
  }

  @Test func aCacheThatIsAFileIsExitCodeThree() throws {
    let outcome = try run("verify", Digits.path, "--simulator", "icarus", "--samples", "1", environment: ["WEFT_CACHE": "/dev/null"])
    #expect(outcome.status == 3 && outcome.errorLines.count == 1)
    if hasIcarus { #expect(outcome.errors.contains("set WEFT_CACHE")) }
  }

  @Test func configPrintsWhatItReads() throws {
    let printed = try run("config", "edge64").output
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UInt64.random(in: 0 ... .max)).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try printed.write(to: file, atomically: false, encoding: .utf8)
    #expect(try run("config", file.path).output == printed)
  }

  @Test func runQuantizesNumPyArrays() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UInt64.random(in: 0 ... .max)).npy")
    defer { try? FileManager.default.removeItem(at: file) }
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 8, 8, 1), }"
    let padded = header + String(repeating: " ", count: 117 - header.count) + "\n"
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(padded.utf8)
    bytes += (0..<64).flatMap { index in withUnsafeBytes(of: (Float(index) / 64).bitPattern.littleEndian) { Array($0) } }
    try Data(bytes).write(to: file)
    let outcome = try run("run", Digits.path, "--input", file.path, environment: [:])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("output tensor 16"))
    try Data(bytes.dropLast(4)).write(to: file)
    let short = try run("run", Digits.path, "--input", file.path)
    #expect(short.status == 2 && short.errorLines.count == 1)
  }
}
