// Options that several commands share.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

/// `--config`.
struct ConfigurationOption: ParsableArguments {
  @Option(name: .long, help: "A named configuration (\(Configuration.names)) or a configuration file.")
  var config = "edge64"

  func load() throws -> Configuration { try Configuration.load(nameOrPath: config) }
}

/// `--prefix`.
struct PrefixOption: ParsableArguments {
  @Option(name: .long, help: "What the names of all Verilog modules begin with; by default weft_CONFIGURATION_FINGERPRINT_.")
  var prefix: String?

  func validate() throws {
    guard let prefix else { return }
    do throws(ModulePrefixError) {
      _ = try ModulePrefix(prefix)
    } catch {
      throw ValidationError("--prefix: \(error)")
    }
  }

  /// The user's own, or nil.
  func load() throws -> ModulePrefix? { try prefix.map { try ModulePrefix($0) } }
}

/// `--reference`.
struct ReferenceOption: ParsableArguments {
  @Option(help: "Whose results are right where interpreters differ: tflm (TensorFlow Lite Micro, the default) or litert.")
  var reference: String?

  var interpreter: ReferenceInterpreter { reference.flatMap(ReferenceInterpreter.init) ?? .tflm }

  func validate() throws {
    if let reference, ReferenceInterpreter(rawValue: reference) == nil {
      throw ValidationError("--reference is '\(reference)', must be \(ReferenceInterpreter.allCases.map(\.rawValue).joined(separator: " or "))")
    }
  }
}

/// `--rounding`.
struct RoundingOption: ParsableArguments {
  @Option(
    help: """
      Of an ONNX model: exact (the default) rounds as ONNX Runtime does at every sum, or refuses; nearest may be one step off at few \
      sums, and says at how many.
      """)
  var rounding: String?

  var rule: Rounding { rounding.flatMap(Rounding.init) ?? .exact }

  func validate() throws {
    if let rounding, ![Rounding.exact, .nearest].map(\.rawValue).contains(rounding) {
      throw ValidationError("--rounding is '\(rounding)', must be exact or nearest")
    }
  }
}

/// `--prefer`.
struct PreferenceOption: ParsableArguments {
  @Option(help: "What layouts are chosen for: cycles (the default), or weights, none of which is then stored twice.")
  var prefer = "cycles"

  var policy: LayoutPolicy { LayoutPolicy.named[prefer] ?? .leastCycles }

  func validate() throws {
    if LayoutPolicy.named[prefer] == nil {
      throw ValidationError("--prefer is '\(prefer)', must be \(LayoutPolicy.named.keys.sorted().joined(separator: " or "))")
    }
  }
}

/// `--keep-constant-channels`.
struct ConstantChannelsOption: ParsableArguments {
  @Flag(help: "Compute channels that can have one value only, too, instead of adding what they add to the biases behind them.")
  var keepConstantChannels = false
}

/// What `--simulator` names.
/// - Throws: `ValidationError` when it is none of `kinds`.
func simulatorKind(_ name: String, among kinds: [SimulatorKind] = SimulatorKind.allCases) throws -> SimulatorKind {
  guard let kind = SimulatorKind(rawValue: name), kinds.contains(kind) else {
    let names = kinds.map(\.rawValue)
    throw ValidationError("--simulator is '\(name)', must be \(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])")
  }
  return kind
}

/// The warnings about a network, one line each.
func complain(about graph: Graph, path: String) {
  for warning in graph.warnings { StandardStreams.complain("\(path): warning: \(warning)") }
}

/// The network and the configuration, mapped.
/// - Parameters:
///   - path: how messages name the model.
///   - source: how messages name the configuration.
/// - Throws: `ModelError`, `ConfigurationError` or `MappingError`.
func compileModel(
  _ bytes: [UInt8], path: String, _ configuration: Configuration, from source: String, reference: ReferenceInterpreter = .tflm,
  rounding: Rounding = .exact, policy: LayoutPolicy = .leastCycles, constants: ConstantChannelsOption? = nil
) throws -> Mapping {
  try compileGraph(
    try loadModel(bytes, name: path, reference: reference, rounding: rounding), path: path, configuration, from: source, policy: policy,
    constants: constants)
}

/// The same for a network that has been loaded.
func compileGraph(
  _ graph: Graph, path: String, _ configuration: Configuration, from source: String, policy: LayoutPolicy = .leastCycles,
  constants: ConstantChannelsOption? = nil
) throws -> Mapping {
  do {
    let mapping = try Mapper.map(graph, for: configuration, policy: policy, keepsConstantChannels: constants?.keepConstantChannels ?? false)
    for line in mapping.roundings.lines(in: mapping.graph) { StandardStreams.complain("\(path): rounding: \(line)") }
    return mapping
  } catch let error as MappingError {
    throw MappingError(source: path, message: error.message)
  } catch let error as ConfigurationError where error.source == configuration.name {
    throw ConfigurationError(source: source, message: error.message)
  }
}

/// What the help says of an argument that names a model.
let modelHelp = "The model, a \(modelFormats.map { "." + $0.fileExtension }.joined(separator: " or ")) file."

/// `-o` and `--force` of commands that make a bundle.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("output")],
    help: "The directory to write; by default rtl-out/NAME. An older bundle there is replaced, files that you added to it stay.")
  var output: String?
  @Flag(help: "Replace files of an older bundle even when they were edited.") var force = false

  /// The directory, after a look at whether it may be written.
  /// - Parameter name: of the network or the hardware.
  func check(_ name: String) throws(FileError) -> String {
    let directory = output ?? "rtl-out/" + safeFileName(name)
    try OutputBundle.checkReplaceable(directory)
    return directory
  }

  /// - Returns: what the user should know, a line each.
  func write(_ bundle: OutputBundle, to directory: String) throws(FileError) -> [String] {
    try bundle.write(to: directory, force: force, isDefault: output == nil)
  }
}
