import Foundation
import Testing
import Verify

/// What `weft run` and `weft inspect` say of inputs and models that are not as they should be.
@Suite struct RunInputTests {
  private static let weft: URL? = {
    var directory = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
    for _ in 0..<3 {
      let candidate = directory.appendingPathComponent("weft")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      directory.deleteLastPathComponent()
    }
    return nil
  }()

  private func run(_ arguments: [String], in directory: TemporaryDirectory) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    let output = directory.file("out"), errors = directory.file("err")
    for url in [output, errors] { #expect(FileManager.default.createFile(atPath: url.path, contents: nil)) }
    let weft: URL = try #require(Self.weft, "the weft executable is built with the tests")
    process.executableURL = weft
    process.arguments = arguments
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8), try String(contentsOf: errors, encoding: .utf8))
  }

  /// The answer of `weft run` of the digits network to a .npy file with this header and data.
  private func answer(
    _ shape: String, type: String = "<f4", fortran: String = "False", count: Int = 64, values: [Int: Float] = [:], bytes: Int = 0,
    command: [String] = ["run", Digits.path]
  ) throws -> (status: Int32, error: String) {
    let directory = try TemporaryDirectory()
    let header = "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: max(0, 117 - header.count)) + "\n"
    var content: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8)
    content += (0..<count).flatMap { index in
      withUnsafeBytes(of: (values[index] ?? Float(index % 16) / 16).bitPattern.littleEndian) { Array($0) }
    }
    content += [UInt8](repeating: 1, count: bytes)
    let file = directory.file("x.npy")
    try Data(content).write(to: file)
    let outcome = try run(command + ["--input", file.path], in: directory)
    #expect(outcome.errors.split(separator: "\n").count <= 1, "\(outcome.errors)")
    return (outcome.status, outcome.errors.replacingOccurrences(of: "\(file.path): ", with: "").trimmingCharacters(in: .newlines))
  }

  @Test func aBatchOfOneMayBeLeftOutOrAdded() throws {
    for shape in ["(1, 8, 8, 1)", "(8, 8, 1)", "(1, 1, 8, 8, 1)", "(1L, 8L, 8L, 1L)"] {
      let outcome = try answer(shape)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(shape): \(outcome)")
    }
  }

  /// The number of elements alone says nothing about their order.
  @Test func otherShapesAreRefused() throws {
    let nchw = try answer("(1, 1, 8, 8)")
    #expect(nchw.status == 2)
    #expect(nchw.error.hasPrefix("has shape (1, 1, 8, 8), the input has (1, 8, 8, 1) (tensor 0 "))
    #expect(nchw.error.hasSuffix("; it looks like channels first (NCHW), the network wants channels last: numpy.transpose(x, (0, 2, 3, 1))"))
    for shape in ["(64,)", "(8, 8)", "(1, 64)", "(2, 4, 8, 1)", "(1, 4, 16, 1)"] {
      let outcome = try answer(shape)
      #expect(outcome.status == 2 && outcome.error.contains("the input has (1, 8, 8, 1)"), "\(shape): \(outcome)")
    }
  }

  @Test func numbersThatAreNoneAreRefusedWithTheirPlace() throws {
    #expect(try answer("(1, 8, 8, 1)", values: [13: .nan]) == (2, "element (0, 1, 5, 0) is not a number; inputs are finite"))
    #expect(try answer("(1, 8, 8, 1)", values: [63: -.infinity]) == (2, "element (0, 7, 7, 0) is infinite; inputs are finite"))
  }

  @Test func valuesFarOutsideTheRangeAreSaidOnce() throws {
    let far = try answer("(1, 8, 8, 1)", values: [0: 255, 1: -1e30])
    #expect(far.status == 0)
    #expect(far.error.hasPrefix("warning: 2 of 64 values lie far outside ") && far.error.contains("they range from -1e+30 to 255.0"), "\(far.error)")
  }

  /// A float32 input is quantized by the network: what that can hold is what counts.
  @Test func realNumbersThatTheNetworkQuantizesAreWatched() throws {
    let command = ["run", "\(Self.fixtures)/way_out/float_io.tflite"]
    let far = try answer("(1, 8, 8, 1)", values: [0: 255], command: command)
    #expect(far.status == 0 && far.error.hasPrefix("warning: 1 of 64 values lie far outside "), "\(far.error)")
    let bytes = try answer("(1, 8, 8, 1)", type: "|u1", count: 0, bytes: 64, command: command)
    #expect(bytes.status == 2 && bytes.error.hasPrefix("is uint8, the input is float32; scale it as in training to "), "\(bytes.error)")
  }

  /// Samples of a user's own, as many as the first dimension says; one at a time in `run`.
  @Test func verifyTakesSamplesOfOnesOwn() throws {
    let verify = ["verify", Digits.path, "--simulator", "interpreter"]
    #expect(try answer("(3, 8, 8, 1)", count: 192, command: verify) == (0, ""))
    #expect(try answer("(3, 8, 8, 1)", count: 192).error.hasSuffix("; it holds 3 samples: x[0:1] is the first, and `weft verify --input` takes all"))
    #expect(try answer("(3, 8, 4, 1)", count: 96, command: verify).status == 2)
    #expect(try answer("(1, 8, 8, 3)", count: 192).error.hasSuffix("; it has 192 elements, the input 64: resize it as in training"))
    let empty = try answer("(4611686018427387904, 4, 0)", count: 0)
    #expect(empty.status == 2 && empty.error.contains("it has 0 elements, the input 64"), "\(empty)")
    let both = try answer("(1, 8, 8, 1)", command: verify + ["--vectors", "x"])
    #expect(both.status == 2 && both.error.contains("exclude each other"))
  }

  @Test func emptyPathsAreCalledEmpty() throws {
    let directory = try TemporaryDirectory()
    for command in [["run", Digits.path, "--input", ""], ["compile", ""]] {
      let outcome = try run(command, in: directory)
      #expect(outcome.status == 2 && outcome.errors.contains("the path of a file to read is empty; name a file"), "\(command): \(outcome.errors)")
    }
    let vectors = try run(["verify", Digits.path, "--vectors", "."], in: directory)
    #expect(vectors.status == 2 && vectors.errors.contains(".: is no directory of golden vectors, which has a manifest.json"))
  }

  @Test func headersAreReadToTheLetter() throws {
    func error(_ shape: String, type: String = "<f4", fortran: String = "False", count: Int = 64) throws -> String {
      let outcome = try answer(shape, type: type, fortran: fortran, count: count)
      #expect(outcome.status == 2)
      return outcome.error
    }
    #expect(try error("(1, 8, 8, -1)") == "has the negative size -1 in its shape; save it with numpy.save")
    #expect(try error("(1, 8, x, 1)") == "has 'x' in its shape, which is not a size; save it with numpy.save")
    #expect(try error("(1, 8, 8, 99999999999999999999)").hasPrefix("has '99999999999999999999' in its shape, which no file can hold"))
    #expect(try error("(4294967296, 4294967296, 4)").contains("which is more than any file holds"))
    #expect(try error("(1, 8, 8, 2)") == "has 256 bytes of data, its shape (1, 8, 8, 2) needs 512; save it again")
    #expect(try error("(1, 8, 8, 1)", fortran: "True") == "is in Fortran order (columns first); save numpy.ascontiguousarray of it")
    #expect(try error("(1, 8, 8, 1)", type: ">f4") == "is big-endian; convert it with .astype('<f4')")
    #expect(try error("(1, 8, 8, 1)", type: "<f8") == "has type '<f8', must be int8, uint8, int16 or float32; convert it with .astype('float32')")
    #expect(try answer("(1, 8, 8, 1)", type: "|u1", count: 0, bytes: 64).error.hasPrefix("is uint8, the input is int8; subtract 128"))
    let directory = try TemporaryDirectory()
    for name in ["x.npz", "y.npy"] {
      let file = directory.file(name)
      try Data([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 100)).write(to: file)
      let outcome = try run(["run", Digits.path, "--input", file.path], in: directory)
      #expect(outcome.errors == "\(file.path): is an archive of several arrays (.npz); save one with numpy.save\n")
    }
  }

  /// Without a simulator the golden kernels compute the outputs.
  @Test func aSimulatorGivesTheSameOutputs() throws {
    let directory = try TemporaryDirectory()
    let input = directory.file("x.bin")
    try Data((0..<64).map { UInt8($0) }).write(to: input)
    func result(_ options: String...) throws -> [String: Any] {
      let outcome = try run(["run", Digits.path, "--input", input.path, "--json"] + options, in: directory)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let golden = try result(), hardware = try result("--simulator", "in-process")
    #expect(golden["simulator"] is NSNull && golden["cycles"] is NSNull)
    #expect(hardware["simulator"] as? String == "in-process" && hardware["cycles"] is Int)
    #expect(golden["outputs"] as? NSArray == hardware["outputs"] as? NSArray)
    let outcome = try run(["run", Digits.path, "--input", input.path, "--simulator", "rtl"], in: directory)
    #expect(outcome.status == 2 && outcome.errors.contains("--simulator is 'rtl', must be verilator, icarus, in-process or interpreter"))
  }

  /// A network with floating-point ends, as converters make it by default, takes and gives them, in a simulator, too.
  @Test func floatingPointEndsAreTheUsers() throws {
    let directory = try TemporaryDirectory()
    let path = "\(Self.fixtures)/way_out/float_io.tflite", input = directory.file("x.bin")
    func write(_ values: [Float]) throws {
      try Data(values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) } }).write(to: input)
    }
    try write((0..<64).map { Float($0 % 9) / 3 - 1 })
    func result(_ options: String...) throws -> [[String: Any]] {
      let outcome = try run(["run", path, "--input", input.path, "--json"] + options, in: directory)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      return try #require(object["outputs"] as? [[String: Any]])
    }
    let golden = try result(), hardware = try result("--simulator", "in-process")
    #expect(golden[0]["type"] as? String == "float32" && (golden[0]["values"] as? [Double])?.count == 5)
    #expect(golden as NSArray == hardware as NSArray)
    try write((0..<64).map { $0 == 3 ? .nan : 0 })
    let outcome = try run(["run", path, "--input", input.path], in: directory)
    #expect(outcome.status == 2 && outcome.errors == "\(input.path): element 3 is not finite; inputs are finite\n")
    let table = try run(["inspect", path], in: directory)
    #expect(table.status == 0 && table.output.contains("on the host") && table.output.contains("folded"))
    // The bundle says what the host does, and is verified without compiling.
    let bundle = directory.file("bundle").path
    #expect(try run(["compile", path, "-o", bundle], in: directory).status == 0)
    let manifest = try #require(
      try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: bundle + "/manifest.json"))) as? [String: Any])
    let host = try #require(manifest["host"] as? [String: Any])
    #expect((host["before"] as? [[String: Any]])?.first?["operator"] as? String == "QUANTIZE")
    let verified = try run(["verify", bundle, "--simulator", "in-process"], in: directory)
    #expect(verified.status == 0 && verified.output.contains("on the host, behind: DEQUANTIZE"), "\(verified.errors)")
  }

  // MARK: inspect

  private static let fixtures = Digits.repository + "/Tests/ModelTests/Fixtures"

  /// What is refused is listed first.
  @Test(arguments: [
    ("bad/two_subgraphs", "the model has 2 subgraphs"), 
    ("way_out/reshape_only", "nothing to compute"), ("zero_size/relu_batch0", "size 0 in shape"), ("bad/scale_inf", "scale is infinite"),
  ])
  func inspectListsTheLayersOfWhatItRefuses(model: String, problem: String) throws {
    let directory = try TemporaryDirectory()
    let path = "\(Self.fixtures)/\(model).tflite"
    let outcome = try run(["inspect", path], in: directory)
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("#") && outcome.output.contains("operator") && outcome.output.contains("total: ") && outcome.output.contains("problem: "))
    #expect(outcome.errors.hasPrefix(path) && outcome.errors.contains(problem) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    let json = try run(["inspect", path, "--json"], in: directory)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["supported"] as? Bool == false && (object["layers"] as? [Any])?.isEmpty == false)
    // The compiler says the same.
    #expect(try run(["compile", path, "-o", directory.file("b").path], in: directory).errors == outcome.errors)
  }

  @Test func inspectChecksAConfigurationWhenOneIsNamed() throws {
    let directory = try TemporaryDirectory()
    let file = directory.file("small.json")
    let text = try run(["config", "edge64"], in: directory).output
    try text.replacingOccurrences(of: "\"weightMemoryBytes\": \"auto\"", with: "\"weightMemoryBytes\": 1024")
      .write(to: file, atomically: false, encoding: .utf8)
    #expect(try run(["inspect", Digits.path], in: directory).status == 0)
    let outcome = try run(["inspect", Digits.path, "--config", file.path], in: directory)
    #expect(outcome.status == 2 && outcome.errors.contains("\"weightMemoryBytes\" is 1024, the network needs"))
  }

  @Test func theExceptionIsShownByVerify() throws {
    let directory = try TemporaryDirectory()
    let path = Self.fixtures + "/relu6_rescale/relu6_zero_point_only.tflite"
    let outcome = try run(["verify", path, "--simulator", "in-process"], in: directory)
    #expect(outcome.status == 0 && outcome.output.contains("exception: RELU6 (operator 0): TensorFlow Lite Micro, followed here, clamps"))
    #expect(outcome.output.contains("(--reference litert)"))
    let bundle = directory.file("bundle").path
    #expect(try run(["compile", path, "-o", bundle, "--reference", "litert"], in: directory).status == 0)
    #expect(try run(["verify", bundle, "--simulator", "in-process"], in: directory).output.contains("LiteRT, followed here, rescales"))
    #expect(try run(["verify", bundle, "--simulator", "in-process", "--reference", "tflm"], in: directory).status == 2)
    #expect(try run(["verify", path, "--reference", "xnnpack"], in: directory).status == 2)
    let plain = try run(["verify", Digits.path, "--simulator", "in-process", "--samples", "1"], in: directory)
    #expect(!plain.output.contains("exception"))
  }

  /// One wrong byte anywhere in what the vectors say of outputs and tensors, sample 0 of the outputs included, ends the check.
  @Test(arguments: ["outputs.bin", "tensors.bin"], [0, 3, 9, -1])
  func aWrongByteOfTheVectorsIsNoticed(file: String, place: Int) throws {
    let directory = try TemporaryDirectory()
    let copy = directory.file("vectors")
    try FileManager.default.copyItem(at: URL(fileURLWithPath: Digits.directory), to: copy)
    let target = copy.appendingPathComponent(file)
    var bytes = [UInt8](try Data(contentsOf: target))
    bytes[place < 0 ? bytes.count / 360 * 7 + 2 : place] ^= 0x20
    try Data(bytes).write(to: target)
    let outcome = try run(["verify", "--vectors", copy.path, "--simulator", "interpreter", "--samples", "8"], in: directory)
    #expect(outcome.status == 1 || outcome.status == 2, "\(outcome.output)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
