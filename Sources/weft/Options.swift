// Options that several commands share.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model

/// `--config`.
struct ConfigurationOption: ParsableArguments {
  @Option(name: .long, help: "A named configuration (up5k, edge16, edge64, edge128, edge256) or a configuration file.")
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

/// The network and the configuration, mapped.
/// - Parameters:
///   - path: how messages name the model.
///   - source: how messages name the configuration.
/// - Throws: `ModelError`, `ConfigurationError` or `MappingError`.
func compileModel(_ bytes: [UInt8], path: String, _ configuration: Configuration, from source: String) throws -> Mapping {
  let graph = try loadTFLite(bytes: bytes, name: path)
  do {
    return try Mapper.map(graph, for: configuration)
  } catch let error as MappingError {
    throw MappingError(source: path, message: error.message)
  } catch let error as ConfigurationError where error.source == configuration.name {
    throw ConfigurationError(source: source, message: error.message)
  }
}

/// The bytes of a model file; a directory that holds `model.tflite` will do.
func modelPath(_ path: String) -> String {
  var isDirectory: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
    let inside = path + (path.hasSuffix("/") ? "" : "/") + "model.tflite"
    if FileManager.default.fileExists(atPath: inside) { return inside }
  }
  return path
}

/// The default output directory of a network.
func defaultOutput(_ name: String) -> String { "rtl-out/" + safeFileName(name) }
