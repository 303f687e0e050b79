import Emit
import Foundation
import Machine
import Mapper
import Model
import TestNetworks
import Testing
import Verify

/// Bundles read back: as they were made, without the compiler; changed and damaged ones in one line.
@Suite struct CompiledBundleTests {
  private static let verilog = [VerilogFile(name: "weft_top", text: "module weft_top;\nendmodule\n")]

  private func write(_ mapping: Mapping, to directory: String) throws {
    let model = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Digits.path)))
    try OutputBundle(mapping, model: model, verilog: Self.verilog).write(to: directory)
  }

  /// The compiler would choose other layouts: what is read is what was written.
  @Test(arguments: [ReferenceInterpreter.tflm, .litert]) func aBundleIsNotCompiledAgain(_ reference: ReferenceInterpreter) throws {
    let graph = try loadModel(contentsOf: Digits.path, reference: reference), configuration = try Configuration.load(nameOrPath: "edge64")
    let mapping = try Mapper.map(graph, for: configuration, policy: .first)
    let usual = try Mapper.map(graph, for: configuration)
    try #require(mapping.program.map(\.instruction) != usual.program.map(\.instruction))
    let scratch = try TemporaryDirectory(), directory = scratch.file("digits").path
    try write(mapping, to: directory)
    let read = try CompiledBundle(directory)
    #expect(read.mapping.program.map(\.instruction) == mapping.program.map(\.instruction))
    #expect(read.mapping.program.map(\.comment) == mapping.program.map(\.comment))
    #expect(read.mapping.steps == mapping.steps && read.mapping.layers == mapping.layers && read.mapping.placements == mapping.placements)
    #expect(read.mapping.views == mapping.views && read.mapping.hardware == mapping.hardware)
    #expect(read.mapping.weights == mapping.weights && read.mapping.parameters == mapping.parameters)
    #expect(read.mapping.graph.name == graph.name && read.mapping.graph.reference == reference)
    #expect(read.images == MemoryImages(mapping) && read.verilog == Self.verilog)
    let request = VerificationRequest(read.mapping, images: read.images, samples: try Digits.samples(2), simulator: .interpreter)
    #expect(try verify(request).passed)
  }

  /// Tensors between the operators that stand for one are there again.
  @Test(arguments: ["prelu_0", "reduce_min_0"]) func operatorsThatAreOthers(_ name: String) throws {
    let vectors = Digits.repository + "/Tests/ModelTests/Fixtures/reference/" + name, path = vectors + "/model.tflite"
    let graph = try loadTFLite(contentsOf: path), mapping = try Mapper.map(graph, for: try Configuration.load(nameOrPath: "edge16"))
    let scratch = try TemporaryDirectory(), directory = scratch.file(name).path
    let model = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try OutputBundle(mapping, model: model, verilog: Self.verilog).write(to: directory)
    let read = try CompiledBundle(directory).mapping
    #expect(read.graph.tensors == mapping.graph.tensors && read.graph.tensors.count > graph.tensors.count)
    #expect(read.steps == mapping.steps && read.placements == mapping.placements && read.views == mapping.views)
    let set = try VectorSet.load(vectors)
    let samples = (0..<set.sampleCount).map { VerificationSample(inputs: set.inputs(ofSample: $0, for: graph), expected: set.expected(ofSample: $0, for: graph)) }
    let report = try verify(VerificationRequest(read, samples: samples, simulator: .interpreter))
    #expect(report.passed && report.samples == 3 && report.elements > 3 * graph.tensors[graph.outputs[0]].elementCount)
  }

  // MARK: int16

  private static let int16 = Digits.repository + "/Tests/ModelTests/Fixtures/reference/int16_conv_2d_0"

  private func int16Samples(_ graph: Graph) throws -> [VerificationSample] {
    let set = try VectorSet.load(Self.int16)
    return [VerificationSample(inputs: set.inputs(ofSample: 0, for: graph), expected: set.expected(ofSample: 0, for: graph))]
  }

  /// How tensors of int16 lie is read back, and the read-me says it; a wrong number in vectors is named as a number.
  @Test func tensorsOfInt16() throws {
    let path = Self.int16 + "/model.tflite", graph = try loadTFLite(contentsOf: path)
    let mapping = try Mapper.map(graph, for: .edge64), scratch = try TemporaryDirectory(), directory = scratch.file("int16").path
    try OutputBundle(mapping, model: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), verilog: Self.verilog).write(to: directory)
    let read = try CompiledBundle(directory).mapping
    #expect(read.int16 == mapping.int16 && read.int16.count == 2 && read.steps == mapping.steps)
    let readMe = try String(contentsOfFile: directory + "/README.md", encoding: .utf8), rows = try #require(mapping.int16[graph.inputs[0]])
    #expect(readMe.contains("Numbers of a row: `\(graph.tensors[graph.inputs[0]].name)` \(rows.length), "))
    var samples = try int16Samples(graph)
    #expect(try verify(VerificationRequest(read, samples: samples, simulator: .interpreter)).passed)
    let output = graph.outputs[0], right = try #require(samples[0].expected[output])
    let number = Int(Int16(truncatingIfNeeded: Int(right[6]) | Int(right[7]) << 8))
    samples[0].expected[output]?[6] ^= 1
    let report = try verify(VerificationRequest(read, samples: samples, simulator: .interpreter))
    #expect(report.goldenMismatches == 1 && report.mismatches == 1)
    #expect(report.problems.contains { $0.hasSuffix("element 3, golden kernels against the vectors: expected \(number ^ 1), got \(number)") }, "\(report.problems)")
    #expect(report.first.contains { $0.tensor == "low bytes of \(graph.label(output))" && $0.index == 3 }, "\(report.first)")
  }

  /// Rows that the tensor cannot have are refused, and others by what the list of tensors says.
  @Test func damagedRowsAreRefusedOrUsable() throws {
    let graph = try loadTFLite(contentsOf: Self.int16 + "/model.tflite"), mapping = try Mapper.map(graph, for: .edge16)
    let whole = try JSONSerialization.jsonObject(with: Data(OrderedJSON.text(Compilation(mapping)).utf8)), samples = try int16Samples(graph)
    let rows = try #require((whole as? [String: Any])?["int16"])
    for path in places(rows, ["int16"]) {
      for new: Any? in [-1, 0, 1, 11, 13, Int(1) << 62, 1e300, "x", nil] {
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: replacing(whole, path[...], by: new)))
        let isSame = path.last == "tensor" && new as? Int == mapping.int16.keys.sorted().first
        #expect(try !expectUsable(bytes, mapping, "\(path) = \(new ?? "nothing")", samples) || isSame, "\(path) = \(new ?? "nothing")")
      }
    }
  }

  /// Rows of a length that does not divide the tensor are refused, whatever the list of tensors says.
  @Test func rowsAreWhole() throws {
    let graph = try loadTFLite(contentsOf: Self.int16 + "/model.tflite"), mapping = try Mapper.map(graph, for: .edge16), samples = try int16Samples(graph)
    let whole = try JSONSerialization.jsonObject(with: Data(OrderedJSON.text(Compilation(mapping)).utf8))
    let output = graph.outputs[0], count = graph.tensors[output].elementCount
    let index = try #require(mapping.int16.keys.sorted().firstIndex(of: output)), tensor = try #require(graph.activations.firstIndex(of: output))
    for length in [count - 1, count + 1] {
      let rows = replacing(whole, ["int16", "\(index)", "rows", "length"], by: length)
      let both = replacing(rows, ["tensors", "\(tensor)", "int16Row"], by: length)
      #expect(try !expectUsable([UInt8](try JSONSerialization.data(withJSONObject: both)), mapping, "rows of \(length)", samples))
    }
  }

  private func error(_ directory: String) -> String {
    do { _ = try CompiledBundle(directory) } catch { return "\(error)".replacingOccurrences(of: directory, with: "B") }
    return "read"
  }

  @Test func whatIsChangedOrMissingIsOneLine() throws {
    let scratch = try TemporaryDirectory(), directory = scratch.file("digits").path
    for file in ["model.tflite", "configuration.json", "compilation.json"] {
      try? FileManager.default.removeItem(atPath: directory)
      try write(try Digits.mapping(), to: directory)
      #expect(error(directory) == "read")
      let url = URL(fileURLWithPath: directory + "/" + file)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: url)
      #expect(error(directory) == "B/\(file): was changed since weft made it; compile the model again")
      try FileManager.default.removeItem(at: url)
      #expect(error(directory) == "B/\(file): is missing; compile the model again")
    }
    try? FileManager.default.removeItem(atPath: directory)
    try write(try Digits.mapping(), to: directory)
    let manifest = URL(fileURLWithPath: directory + "/manifest.json")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    let edited = text.replacingOccurrences(of: "tflm", with: "litert")
    try #require(edited != text)
    try edited.write(to: manifest, atomically: false, encoding: .utf8)
    #expect(error(directory) == "B/manifest.json: was changed since weft made it; compile the model again")
    // As versions before compilation.json made them, and before seals.
    let old = text.replacingOccurrences(of: "compilation.json", with: "other.json").replacing(/,\n  "seal": "[0-9a-f]*"/, with: "")
    try old.write(to: manifest, atomically: false, encoding: .utf8)
    #expect(error(directory) == "B: was made by another version of weft; compile the model again")
    try "{".write(to: manifest, atomically: false, encoding: .utf8)
    #expect(error(directory) == "B/manifest.json: is damaged; compile the model again")
  }

  /// A changed weight is read as it is, and found.
  @Test func aChangedImageIsFound() throws {
    let scratch = try TemporaryDirectory(), directory = scratch.file("digits").path
    try write(try Digits.mapping(), to: directory)
    let url = URL(fileURLWithPath: directory + "/weights.hex")
    var bytes = [UInt8](try Data(contentsOf: url))
    bytes[0] = bytes[0] == UInt8(ascii: "0") ? UInt8(ascii: "7") : UInt8(ascii: "0")
    try Data(bytes).write(to: url)
    let read = try CompiledBundle(directory)
    let request = VerificationRequest(read.mapping, images: read.images, samples: try Digits.samples(1), simulator: .interpreter)
    #expect(try !verify(request).passed)
  }

  // MARK: Damaged compilations

  /// The value with what lies at `path` replaced, or without it.
  private func replacing(_ value: Any, _ path: ArraySlice<String>, by new: Any?) -> Any {
    guard let key = path.first else { return new ?? NSNull() }
    if var object = value as? [String: Any] {
      object[key] = path.count == 1 && new == nil ? nil : replacing(object[key] ?? NSNull(), path.dropFirst(), by: new)
      return object
    }
    guard var array = value as? [Any], let index = Int(key) else { return value }
    if path.count == 1 && new == nil { array.remove(at: index) } else { array[index] = replacing(array[index], path.dropFirst(), by: new) }
    return array
  }

  /// Where everything is that holds nothing else; of the program only some.
  private func places(_ value: Any, _ path: [String]) -> [[String]] {
    if let object = value as? [String: Any] { return object.sorted { $0.key < $1.key }.flatMap { places($1, path + [$0]) } }
    guard let array = value as? [Any] else { return [path] }
    return array.enumerated().filter { path != ["program"] || $0.offset % 40 == 0 || $0.offset == array.count - 1 }
      .flatMap { places($1, path + ["\($0)"]) }
  }

  /// Whatever a compilation says: it is refused in one line, or can be used.
  private func expectUsable(_ bytes: [UInt8], _ mapping: Mapping, _ what: String, _ samples: [VerificationSample]? = nil) throws -> Bool {
    let read: Mapping
    do throws(FileError) {
      read = try Compilation(bytes, path: "c.json").mapping(
        mapping.graph, mapping.hardware.configuration, MemoryImages(mapping), path: "c.json")
    } catch {
      #expect(error.description.hasPrefix("c.json: ") && !error.description.contains(where: \.isNewline), "\(what): \(error)")
      return false
    }
    _ = try verify(VerificationRequest(read, samples: try samples ?? Digits.samples(1), simulator: .interpreter)).json
    _ = NetworkReport(read).table + NetworkReport(read).csv
    return true
  }

  @Test func damagedCompilationsAreRefusedOrUsable() throws {
    let mapping = try Digits.mapping()
    let text = Array(OrderedJSON.text(Compilation(mapping)).utf8)
    #expect(try expectUsable(text, mapping, "as it is"))
    for part in 0..<30 { #expect(try !expectUsable(Array(text.prefix(text.count * part / 30)), mapping, "\(part) of 30")) }
    let whole = try JSONSerialization.jsonObject(with: Data(text))
    var accepted: [(path: [String], what: String)] = [], tried = 0
    for path in places(whole, []) {
      for new: Any? in [-1, Int(1) << 62, 1e300, "x", nil] {
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: replacing(whole, path[...], by: new)))
        tried += 1
        let what = "\(path.joined(separator: ".")) = \(new ?? "nothing")"
        if try expectUsable(bytes, mapping, what) { accepted.append((path, what)) }
      }
    }
    // What nothing rests on: names, comments, what bounds a layer or counts its multiply-accumulates, the stride of a single index.
    #expect(tried > 1_000)
    let free = ["model", "name", "operatorName", "bound", "comment", "macs", "nodes", "featureMemoryPeakBytes", "before", "live", "area", "clockMHz"]
    for (path, what) in accepted {
      #expect(path.contains { free.contains($0) } || what.hasSuffix("strides.0 = -1"), "accepted: \(what)")
    }
  }

  /// Channels that are left out: what a bundle says of them is what was found, and nonsense is refused, unless it is only another constant.
  @Test func damagedConstantsAreRefusedOrUsable() throws {
    let graph = networkWithAConstant(), mapping = try Mapper.map(graph, for: .edge16)
    try #require(mapping.channels == [2: StoredChannels(constants: [nil, 9, nil])])
    let text = Array(OrderedJSON.text(Compilation(mapping)).utf8)
    let read = try Compilation(text, path: "c.json").mapping(graph, mapping.hardware.configuration, MemoryImages(mapping), path: "c.json")
    #expect(read.channels == mapping.channels && read.layers == mapping.layers && read.views == mapping.views)
    let whole = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]), samples = [VerificationSample(inputs: [[7, 200]])]
    let sorted = try JSONSerialization.data(withJSONObject: whole, options: .sortedKeys)
    for path in places(whole["constantChannels"] ?? [], ["constantChannels"]) {
      for new: Any? in [-1, 0, 1, 2, 3, 4, 5, Int(1) << 62, 1e300, "x", nil] {
        let what = "\(path) = \(new ?? "nothing")"
        let changed = [UInt8](try JSONSerialization.data(withJSONObject: replacing(whole, path[...], by: new), options: .sortedKeys))
        // Another constant or another channel can be put back; `aWrongConstantIsFound`.
        let isUsable = try expectUsable(changed, mapping, what, samples)
        #expect(!isUsable || path.contains("values") || path.contains("removed") || changed == [UInt8](sorted), "accepted: \(what)")
      }
    }
  }

  @Test func anotherFormatIsAnotherVersion() throws {
    let mapping = try Digits.mapping(), bytes = Array(#"{"format": "weft-compilation-0", "other": 1}"#.utf8)
    let error = #expect(throws: FileError.self) { try Compilation(bytes, path: "c.json") }
    #expect(error?.description == "c.json: was made by another version of weft; compile the model again")
    var nowhere = try #require(try JSONSerialization.jsonObject(with: Data(OrderedJSON.text(Compilation(mapping)).utf8)) as? [String: Any])
    nowhere["placements"] = [["tensor": 9_999, "bytes": -1, "address": 0, "live": [0, 1]] as [String: Any]]
    #expect(try !expectUsable([UInt8](try JSONSerialization.data(withJSONObject: nowhere)), mapping, "a placement of no tensor"))
  }

  /// Steps, places and words that point nowhere, by name.
  @Test(arguments: [
    (["steps", "0", "layer"], 99, "steps.0.layer"), (["steps", "1", "index"], 0, "steps.1.index"),
    (["steps", "0", "output", "buffer"], 9_999, "steps.0.output"), (["steps", "0", "outputTensor"], 9_999, "steps.0.outputTensor"),
    (["steps", "0", "bufferAddress"], 1, "steps.0.bufferAddress"), (["layers", "0", "steps", "1"], 99, "layers.0.steps"),
    (["placements", "0", "address"], 1 << 24, "placements.0.address"), (["placements", "0", "bytes"], 1, "placements.0.bytes"), (["program", "0", "word"], 0xFFFF_FFFF, "program.0"),
    (["program", "1", "word"], 0, "program"), (["weightDepths", "0"], 1 << 20, "weightDepths"), (["tensors", "0", "zeroPoint"], 99, "tensors.0"),
  ])
  func aWrongPlaceIsNamed(_ path: [String], _ value: Int, _ place: String) throws {
    let mapping = try Digits.mapping()
    let whole = try JSONSerialization.jsonObject(with: Data(OrderedJSON.text(Compilation(mapping)).utf8))
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: replacing(whole, path[...], by: value)))
    let error = #expect(throws: FileError.self) {
      try Compilation(bytes, path: "c.json").mapping(mapping.graph, mapping.hardware.configuration, MemoryImages(mapping), path: "c.json")
    }
    #expect(error?.description == "c.json: is damaged (\(place)); compile the model again")
  }
}
