// `manifest.json`: what a bundle was made from, where everything lies, and the hash of every file.

import Machine
import Mapper
import Model

extension Artifact {
  static let manifest = Artifact(
    BundleManifest.fileName, stage: .hashes,
    summary: { "what this was made from, " + ($0.network == nil ? "" : "tensors and their places, ") + "the hash of every file" }
  ) { contents, made in
    [BundleFile(path: BundleManifest.fileName, text: BundleManifest.sealed(OrderedJSON.text(Manifest(contents, files: made))))]
  }
}

/// `manifest.json`. Hardware without a network has no model, inputs, outputs and placements.
struct Manifest: Codable {
  /// The name of the format. Version 1 had no `compilation.json` beside it.
  static let currentFormat = "weft-bundle-2"

  struct Tool: Codable {
    var name = "weft"
    var version = toolVersion
  }
  struct Model: Codable {
    var name: String
    var file: String
    var sha256: String
    var reference: String
    /// Of sums, where the model's format asks for ONNX Runtime's; no key otherwise.
    var rounding: String?
  }
  struct Place: Codable {
    var tensor: Int
    var name: String
    var address: Int
    var bytes: Int
    var firstStep: Int
    var lastStep: Int
  }
  struct File: Codable {
    var path: String
    var bytes: Int
    var sha256: String
  }

  var format = currentFormat
  var tool = Tool()
  var model: Model?
  var configuration: String
  var hardware: HardwareInfo
  var top: String
  /// Of the accelerator.
  var inputs: [TensorInfo]?
  var outputs: [TensorInfo]?
  /// What the host does; no key when the accelerator does all.
  var host: HostInfo?
  /// No key without any.
  var states: [StateInfo]?
  var placements: [Place]?
  var memoryMap = MemoryMapInfo()
  /// Everything else in the bundle.
  var files: [File]

  init(_ contents: BundleContents, files: [BundleFile]) {
    (configuration, hardware, top) = (contents.hardware.configuration.name, HardwareInfo(contents.hardware), contents.top)
    self.files = files.map { File(path: $0.path, bytes: $0.bytes.count, sha256: SHA256.hex($0.bytes)) }
    guard let network = contents.network else { return }
    let mapping = network.mapping, graph = mapping.graph
    model = Model(
      name: graph.name, file: network.modelFile, sha256: SHA256.hex(network.model), reference: graph.reference.rawValue,
      rounding: graph.rounding == .fixedPoint ? nil : graph.rounding.rawValue)
    inputs = graph.inputs.map { TensorInfo($0, in: mapping) }
    outputs = graph.outputs.map { TensorInfo($0, in: mapping) }
    host = HostInfo(mapping.network)
    states = graph.states.isEmpty ? nil : graph.states.map { StateInfo($0, in: mapping) }
    placements = mapping.placements.map {
      Place(
        tensor: $0.tensor, name: graph.tensors[$0.tensor].name, address: $0.address, bytes: $0.bytes,
        firstStep: $0.live.lowerBound, lastStep: $0.live.upperBound)
    }
  }
}
