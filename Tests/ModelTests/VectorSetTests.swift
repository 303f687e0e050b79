import Foundation
import Model
import Testing

@Suite struct VectorSetTests {
  /// A directory with a tiny model's vectors, the manifest changed by text replacement.
  func directory(replacing old: String = "", with new: String = "", inputs: Int = 8) throws -> String {
    let path = NSTemporaryDirectory() + "vectors-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var manifest = """
      {"format": "accel-golden-1", "model": "model.tflite", "description": "two samples", "n": 2,
       "inputs": [{"index": 0, "offset": 0, "nbytes": 4}], "input_stride": 4,
       "outputs": [{"index": 1, "offset": 0, "nbytes": 4}], "output_stride": 4,
       "tensors": [{"sample": 0, "index": 1, "offset": 0, "nbytes": 4},
                   {"sample": 1, "index": 0, "offset": 4, "nbytes": 4}], "labels": [3, 2]}
      """
    if !old.isEmpty {
      #expect(manifest.contains(old))
      manifest = manifest.replacingOccurrences(of: old, with: new)
    }
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    try write("manifest.json", Array(manifest.utf8))
    try write("model.tflite", tinyModel())
    try write("inputs.bin", Array(0..<UInt8(inputs)))
    try write("outputs.bin", [0, 1, 2, 3, 4, 5, 6, 7])
    try write("tensors.bin", Array(0..<8))
    return path
  }

  func error(replacing old: String = "", with new: String = "", inputs: Int = 8) throws -> ModelError? {
    let path = try directory(replacing: old, with: new, inputs: inputs)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(ModelError) {
      _ = try VectorSet.load(path)
      return nil
    } catch {
      #expect(error.file.hasPrefix(path))
      return error
    }
  }

  @Test func everythingIsLoaded() throws {
    let path = try directory()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let vectors = try VectorSet.load(path)
    let graph = try loadTFLite(contentsOf: vectors.modelPath)
    try vectors.check(against: graph)
    #expect(vectors.sampleCount == 2)
    #expect(vectors.description == "two samples")
    #expect(vectors.labels == [3, 2])
    #expect(vectors.inputs(ofSample: 1) == [[4, 5, 6, 7]])
    #expect(vectors.inputs(ofSample: 1, for: graph) == [[4, 5, 6, 7]])
    #expect(vectors.outputs(ofSample: 0) == [1: [0, 1, 2, 3]])
    #expect(vectors.expected(ofSample: 1, for: graph) == [0: [4, 5, 6, 7], 1: [4, 5, 6, 7]])
    let result = try compare(path)
    #expect((result.elements, result.mismatches) == (12, 0))
  }

  /// The comparison that all other tests rest on can fail.
  @Test func aWrongByteIsFound() throws {
    let path = try directory()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([0, 1, 2, 3, 4, 99, 6, 7]).write(to: URL(fileURLWithPath: path + "/outputs.bin"))
    let result = try compare(path)
    #expect(result.mismatches == 1)
    #expect(result.report == ["sample 1, tensor 1 'out': 1 of 4 differ, first at 1: expected 99, got 5"])
  }

  /// Every byte of both files counts, those of sample 0 of the outputs, too, of which `tensors.bin` says something.
  @Test(arguments: ["outputs.bin", "tensors.bin"], 0..<8)
  func everyByteIsLookedAt(file: String, byte: Int) throws {
    let path = try directory()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var bytes = (0..<8).map { UInt8($0) }
    bytes[byte] ^= 0x10
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + file))
    var noticed = false
    do throws(ModelError) {
      let vectors = try VectorSet.load(path)
      try vectors.check(against: try loadTFLite(contentsOf: vectors.modelPath))
      noticed = ((try? compare(path).mismatches) ?? 0) > 0
    } catch {
      noticed = error.message.contains("the vectors contradict themselves") && error.file == path
    }
    #expect(noticed)
  }

  /// Elements of int16 are numbers of two bytes.
  @Test func contradictionsOfInt16AreNamed() throws {
    let path = NSTemporaryDirectory() + "weft-vectors-\(UUID().uuidString)", fixture = Corpus.fixture("reference/int16_max_pool_2d_0")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.copyItem(atPath: fixture, toPath: path)
    var vectors = try VectorSet.load(fixture)
    let graph = try loadTFLite(contentsOf: vectors.modelPath), output = graph.outputs[0]
    var bytes = vectors.outputs(ofSample: 0)[output] ?? []
    bytes[3] ^= 0x40
    let (got, wanted) = (Elements.integers(vectors.outputs(ofSample: 0)[output] ?? [], .int16)[1], Elements.integers(bytes, .int16)[1])
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/tensors.bin"))
    let manifest = try String(contentsOfFile: path + "/manifest.json", encoding: .utf8).dropLast()
    try (manifest + ", \"tensors\": [{\"sample\": 0, \"index\": \(output), \"offset\": 0, \"nbytes\": \(bytes.count)}]}")
      .write(toFile: path + "/manifest.json", atomically: true, encoding: .utf8)
    vectors = try VectorSet.load(path)
    do throws(ModelError) {
      try vectors.check(against: graph)
      Issue.record("the contradiction was not noticed")
    } catch {
      #expect(error.message.contains("element 1: \(got) in outputs.bin, \(wanted) in tensors.bin"), "\(error.message)")
    }
  }

  @Test func contradictionsAreNamed() throws {
    let path = try directory()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([0, 1, 99, 3, 4, 5, 6, 7]).write(to: URL(fileURLWithPath: path + "/outputs.bin"))
    let vectors = try VectorSet.load(path)
    let graph = try loadTFLite(contentsOf: vectors.modelPath)
    #expect(throws: ModelError(
      .malformed,
      "the vectors contradict themselves in sample 0, tensor 1 'out', element 2: 99 in outputs.bin, 2 in tensors.bin; make them again",
      file: path)
    ) { try vectors.check(against: graph) }
  }

  /// What no entry describes would never be compared.
  @Test func nothingIsLeftOver() throws {
    #expect(try error(replacing: "\"offset\": 4, \"nbytes\": 4", with: "\"offset\": 5, \"nbytes\": 3")?.message
      == "byte 4 of 8 belongs to none or to two of the manifest's tensors")
    #expect(try error(replacing: "\"offset\": 4, \"nbytes\": 4", with: "\"offset\": 4, \"nbytes\": 3")?.message
      == "byte 7 of 8 belongs to none or to two of the manifest's tensors")
    #expect(try error(replacing: "\"sample\": 1, \"index\": 0", with: "\"sample\": 0, \"index\": 1")?.message
      == "tensor 1 of sample 0 is stored twice")
    #expect(try error(replacing: "\"index\": 1, \"offset\": 0, \"nbytes\": 4}], \"output", with: "\"index\": 1, \"offset\": 0, \"nbytes\": 3}], \"output")?
      .message == "the outputs leave byte 3 of their stride of 4 to none or to two tensors")
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": 2, \"n\": 2")?.message.hasPrefix("key \"n\" is given twice") == true)
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": 2.5")?.message == "\"n\" is 2.5, must be a whole number")
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": 1e400")?.message == "\"n\" is 1e400, must be a whole number")
  }

  @Test func labelsAreClasses() throws {
    let path = try directory(replacing: "[3, 2]", with: "[3, 4]")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let vectors = try VectorSet.load(path)
    let graph = try loadTFLite(contentsOf: vectors.modelPath)
    #expect(throws: ModelError(.invalidShape, "the label of sample 1 is 4, the model has 4 classes", file: path)) {
      try vectors.check(against: graph)
    }
  }

  @Test func damageIsNamed() throws {
    #expect(try error(replacing: "golden-1", with: "golden-9")?.message.contains("'accel-golden-9'") == true)
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": 3")?.message == "2 labels for 3 samples")
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": 0")?.category == .malformed)
    #expect(try error(replacing: "\"n\": 2,", with: "")?.message == "key \"n\" is missing")
    #expect(try error(replacing: "\"n\": 2", with: "\"n\": \"x\"")?.message == "\"n\" is \"x\", must be a whole number")
    #expect(try error(replacing: "{\"format", with: "format")?.category == .malformed)
    #expect(try error(replacing: "\"nbytes\": 4", with: "\"nbytes\": 5")?.category == .malformed)
    #expect(try error(replacing: "\"offset\": 0", with: "\"offset\": -1")?.category == .malformed)
    #expect(try error(replacing: "\"offset\": 4", with: "\"offset\": 9223372036854775807")?.category == .malformed)
    #expect(try error(replacing: "_stride\": 4", with: "_stride\": 9223372036854775807")?.category == .malformed)
    #expect(try error(replacing: "\"sample\": 1", with: "\"sample\": 2")?.category == .malformed)
    #expect(try error(replacing: "\"index\": 0, ", with: "")?.category == .malformed)
    #expect(try error(replacing: "model.tflite", with: "model.net")?.category == .unsupported)
    #expect(try error(replacing: "model.tflite", with: "../model.tflite")?.category == .malformed)
    #expect(try error(inputs: 7)?.message == "has 7 bytes, but 2 samples of 4 bytes are expected")
  }

  @Test func missingFilesAreNamed() throws {
    #expect(throws: ModelError.self) { try VectorSet.load("/nonexistent") }
    let path = try directory()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.removeItem(atPath: path + "/outputs.bin")
    do throws(ModelError) {
      _ = try VectorSet.load(path + "/")
      Issue.record("vectors without outputs were accepted")
    } catch {
      #expect(error.description == "\(path)/outputs.bin: no such file; check the path")
    }
  }

  @Test func vectorsOfAnotherModelAreRefused() throws {
    let path = try directory(replacing: "\"index\": 1", with: "\"index\": 7")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let vectors = try VectorSet.load(path)
    let graph = try loadTFLite(contentsOf: vectors.modelPath)
    #expect(throws: ModelError.self) { try vectors.check(against: graph) }
  }
}
