// A compiled network: fresh from the mapper, or read back from a bundle.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// Everything a simulation needs.
struct Design {
  var mapping: Mapping
  /// What is loaded.
  var images: MemoryImages
  /// The hardware; nil: what the generators make of it.
  var verilog: [VerilogFile]?

  /// Fresh from the mapper.
  init(_ mapping: Mapping) { (self.mapping, images) = (mapping, MemoryImages(mapping)) }

  /// Reads a bundle. Hardware and images are those of its files, so that a change in them is found out; layers and
  /// tensors come from compiling its model again.
  init(bundle: String) throws {
    func file(_ name: String) throws -> [UInt8] {
      guard FileManager.default.fileExists(atPath: "\(bundle)/\(name)") else {
        throw FileError(path: "\(bundle)/\(name)", message: "is missing; compile the model again")
      }
      return try readModelFile("\(bundle)/\(name)")
    }
    guard let manifest = BundleManifest(ofBundle: bundle) else {
      throw FileError(path: "\(bundle)/manifest.json", message: "is damaged; compile the model again")
    }
    guard case .network(let name) = manifest.subject else {
      throw FileError(path: bundle, message: "holds hardware without a network; name a model, or a directory that `weft compile` made")
    }
    let configuration = try Configuration.parse(Data(try file("configuration.json")), source: "\(bundle)/configuration.json")
    var mapping = try compileModel(
      try file("model.tflite"), path: "\(bundle)/model.tflite", configuration, from: "\(bundle)/configuration.json", reference: manifest.reference)
    mapping.graph.name = name
    let fresh = MemoryImages(mapping)
    for image in fresh.images where manifest.hashes[image.fileName] != SHA256.hex(image.hexBytes) {
      throw FileError(path: bundle, message: "was made by another version of weft (\(image.fileName) differs); compile the model again")
    }
    let images = try fresh.images.map { image in
      guard let words = MemoryImage.words(hexText: try file(image.fileName)) else {
        throw FileError(path: "\(bundle)/\(image.fileName)", message: "is not a list of 32-bit hexadecimal words; compile the model again")
      }
      return MemoryImage(region: image.region, words: words, usedWords: image.usedWords, groupWords: image.groupWords)
    }
    // The top last, as everywhere.
    let top = "rtl/\(manifest.top).v"
    let names = manifest.hashes.keys.filter { $0.hasPrefix("rtl/") && $0.hasSuffix(".v") && $0 != top }.sorted() + [top]
    verilog = try names.map {
      VerilogFile(name: String($0.dropFirst(4).dropLast(2)), text: String(decoding: try file($0), as: UTF8.self))
    }
    (self.mapping, self.images) = (mapping, MemoryImages(images: images))
  }
}
