// A compiled network: fresh from the mapper, or read back from a bundle.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// Everything a simulation needs.
struct Design {
  var mapping: Mapping
  var images: MemoryImages
  var verilog: [VerilogFile]

  init(mapping: Mapping, images: MemoryImages, verilog: [VerilogFile]) {
    (self.mapping, self.images, self.verilog) = (mapping, images, verilog)
  }

  /// Reads a bundle. Hardware and images are those of its files, so that a change in them is found out; layers and
  /// tensors come from compiling its model again.
  init(bundle: String) throws {
    func file(_ name: String) throws -> [UInt8] {
      guard let data = FileManager.default.contents(atPath: "\(bundle)/\(name)") else {
        throw BundleError(path: "\(bundle)/\(name)", message: "is missing; compile the model again")
      }
      return [UInt8](data)
    }
    guard FileManager.default.fileExists(atPath: "\(bundle)/model.tflite") else {
      throw BundleError(path: bundle, message: "holds hardware without a network; name a model, or a directory that `weft compile` made")
    }
    let manifest = try Self.manifest(try file("manifest.json"), bundle)
    let configuration = try Configuration.parse(Data(try file("configuration.json")), source: "\(bundle)/configuration.json")
    var mapping = try compileModel(try file("model.tflite"), path: "\(bundle)/model.tflite", configuration, from: "\(bundle)/configuration.json")
    mapping.graph.name = manifest.name
    let fresh = MemoryImages(mapping)
    for image in fresh.images where manifest.hashes[image.fileName] != SHA256.hex(image.hexBytes) {
      throw BundleError(path: bundle, message: "was made by another version of weft (\(image.fileName) differs); compile the model again")
    }
    let images = try fresh.images.map { image in
      guard let words = MemoryImage.words(hexText: try file(image.fileName)) else {
        throw BundleError(path: "\(bundle)/\(image.fileName)", message: "is not a list of 32-bit hexadecimal words; compile the model again")
      }
      return MemoryImage(region: image.region, words: words, usedWords: image.usedWords, groupWords: image.groupWords)
    }
    // The top last, as everywhere.
    let top = "rtl/\(manifest.top).v"
    let names = manifest.hashes.keys.filter { $0.hasPrefix("rtl/") && $0.hasSuffix(".v") && $0 != top }.sorted() + [top]
    let verilog = try names.map {
      VerilogFile(name: String($0.dropFirst(4).dropLast(2)), text: String(decoding: try file($0), as: UTF8.self))
    }
    self.init(mapping: mapping, images: MemoryImages(images: images), verilog: verilog)
  }

  private static func manifest(_ bytes: [UInt8], _ bundle: String) throws -> (name: String, top: String, hashes: [String: String]) {
    struct Contents: Decodable {
      struct Network: Decodable { var name: String }
      struct File: Decodable {
        var path: String
        var sha256: String
      }
      var model: Network
      var top: String
      var files: [File]
    }
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)), isName(contents.top),
      contents.files.allSatisfy({ !$0.path.hasPrefix("/") && !$0.path.split(separator: "/").contains("..") })
    else { throw BundleError(path: "\(bundle)/manifest.json", message: "is damaged; compile the model again") }
    let hashes = Dictionary(contents.files.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    return (contents.model.name, contents.top, hashes)
  }

  /// Whether `text` is the name of a module.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
