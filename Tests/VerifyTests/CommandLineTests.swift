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
    ["bench"], ["bench", "/nonexistent.tflite"], ["bench", "/"], ["bench", "x.tflite", "--simulator", "icarus"],
    ["bench", "x.tflite", "--config", "edge65"],
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

  /// A configuration without memory for the network, in a file of its own.
  private func tightConfiguration() throws -> URL {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-tight-\(UInt64.random(in: 0 ... .max)).json")
    let text = try run("config", "up5k").output
    let tight = text.replacingOccurrences(of: "\"memoryBytes\": 146432", with: "\"memoryBytes\": 6000")
      .replacingOccurrences(of: "\"up5k\"", with: "\"tight\"")
    #expect(tight.contains("6000") && tight.contains("tight"))
    try tight.write(to: file, atomically: true, encoding: .utf8)
    return file
  }

  /// A refusal is a line and no end; when there is nothing else, the exit code says so.
  @Test func benchKeepsTheLinesOfRefusedNetworks() throws {
    let tight = try tightConfiguration()
    defer { try? FileManager.default.removeItem(at: tight) }
    let some = try run("bench", Digits.directory, "--config", tight.path, "--config", "edge16")
    #expect(some.status == 0 && some.errors.isEmpty, "\(some.errors)")
    let lines = some.output.split(separator: "\n")
    try #require(lines.count > 2)
    #expect(lines[1].hasPrefix("digits_resnet  tight ") && lines[1].contains(" refused ") && lines[2].hasPrefix("digits_resnet  edge16 "))
    #expect(some.output.contains("\ndigits_resnet on tight is refused: the network needs "))
    let none = try run("bench", Digits.path, "--config", tight.path)
    #expect(none.status == 2 && none.errorLines.count == 1 && none.output.contains("refused"))
    #expect(none.errors.hasPrefix("digits_resnet: the network needs "))
    #expect(none.errors.hasSuffix("; no network could be compiled for any of the configurations\n"))
  }

  /// A file that is no model is a refusal beside one that is.
  @Test func benchGoesOnBehindADamagedModel() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UInt64.random(in: 0 ... .max)).tflite")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([1, 2, 3]).write(to: file)
    let outcome = try run("bench", file.path, Digits.path, "--markdown")
    #expect(outcome.status == 0 && outcome.output.contains("| digits_resnet "))
    #expect(outcome.output.contains("- \(file.path) on edge64 is refused: "))
  }

  /// The digits with the first four of their samples, in a directory of their own.
  private func fewDigits() throws -> URL {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-digits-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.copyItem(atPath: Digits.directory, toPath: directory.path)
    let manifest = directory.appendingPathComponent("manifest.json")
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: manifest)) as? [String: Any])
    (object["n"], object["labels"]) = (4, nil)
    try JSONSerialization.data(withJSONObject: object).write(to: manifest)
    for (name, bytes) in [("inputs.bin", 64), ("outputs.bin", 10)] {
      let file = directory.appendingPathComponent(name)
      try Data(contentsOf: file).prefix(4 * bytes).write(to: file)
    }
    return directory
  }

  /// All vectors beside the model; one wrong byte among them is a failure that is said once.
  @Test func benchMeasures() throws {
    let directory = try fewDigits(), outputs = directory.appendingPathComponent("outputs.bin")
    defer { try? FileManager.default.removeItem(at: directory) }
    let good = try run("bench", directory.path, "--measure", "--simulator", "in-process", "--json")
    #expect(good.status == 0 && good.errors.isEmpty, "\(good.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(good.output.utf8)) as? [String: Any])
    let row = try #require((object["networks"] as? [[String: Any]])?.first)
    #expect(row["samples"] as? Int == 4 && row["mismatches"] as? Int == 0 && row["simulator"] as? String == "in-process")
    #expect(row["cycles"] as? Int == row["predictedCycles"] as? Int && row["goldenMismatches"] as? Int == 0)
    var bytes = try Data(contentsOf: outputs)
    bytes[33] ^= 1
    try bytes.write(to: outputs)
    let wrong = try run("bench", directory.path, "--measure", "--simulator", "in-process")
    #expect(wrong.status == 1 && wrong.errorLines.count == 1 && wrong.errors.contains(" on edge64: "), "\(wrong.errors)")
    #expect(wrong.output.contains(" between golden kernels and vectors\n"))
  }

  /// What is missing or wrong beside a model is said before anything is computed.
  @Test func benchSaysWhatIsMissing() throws {
    let alone = FileManager.default.temporaryDirectory.appendingPathComponent("weft-alone-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: alone, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: alone) }
    let model = alone.appendingPathComponent("model.tflite"), figures = alone.appendingPathComponent("peers.json")
    try FileManager.default.copyItem(atPath: Digits.path, toPath: model.path)
    let vectors = try run("bench", model.path, "--measure")
    #expect(vectors.status == 2 && vectors.errors.hasPrefix("\(alone.path): is no directory of golden vectors"), "\(vectors.errors)")
    try Data("{\"digits_resnet\": 1}".utf8).write(to: figures)
    let peers = try run("bench", model.path, "--peers", figures.path)
    #expect(peers.status == 2 && peers.errors.hasPrefix("\(figures.path): \"digits_resnet\" is 1, must be an object; "), "\(peers.errors)")
    try Data("{\"other\": {\"m\": {\"cycles_total\": 1}}}".utf8).write(to: figures)
    let unknown = try run("bench", Digits.path, "--peers", figures.path)
    #expect(unknown.status == 0 && unknown.errors == "\(figures.path): warning: knows none of these networks\n", "\(unknown.errors)")
    #expect(try run("bench", model.path, "--json", "--markdown").status == 2)
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
