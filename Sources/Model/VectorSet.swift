// Golden vectors: a model with inputs and what a reference interpreter made of them.
//
// A directory in the format `accel-golden-1` holds
//   manifest.json   what the other files contain
//   the model       named by the manifest
//   inputs.bin      samples back to back, `input_stride` bytes each
//   outputs.bin     the reference's outputs, `output_stride` bytes per sample
//   tensors.bin     every computed tensor of some samples (optional)
// All data is raw, little-endian, in C order. Tensors are named by their index in the
// model file, or by their name where the file has no indices (ONNX); they are in the file's form then, and those that a network
// in integers does not have are left out.

import Foundation
import StrictJSON

/// A directory of golden vectors, loaded.
public struct VectorSet: Sendable {
  /// One stored tensor of one sample.
  public struct StoredTensor: Sendable, Equatable {
    /// The sample it belongs to, from 0.
    public var sample: Int
    /// The tensor's index in the graph.
    public var tensor: Int
    /// The expected contents.
    public var bytes: [UInt8]
  }

  /// The directory, as it was named.
  public let directory: String
  /// The model file.
  public let modelPath: String
  /// One line on what the model is; may be empty.
  public let description: String
  /// Number of samples.
  public let sampleCount: Int
  /// Graph inputs in the order in which samples store them, as tensor indices.
  public let inputTensors: [Int]
  /// Graph outputs in the order in which samples store them, as tensor indices.
  public let outputTensors: [Int]
  /// All stored tensors, inputs and outputs included; empty when there are none.
  public let tensors: [StoredTensor]
  /// Whether the samples are consecutive inferences without a reset; else state is reset before every sample.
  public let isStateful: Bool
  /// The right class of every sample; `nil` when the set is not labelled.
  public let labels: [Int]?

  private let inputLayout: Layout
  private let outputLayout: Layout

  /// The pieces of one sample in a file.
  private struct Layout: Sendable {
    var bytes: [UInt8]
    var stride: Int
    var pieces: [Range<Int>]

    func piece(_ position: Int, ofSample sample: Int) -> ArraySlice<UInt8> {
      bytes[(sample * stride + pieces[position].lowerBound)..<(sample * stride + pieces[position].upperBound)]
    }

    func sample(_ sample: Int) -> [[UInt8]] { pieces.indices.map { Array(piece($0, ofSample: sample)) } }
  }

  /// Loads the vectors in `directory`. The model itself is not read, unless tensors have names in the place of indices.
  ///
  /// - Throws: `ModelError` naming the file that is missing, damaged or too short.
  public static func load(_ directory: String) throws(ModelError) -> VectorSet {
    try VectorSet(directory: directory)
  }

