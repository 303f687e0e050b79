// A compilation as one value: hardware, program, layers, steps, places and tensors. `compilation.json` of a bundle.
//
// What a host loads besides the program (weights, parameters, tables) is not repeated here: the bundle has it as images, which
// are what the hardware gets, and constants are the model's. Ranges are pairs: of steps `[first, behind the last]`, of the life
// of a placement `[first, last]`.

import Foundation
import Machine
import Mapper
import Model

/// What the compiler found out about a network on hardware.
public struct Compilation: Codable, Sendable {
  /// A program word and the compiler's comment.
  struct Word: Codable, Sendable {
    var word: UInt32
    var comment: String
  }
  /// Where a tensor lies that has no bytes of its own.
  struct TensorView: Codable, Sendable {
    var tensor: Int
    var view: View
  }

  /// The channels of a tensor that are constant and not stored, and their values.
  struct TensorConstants: Codable, Sendable {
    var tensor: Int
    /// All channels.
    var channels: Int
    var removed: [Int]
    var values: [Int8]

    init(_ tensor: Int, _ stored: StoredChannels) {
      (self.tensor, channels) = (tensor, stored.count)
      removed = stored.constants.indices.filter { stored.constants[$0] != nil }
      values = stored.constants.compactMap { $0 }
    }

    /// - Returns: nil where removed channels are not there, or all of them.
    var stored: StoredChannels? {
      guard (1...CompilationCheck.largestSize).contains(channels), removed.count == values.count, Set(removed).count == removed.count,
        removed.count < channels, removed.allSatisfy((0..<channels).contains)
      else { return nil }
      var constants = [Int8?](repeating: nil, count: channels)
      for (channel, value) in zip(removed, values) { constants[channel] = value }
      return StoredChannels(constants: constants)
    }
  }

  /// How a tensor of int16 lies.
  struct TensorRows: Codable, Sendable {
    var tensor: Int
    var rows: Int16Rows
  }

  static let fileName = "compilation.json"
  private static let currentFormat = "weft-compilation-5"

  var format = currentFormat
  var model: String
  /// Its name; `configuration.json` has it in full.
  var configuration: String
  var hardware: HardwareInfo
  var featureMemoryPeakBytes: Int
  /// Words of weights that every element needs.
  var weightDepths: [Int]
  var layers: [Layer]
  var steps: [Step]
  var placements: [Placement]
  var views: [TensorView]
  var constantChannels: [TensorConstants]
  var int16: [TensorRows]
  /// Inputs, intermediate results and outputs.
  var tensors: [TensorInfo]
  var program: [Word]

  public init(_ mapping: Mapping) {
    (model, configuration) = (mapping.graph.name, mapping.hardware.configuration.name)
    (hardware, featureMemoryPeakBytes) = (HardwareInfo(mapping.hardware), mapping.featureMemoryPeakBytes)
    weightDepths = mapping.weightDepths
    (layers, steps, placements) = (mapping.layers, mapping.steps, mapping.placements)
    views = mapping.views.sorted { $0.key < $1.key }.map { TensorView(tensor: $0.key, view: $0.value) }
    constantChannels = mapping.channels.sorted { $0.key < $1.key }.map { TensorConstants($0.key, $0.value) }
    int16 = mapping.int16.sorted { $0.key < $1.key }.map { TensorRows(tensor: $0.key, rows: $0.value) }
    tensors = mapping.graph.activations.map { TensorInfo($0, in: mapping) }
    program = mapping.program.map { Word(word: $0.instruction.word, comment: $0.comment) }
  }

  /// Reads `compilation.json`.
  /// - Parameter path: how messages name it.
  /// - Throws: `FileError` when it is damaged.
  public init(_ bytes: [UInt8], path: String) throws(FileError) {
    struct Format: Decodable { var format: String }
    if let other = try? JSONDecoder().decode(Format.self, from: Data(bytes)), other.format != Self.currentFormat { throw .otherVersion(path) }
    do {
      self = try JSONDecoder().decode(Compilation.self, from: Data(bytes))
    } catch {
      throw .damaged(path, (error as? DecodingError)?.place ?? "it is no JSON")
    }
  }

  /// The mapping that this was made of.
  ///
  /// - Parameters:
  ///   - graph: the validated network.
  ///   - images: what is loaded; weights, parameters and tables are taken from them.
  ///   - path: how messages name this.
  /// - Throws: `FileError` when it does not fit the network or the configuration, or was made by another version of the machine.
  public func mapping(
    _ graph: Graph, _ configuration: Configuration, _ images: MemoryImages, path: String
  ) throws(FileError) -> Mapping {
    let graph = graph.compiled
    let check = CompilationCheck(compilation: self, graph: graph.partition.accelerator, path: path)
    let hardware = try check.hardware(configuration)
    let program = try check.program(hardware)
    let channels = try check.channels(), int16 = try check.int16Rows()
    try check.steps()
    try check.places(hardware)
    var mapping = Mapping(
      network: graph, hardware: hardware, program: program, weights: images.bytes(of: .weights), weightDepths: weightDepths,
      parameters: images.parameters,
      scalarTables: images.tables(of: images[.scalarTables]?.words ?? []),
      byteTables: images.tables(of: images.bytes(of: .byteTables)),
      steps: steps, layers: layers, placements: placements,
      views: Dictionary(views.map { ($0.tensor, $0.view) }, uniquingKeysWith: { first, _ in first }),
      channels: channels, int16: int16, featureMemoryPeakBytes: featureMemoryPeakBytes)
    mapping.graph.name = model
    mapping.network.name = model
    try check.tensors(mapping)
    return mapping
  }
}

extension DecodingError {
  /// Where something is missing or of another type: `steps.3.layer`.
  fileprivate var place: String {
    let (path, what) = switch self {
    case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context): (context.codingPath, "is of another type")
    case .dataCorrupted(let context): (context.codingPath, "cannot be read")
    @unknown default: ([], "cannot be read")
    }
    let names = path.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty ? "it is no JSON" : names.joined(separator: ".") + " " + what
  }
}

extension FileError {
  /// - Parameter what: a phrase that says where.
  static func damaged(_ path: String, _ what: String) -> FileError {
    FileError(path: path, message: "is damaged (\(cleanedText(what, limit: 200))); compile the model again")
  }
  static func otherVersion(_ path: String) -> FileError {
    FileError(path: path, message: "was made by another version of weft; compile the model again")
  }
}
