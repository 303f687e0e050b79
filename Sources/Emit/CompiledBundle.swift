// A bundle of a network, read back. Nothing is compiled again: `compilation.json` says what the files mean.
//
// Model, configuration and compilation must be as they were written, by the hashes in the manifest, because everything else is
// judged by them. Hardware and images are taken as they are, so that whoever simulates them finds a change.

import Foundation
import Machine
import Mapper
import Model

/// A compiled network from a directory.
public struct CompiledBundle: Sendable {
  public var mapping: Mapping
  /// What is loaded.
  public var images: MemoryImages
  /// The hardware, the top last.
  public var verilog: [VerilogFile]

  /// - Throws: `FileError`, `ModelError` or `ConfigurationError` naming the file that is missing, damaged or changed.
  public init(_ directory: String) throws {
    guard let manifest = BundleManifest(ofBundle: directory) else {
      throw FileError(path: "\(directory)/\(BundleManifest.fileName)", message: "is damaged; compile the model again")
    }
    guard manifest.isSealed else {
      throw FileError(path: "\(directory)/\(BundleManifest.fileName)", message: "was changed since weft made it; compile the model again")
    }
    guard case .network = manifest.subject else {
      throw FileError(path: directory, message: "holds hardware without a network; name a directory that `weft compile` made")
    }
    guard manifest.hashes[Compilation.fileName] != nil else { throw FileError.otherVersion(directory) }
    func path(_ name: String) -> String { "\(directory)/\(name)" }
    func file(_ name: String) throws -> [UInt8] {
      guard FileManager.default.fileExists(atPath: path(name)) else {
        throw FileError(path: path(name), message: "is missing; compile the model again")
      }
      return try readModelFile(path(name))
    }
    func unchanged(_ name: String) throws -> [UInt8] {
      let bytes = try file(name)
      guard SHA256.hex(bytes) == manifest.hashes[name] else {
        throw FileError(path: path(name), message: "was changed since weft made it; compile the model again")
      }
      return bytes
    }
    let configuration = try Configuration.parse(Data(try unchanged("configuration.json")), source: path("configuration.json"))
    let graph = try loadModel(
      try unchanged(manifest.model), name: path(manifest.model), reference: manifest.reference, rounding: manifest.rounding)
    let compilation = try Compilation(try unchanged(Compilation.fileName), path: path(Compilation.fileName))
    images = MemoryImages(
      images: try RegisterMap.Region.allCases.filter { manifest.hashes[$0.imageFile] != nil }.map { region in
        guard let words = MemoryImage.words(hexText: try file(region.imageFile)) else {
          throw FileError(path: path(region.imageFile), message: "is not a list of 32-bit hexadecimal words; compile the model again")
        }
        return MemoryImage(region: region, words: words)
      })
    mapping = try compilation.mapping(graph, configuration, images, path: path(Compilation.fileName))
    let top = "rtl/\(manifest.top).v"
    let names = manifest.hashes.keys.filter { $0.hasPrefix("rtl/") && $0.hasSuffix(".v") && $0 != top }.sorted() + [top]
    verilog = try names.map {
      VerilogFile(name: String($0.dropFirst(4).dropLast(2)), text: String(decoding: try file($0), as: UTF8.self))
    }
  }
}