  /// See `load`.
  public init(directory: String) throws(ModelError) {
    func path(_ name: String) -> String { directory.hasSuffix("/") ? directory + name : directory + "/" + name }
    let manifestPath = path("manifest.json")
    var isDirectory: ObjCBool = false
    guard !directory.isEmpty, FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue,
      FileManager.default.fileExists(atPath: manifestPath)
    else {
      throw ModelError(
        .unreadable, "is no directory of golden vectors, which has a manifest.json; docs/files.md says what is in it",
        file: directory.isEmpty ? "--vectors" : directory)
    }
    let manifest = try Manifest(path: manifestPath)
    func wrong(_ what: String) -> ModelError { ModelError(.malformed, what, file: manifestPath) }

    let extensions = modelFormats.map { "." + $0.fileExtension }
    guard extensions.contains(where: manifest.model.hasSuffix) else {
      throw ModelError(
        .unsupported, "vectors of '\(manifest.model)' are not supported, only those of \(extensions.joined(separator: ", ")) models",
        file: manifestPath)
    }
    guard !manifest.model.contains("/"), let inputsFile = Self.plain(manifest.inputsFile ?? "inputs.bin"),
      let outputsFile = Self.plain(manifest.outputsFile ?? "outputs.bin"),
      let tensorsFile = Self.plain(manifest.tensorsFile ?? "tensors.bin")
    else { throw wrong("files are named with a directory; only files beside the manifest are read") }
    guard manifest.n >= 1, manifest.n <= 1 << 24 else { throw wrong("n is \(manifest.n), expected at least 1 sample") }
    if let labels = manifest.labels, labels.count != manifest.n {
      throw wrong("\(labels.count) labels for \(manifest.n) samples")
    }

    let named = manifest.namesTensors ? try readModel(contentsOf: path(manifest.model)) : nil
    let numbers = Dictionary((named?.tensors ?? []).enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    func number(_ entry: Manifest.Entry) -> Int? { entry.index ?? entry.name.flatMap { numbers[cleanedText($0, limit: 1_024)] } }

    func layout(
      _ entries: [Manifest.Entry], stride: Int, file: String, _ what: String
    ) throws(ModelError) -> (tensors: [Int], layout: Layout) {
      var tensors: [Int] = []
      var pieces: [Range<Int>] = []
      let file = path(file)
      for entry in entries {
        guard let index = number(entry) else { throw wrong("an entry of \(what) has no tensor index") }
        guard entry.offset >= 0, entry.nbytes >= 0, stride >= 0, entry.offset <= stride,
          entry.nbytes <= stride - entry.offset
        else {
          throw wrong(
            "\(what) of tensor \(index): \(entry.nbytes) bytes at \(entry.offset) exceed the stride of \(stride)")
        }
        guard !tensors.contains(index) else { throw wrong("\(what) name tensor \(index) twice") }
        tensors.append(index)
        pieces.append(entry.offset..<(entry.offset + entry.nbytes))
      }
      if entries.isEmpty { throw wrong("there are no \(what)") }
      if let gap = Self.unread(pieces, of: stride) { throw wrong("the \(what) leave byte \(gap) of their stride of \(stride) to none or to two tensors") }
      let bytes = try readFile(file, limit: Self.largestFile)
      let (needed, overflow) = stride.multipliedReportingOverflow(by: manifest.n)
      guard !overflow, bytes.count == needed else {
        throw ModelError(
          .malformed, "has \(bytes.count) bytes, but \(manifest.n) samples of \(stride) bytes are expected", file: file)
      }
      return (tensors, Layout(bytes: bytes, stride: stride, pieces: pieces))
    }

    let inputs = try layout(manifest.inputs, stride: manifest.inputStride, file: inputsFile, "inputs")
    let outputs = try layout(manifest.outputs, stride: manifest.outputStride, file: outputsFile, "outputs")
    let entries = manifest.tensors ?? []
    let contents = entries.isEmpty ? [] : try readFile(path(tensorsFile), limit: Self.largestFile)
    var stored: [StoredTensor] = []
    var seen: Set<[Int]> = []
    for entry in entries {
      if named != nil, number(entry) == nil { continue }
      guard let index = number(entry), let sample = entry.sample, (0..<manifest.n).contains(sample) else {
        throw wrong("a stored tensor has no tensor index or no valid sample number")
      }
      guard entry.offset >= 0, entry.nbytes >= 0, entry.offset <= contents.count,
        entry.nbytes <= contents.count - entry.offset
      else {
        throw ModelError(
          .malformed,
          "tensor \(index) of sample \(sample): \(entry.nbytes) bytes at \(entry.offset) lie beyond the file's "
            + "\(contents.count) bytes", file: path(tensorsFile))
      }
      guard seen.insert([sample, index]).inserted else { throw wrong("tensor \(index) of sample \(sample) is stored twice") }
      let bytes = Array(contents[entry.offset..<(entry.offset + entry.nbytes)]), tensor = named?.tensors[index]
      stored.append(
        StoredTensor(sample: sample, tensor: index, bytes: tensor?.fileForm?.graphBytes(bytes, shape: tensor?.shape ?? []) ?? bytes))
    }

    if let gap = Self.unread(entries.map { $0.offset..<($0.offset + $0.nbytes) }, of: contents.count) {
      throw ModelError(
        .malformed, "byte \(gap) of \(contents.count) belongs to none or to two of the manifest's tensors", file: path(tensorsFile))
    }

    self.directory = directory
    modelPath = path(manifest.model)
    description = cleanedText(manifest.description ?? "")
    sampleCount = manifest.n
    inputTensors = inputs.tensors
    outputTensors = outputs.tensors
    inputLayout = inputs.layout
    outputLayout = outputs.layout
    tensors = stored
    labels = manifest.labels
    isStateful = manifest.stateful
  }

  /// The most bytes of one data file.
  private static let largestFile = 1 << 30

  /// The first of `count` bytes that is in no piece or in two; nil when every byte is in exactly one.
  private static func unread(_ pieces: [Range<Int>], of count: Int) -> Int? {
    var next = 0
    for piece in pieces.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if piece.lowerBound != next { return min(piece.lowerBound, next) }
      next = piece.upperBound
    }
    return next == count ? nil : next
  }

