// The parts of a bundle, each said once.
//
// A part has a file of its own here, and a row in `all`. What is written, and what the bundle's read-me says is in it,
// follow.

import Machine
import Mapper
import Model

/// What the files of a bundle are made from: hardware, and in most bundles a network that was compiled for it.
struct BundleContents: Sendable {
  struct Network: Sendable {
    var mapping: Mapping
    var images: MemoryImages
    /// The bytes of the model file.
    var model: [UInt8]
    /// The name of its copy: that of its format.
    var modelFile: String { ((try? modelFormat(of: model, name: "")) ?? modelFormats[0]).fileName }
  }
  var hardware: Hardware
  /// The hardware's modules, the top last.
  var verilog: [VerilogFile]
  /// What their names begin with.
  var prefix: ModulePrefix
  var network: Network?

  /// The module to instantiate.
  var top: String { verilog.topModule }
}

/// A part of a bundle: a file, or some that belong together.
struct Artifact: Sendable {
  /// When a part is made.
  enum Stage: CaseIterable {
    /// From hardware and network.
    case contents
    /// When the names of all other files are known.
    case names
    /// When all other files are there.
    case hashes
  }

  typealias Make = @Sendable (_ contents: BundleContents, _ made: [BundleFile]) throws -> [BundleFile]

  /// As the read-me lists it: files, a directory with its `/`, or `*.hex`.
  let paths: [String]
  let stage: Stage
  /// Whether hardware alone has none.
  let needsNetwork: Bool
  /// Whether contents have it.
  var isPart: @Sendable (BundleContents) -> Bool = { _ in true }
  /// One line for the read-me; empty for what is not listed there.
  let summary: @Sendable (BundleContents) -> String
  private let make: Make

  /// - Parameter make: gets the files of the stages before, and of the rows above.
  init(
    _ paths: String..., stage: Stage = .contents, needsNetwork: Bool = false, summary: @escaping @Sendable (BundleContents) -> String,
    make: @escaping Make
  ) {
    (self.paths, self.stage, self.needsNetwork, self.summary, self.make) = (paths, stage, needsNetwork, summary, make)
  }

  /// A single file of a network.
  init(
    ofNetwork path: String, _ summary: String, bytes: @escaping @Sendable (BundleContents.Network, BundleContents) throws -> [UInt8]
  ) {
    self.init(path, needsNetwork: true, summary: { _ in summary }) { contents, _ in
      try contents.network.map { [BundleFile(path: path, bytes: try bytes($0, contents))] } ?? []
    }
  }

  /// The model of a network, where it has this format.
  init(ofModelsIn format: some ModelFormat) {
    let name = format.fileName
    self.init(ofNetwork: name, "the model, as it was compiled") { network, _ in network.model }
    isPart = { $0.network?.modelFile == name }
  }

  /// A single file that every bundle has.
  init(_ path: String, _ summary: String, text: @escaping @Sendable (BundleContents) -> String) {
    self.init(path, summary: { _ in summary }) { contents, _ in [BundleFile(path: path, text: text(contents))] }
  }

  /// All of them, in the order of the read-me.
  static let all: [Artifact] = [
    .verilog, .registers, .images, .listing, .driver, .testbench, .core, .configuration, .model, .modelOfONNX, .compilation, .report, .readMe,
    .manifest, .license,
  ]

  /// Those that a bundle has.
  static func all(of contents: BundleContents) -> [Artifact] { all.filter { (contents.network != nil || !$0.needsNetwork) && $0.isPart(contents) } }

  /// All files of a bundle in the order of their paths, the manifest last.
  /// - Throws: `ModelError` when the network cannot be run by the golden kernels.
  static func files(of contents: BundleContents) throws -> [BundleFile] {
    var files: [BundleFile] = []
    for stage in Stage.allCases {
      for artifact in all(of: contents) where artifact.stage == stage { files += try artifact.make(contents, files) }
      if stage == .names { files.sort { $0.path < $1.path } }
    }
    return files
  }
}

// Parts whose contents are made elsewhere.

extension Artifact {
  static let verilog = Artifact(
    "rtl/", summary: { "the accelerator in Verilog-2005, a module a file; the top is `\($0.top)`" }
  ) { contents, _ in
    contents.verilog.map { BundleFile(path: "rtl/\($0.name).v", text: $0.text) }
  }
  static let registers = Artifact("registers.md", "the registers and windows that a host sees") { _ in
    licensedMarkdown(registerReference())
  }
  static let configuration = Artifact("configuration.json", "the configuration of the hardware") { $0.hardware.configuration.json + "\n" }
  static let model = Artifact(ofModelsIn: TFLite())
  static let modelOfONNX = Artifact(ofModelsIn: ONNX())
  static let compilation = Artifact(
    ofNetwork: Compilation.fileName, "what the compiler made of the model: layers, steps, tensors and their places"
  ) { network, _ in Array(OrderedJSON.text(Compilation(network.mapping)).utf8) }
}
