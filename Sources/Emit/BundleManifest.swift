// The manifest of a bundle, read back: what the bundle is of, and which files weft made with which contents.
//
// The last key, `seal`, is the hash of the text without it, so that an edit of the manifest is found as well.

import Foundation
import Model

/// What `manifest.json` says.
public struct BundleManifest: Sendable {
  /// What a bundle is of.
  public enum Subject: Equatable, Sendable, CustomStringConvertible {
    case network(String), hardware(String)
    public var description: String {
      switch self {
      case .network(let name): "the network \"\(safeComment(name))\""
      case .hardware(let name): "the hardware \"\(safeComment(name))\" without a network"
      }
    }
  }

  public var subject: Subject
  /// The file of the model.
  public var model: String
  /// The module to instantiate.
  public var top: String
  /// Whose results the network follows.
  public var reference: ReferenceInterpreter
  /// How sums are rounded, where the model's format asks for ONNX Runtime's rule.
  public var rounding: Rounding
  /// SHA-256 by path.
  public var hashes: [String: String]
  /// Whether the text is as weft wrote it. A manifest without a seal, of an earlier version, counts as such.
  public var isSealed: Bool

  /// - Returns: nil when the bytes are no manifest, or one that names files outside its directory.
  public init?(_ bytes: [UInt8]) {
    struct Contents: Decodable {
      struct Network: Decodable {
        var name: String
        var file: String?
        var reference: String?
        var rounding: String?
      }
      var format: String
      var model: Network?
      var configuration: String
      var top: String
      var files: [Manifest.File]
    }
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)), Self.formats.contains(contents.format),
      contents.files.allSatisfy({ Self.isInside($0.path) }), Self.isModuleName(contents.top),
      let reference = ReferenceInterpreter(rawValue: contents.model?.reference ?? ReferenceInterpreter.tflm.rawValue),
      let rounding = Rounding(rawValue: contents.model?.rounding ?? Rounding.exact.rawValue)
    else { return nil }
    model = contents.model?.file ?? modelFormats[0].fileName
    subject = contents.model.map { .network($0.name) } ?? .hardware(contents.configuration)
    top = contents.top
    (self.reference, self.rounding) = (reference, rounding)
    hashes = Dictionary(contents.files.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    isSealed = Self.isIntact(bytes)
  }

  /// The manifest of the bundle in `directory`; nil when it is none.
  public init?(ofBundle directory: String) {
    guard let bytes = FileSystem.read(directory + "/" + Self.fileName) else { return nil }
    self.init(bytes)
  }

  static let fileName = "manifest.json"
  /// Those that may be replaced.
  private static let formats = [Manifest.currentFormat, "weft-bundle-1"]

  private static func isModuleName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func isInside(_ path: String) -> Bool {
    path != fileName && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
  }

  private static let sealStart = ",\n  \"seal\": \"", sealEnd = "\"\n}\n"

  /// A manifest's text with its seal.
  static func sealed(_ text: String) -> String {
    precondition(text.hasSuffix("\n}\n"), "a manifest is an object of several lines")
    return text.dropLast(3) + sealStart + SHA256.hex(Array(text.utf8)) + sealEnd
  }

  private static func isIntact(_ bytes: [UInt8]) -> Bool {
    let length = sealStart.utf8.count + 64 + sealEnd.utf8.count
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("\n  \"seal\": ") else { return true }
    guard bytes.count > length else { return false }
    return Array(sealed(String(decoding: bytes.dropLast(length), as: UTF8.self) + "\n}\n").utf8) == bytes
  }
}