  /// `name` when it names a file without a directory.
  private static func plain(_ name: String) -> String? { name.contains("/") ? nil : name }

  /// Checks that the vectors fit `graph`: the same inputs and outputs, the same sizes.
  ///
  /// - Throws: `ModelError` naming the tensor that differs.
  public func check(against graph: Graph) throws(ModelError) {
    func wrong(_ what: String) -> ModelError { ModelError(.invalidShape, what, file: directory) }
    guard Set(inputTensors) == Set(graph.inputs), inputTensors.count == graph.inputs.count else {
      throw wrong("the vectors' inputs are tensors \(inputTensors), the model's are \(graph.inputs)")
    }
    guard Set(outputTensors) == Set(graph.outputs) else {
      throw wrong("the vectors' outputs are tensors \(outputTensors), the model's are \(graph.outputs)")
    }
    func check(_ tensor: Int, _ count: Int) throws(ModelError) {
      guard graph.tensors.indices.contains(tensor) else {
        throw wrong("tensor \(tensor) does not exist in the model")
      }
      guard graph.tensors[tensor].byteCount == count else {
        throw wrong(
          "the vectors have \(count) bytes, the model \(graph.tensors[tensor].byteCount) (\(graph.label(tensor)))")
      }
    }
    for (tensor, piece) in zip(inputTensors, inputLayout.pieces) { try check(tensor, piece.count) }
    for (tensor, piece) in zip(outputTensors, outputLayout.pieces) { try check(tensor, piece.count) }
    let activations = Set(graph.activations + (graph.folded + graph.unread).flatMap(\.outputs))
    for stored in tensors {
      try check(stored.tensor, stored.bytes.count)
      guard activations.contains(stored.tensor) else {
        throw wrong("the vectors hold \(graph.label(stored.tensor)), which the model neither takes nor computes")
      }
    }
    if let labels, let output = graph.outputs.first {
      let classes = graph.tensors[output].elementCount
      if let sample = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
        throw wrong("the label of sample \(sample) is \(labels[sample]), the model has \(classes) classes")
      }
    }
    try checkAgreement(graph)
  }

  /// Checks that what the files say twice they say alike: `tensors.bin` holds inputs and outputs, too.
  private func checkAgreement(_ graph: Graph) throws(ModelError) {
    for stored in tensors {
      for (name, layout, position) in [
        ("inputs.bin", inputLayout, inputTensors.firstIndex(of: stored.tensor)),
        ("outputs.bin", outputLayout, outputTensors.firstIndex(of: stored.tensor)),
      ] {
        guard let position else { continue }
        let other = layout.piece(position, ofSample: stored.sample)
        guard let index = stored.bytes.indices.first(where: { stored.bytes[$0] != other[other.startIndex + $0] }) else { continue }
        let tensor = graph.tensors[stored.tensor], element = index / max((tensor.type.bitCount ?? 8) / 8, 1)
        func value(_ bytes: [UInt8]) -> String {
          let values = tensor.stored(bytes)
          return values.indices.contains(element) ? values[element] : "other bytes"
        }
        throw ModelError(
          .malformed,
          "the vectors contradict themselves in sample \(stored.sample), \(graph.label(stored.tensor)), element \(element): "
            + "\(value(Array(other))) in \(name), \(value(stored.bytes)) in tensors.bin; make them again", file: directory)
      }
    }
  }

  /// The inputs of one sample in the order of `graph.inputs`, as `GoldenModel.run` takes them.
  ///
  /// The vectors must have passed `check(against:)`.
  public func inputs(ofSample sample: Int, for graph: Graph) -> [[UInt8]] {
    let pieces = inputLayout.sample(sample)
    return graph.inputs.compactMap { tensor in inputTensors.firstIndex(of: tensor).map { pieces[$0] } }
  }

  /// The inputs of sample 0..<`sampleCount`, in the order of `inputTensors`.
  public func inputs(ofSample sample: Int) -> [[UInt8]] { inputLayout.sample(sample) }

  /// The expected outputs of sample 0..<`sampleCount`, by tensor index.
  public func outputs(ofSample sample: Int) -> [Int: [UInt8]] {
    Dictionary(zip(outputTensors, outputLayout.sample(sample)), uniquingKeysWith: { first, _ in first })
  }

  /// All that is known of a sample: its stored tensors and its outputs, by tensor index, as `graph` computes them.
  ///
  /// What is known twice is the same twice; `check(against:)` has seen to that.
  public func expected(ofSample sample: Int, for graph: Graph) -> [Int: [UInt8]] {
    var result = outputs(ofSample: sample)
    for stored in tensors where stored.sample == sample {
      result[stored.tensor] = graph.recentered.contains(stored.tensor) ? stored.bytes.map { $0 ^ 0x80 } : stored.bytes
    }
    return result
  }
}

