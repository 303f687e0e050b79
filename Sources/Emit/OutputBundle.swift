// A bundle: everything that one compilation makes, as a directory.
//
// The files are made in memory first and then take the place of an older bundle as a whole.

import Foundation
import Machine
import Mapper
import Model

/// One file of a bundle.
public struct BundleFile: Sendable, Equatable {
  /// Relative, with `/`.
  public var path: String
  public var bytes: [UInt8]
  public init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
  public init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }
}

/// The contents of an output directory.
public struct OutputBundle: Sendable {
  public var files: [BundleFile]

  /// A compiled network.
  /// - Parameters:
  ///   - model: the bytes of the model file; its copy lets `weft verify` check the bundle alone.
  ///   - verilog: the hardware, the top last.
  ///   - prefix: what the names of its modules begin with; by default what `ModulePrefix` makes of the hardware.
  /// - Throws: `ModelError` when the network cannot be run by the golden kernels.
  public init(_ mapping: Mapping, model: [UInt8], verilog: [VerilogFile], prefix: ModulePrefix? = nil) throws {
    let network = BundleContents.Network(mapping: mapping, images: MemoryImages(mapping), model: model)
    files = try Artifact.files(
      of: BundleContents(hardware: mapping.hardware, verilog: verilog, prefix: prefix ?? ModulePrefix(mapping.hardware), network: network))
  }

  /// Hardware without a network.
  public init(_ hardware: Hardware, verilog: [VerilogFile], prefix: ModulePrefix? = nil) throws {
    files = try Artifact.files(of: BundleContents(hardware: hardware, verilog: verilog, prefix: prefix ?? ModulePrefix(hardware)))
  }

  /// Writes the files to `directory`, in the place of an older bundle.
  ///
  /// What the user added there stays; see `BundleReplacement` for how.
  /// - Parameters:
  ///   - force: whether files that were edited since weft made them are replaced.
  ///   - isDefault: whether the name is made from the network's: then a bundle of another network is not replaced.
  /// - Returns: what the user should know, a line each.
  /// - Throws: `FileError` when the directory holds something else, something would be lost, or it cannot be written.
  @discardableResult
  public func write(to directory: String, force: Bool = false, isDefault: Bool = false) throws(FileError) -> [String] {
    let target = try Self.target(directory)
    let manifest = files.first { $0.path == BundleManifest.fileName }.flatMap { BundleManifest($0.bytes) }
    return try BundleReplacement(target: target, files: files, force: force, subject: isDefault ? manifest?.subject : nil).run()
  }

  /// Checks a directory before any work is done for it; nothing is changed.
  /// - Throws: `FileError` when `directory` exists and is neither empty nor a bundle, or is one that is never replaced.
  public static func checkReplaceable(_ directory: String) throws(FileError) { _ = try target(directory) }

  private static func target(_ directory: String) throws(FileError) -> ResolvedPath {
    let target = try ResolvedPath(directory)
    guard let status = target.status else { return target }
    guard status.kind == .directory else { throw FileError(path: directory, message: "is a file; name a directory with -o") }
    try refuse(target, status)
    let names: [String]
    do throws(FileError) { names = try FileSystem.names(in: target.path) } catch { throw FileError(path: directory, message: error.message) }
    guard names.isEmpty || names.contains(BundleManifest.fileName) else {
      throw FileError(path: directory, message: "holds files that weft did not make; name another directory with -o, or empty it")
    }
    return target
  }

  /// Directories that are never replaced, whatever they hold.
  private static func refuse(_ target: ResolvedPath, _ status: FileStatus) throws(FileError) {
    let environment = ProcessInfo.processInfo.environment
    for home in [environment["HOME"], getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) }] {
      if let home, FileStatus(home, followingLinks: true)?.isSame(as: status) == true {
        throw FileError(path: target.given, message: "is your home directory; name a directory in it with -o")
      }
    }
    guard var above = FileSystem.resolved(".") else { return }
    while true {
      if FileStatus(above)?.isSame(as: status) == true {
        throw FileError(path: target.given, message: "is the working directory or one above it; name another directory with -o")
      }
      if above == "/" { return }
      above = FileSystem.directory(of: above)
    }
  }

  /// Whether `directory` holds a bundle, whole or damaged.
  public static func isBundle(_ directory: String) -> Bool {
    [BundleManifest.fileName, "configuration.json"].allSatisfy { FileStatus(directory + "/" + $0)?.kind == .file }
  }
}