/// The manifest as it is written.
private struct Manifest {
  struct Entry {
    var index: Int?
    var name: String?
    var sample: Int?
    var offset: Int
    var nbytes: Int

    init(_ value: JSONMember) throws(JSONProblem) {
      let object = try value.object()
      (index, sample) = (try object.optional("index")?.integer(), try object.optional("sample")?.integer())
      name = try object.optional("name")?.string()
      (offset, nbytes) = (try object.member("offset").integer(), try object.member("nbytes").integer())
    }
  }

  var model: String
  var description: String?
  var n: Int
  var inputs: [Entry]
  var outputs: [Entry]
  var inputStride: Int
  var outputStride: Int
  var inputsFile: String?
  var outputsFile: String?
  var tensorsFile: String?
  var tensors: [Entry]?
  var labels: [Int]?
  var stateful: Bool
  /// Whether some tensor has a name in the place of an index.
  var namesTensors: Bool { (inputs + outputs + (tensors ?? [])).contains { $0.index == nil && $0.name != nil } }

  init(path: String) throws(ModelError) {
    let bytes = try readFile(path, limit: 64 << 20)
    do throws(JSONProblem) {
      let root = try JSONMember.parse(bytes).object()
      let format = try root.member("format").string()
      guard format == "accel-golden-1" else {
        throw JSONProblem("format is '\(cleanedText(format, limit: 40))', expected 'accel-golden-1'", isVersion: true)
      }
      func entries(_ value: JSONMember) throws(JSONProblem) -> [Entry] {
        var entries: [Entry] = []
        for element in try value.array() { entries.append(try Entry(element)) }
        return entries
      }
      func integers(_ value: JSONMember) throws(JSONProblem) -> [Int] {
        var integers: [Int] = []
        for element in try value.array() { integers.append(try element.integer()) }
        return integers
      }
      model = try root.member("model").string()
      description = try root.optional("description")?.string()
      n = try root.member("n").integer()
      inputs = try entries(try root.member("inputs"))
      outputs = try entries(try root.member("outputs"))
      inputStride = try root.member("input_stride").integer()
      outputStride = try root.member("output_stride").integer()
      inputsFile = try root.optional("inputs_file")?.string()
      outputsFile = try root.optional("outputs_file")?.string()
      tensorsFile = try root.optional("tensors_file")?.string()
      tensors = try root.optional("tensors").map { value throws(JSONProblem) in try entries(value) }
      stateful = try root.optional("stateful")?.boolean() ?? false
      labels = try root.optional("labels").map { value throws(JSONProblem) in try integers(value) }
    } catch {
      throw ModelError(error.isVersion ? .unsupported : .malformed, error.description, file: path)
    }
  }
}
