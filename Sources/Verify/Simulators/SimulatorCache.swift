// Finished simulators, by the hash of everything that went into them.
//
// The cache is `$WEFT_CACHE` or ~/.cache/weft; it may be deleted at any time. An entry is one file that ends with the
// checksum of what stands before it (programs and vvp's texts both allow a line at their end), so that an entry and
// its checksum can never be of two different runs. It is checked before every use; a damaged one is built again.

import Emit
import Foundation

struct SimulatorCache {
  let directory: URL

  /// The cache of this user.
  static var standard: SimulatorCache {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["WEFT_CACHE"], !path.isEmpty { return SimulatorCache(directory: URL(fileURLWithPath: path)) }
    let home = environment["HOME"] ?? NSTemporaryDirectory()
    return SimulatorCache(directory: URL(fileURLWithPath: home).appendingPathComponent(".cache/weft"))
  }

  /// The path of the entry `name`, from the cache or built.
  /// - Parameters:
  ///   - build: makes the program in a directory and returns it.
  ///   - say: told when an entry is damaged.
  /// - Throws: `EnvironmentFailure` when the cache cannot be used, and what `build` throws.
  func entry(_ name: String, say: (String) -> Void, build: (URL) throws -> URL) throws -> (path: String, wasCached: Bool) {
    let entry = directory.appendingPathComponent(name).path
    if FileStatus(entry) != nil {
      if isIntact(entry) {
        try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: entry)
        return (entry, true)
      }
      say("\(entry): the cached simulation is damaged; building it again")
    }
    let product: URL, workplace: TemporaryDirectory
    do {
      try FileSystem.makeDirectories(directory.path, named: directory.path)
      prune()
      workplace = try TemporaryDirectory(in: directory)
    } catch {
      throw unusable(error)
    }
    do {
      product = try build(workplace.url)
      let bytes = FileSystem.read(product.path) ?? []
      let sealed = workplace.file("sealed").path
      try FileSystem.create(sealed, Self.sealed(bytes), permissions: 0o755, named: directory.path)
      // A directory in the entry's place cannot be replaced by a file.
      if FileStatus(entry)?.kind == .directory { FileSystem.removeTree(entry) }
      guard rename(sealed, entry) == 0 else { throw FileError.cannotWrite(entry) }
    } catch let error as FileError {
      throw unusable(error)
    } catch let error as SimulationFailure {
      if let error = writeProblem(in: workplace.url) { throw unusable(error) }
      throw error
    }
    return (entry, false)
  }

  private func unusable(_ error: FileError) -> EnvironmentFailure {
    let reason = error.message.split(separator: ";").first ?? ""
    return EnvironmentFailure(
      what: directory.path, detail: "the cache of simulators \(reason); set WEFT_CACHE to a directory that can be written and has free space")
  }

  // MARK: Checksums

  private static let sealStart = "\n# sha256 ", sealLength = sealStart.utf8.count + 64 + 1

  private static func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes + Array((sealStart + SHA256.hex(bytes) + "\n").utf8) }

  private func isIntact(_ path: String) -> Bool {
    guard let bytes = FileSystem.read(path), bytes.count > Self.sealLength, access(path, X_OK) == 0 else { return false }
    return Self.sealed(Array(bytes.dropLast(Self.sealLength))) == bytes
  }

  // MARK: Size

  /// The most simulations that are kept.
  static let capacity = 96

  private func prune() {
    var entries: [(path: String, used: Int)] = []
    for name in (try? FileSystem.names(in: directory.path)) ?? [] {
      let path = directory.appendingPathComponent(name).path
      guard let status = FileStatus(path) else { continue }
      // What an interrupted build left.
      if status.kind == .directory, TemporaryDirectory.isStale(name) { FileSystem.removeTree(path) }
      let isEntry = SimulatorKind.allCases.contains { name.hasPrefix($0.rawValue + "-") }
      if status.kind == .file, isEntry { entries.append((path, status.seconds)) }
    }
    for entry in entries.sorted(by: { $0.used > $1.used }).dropFirst(Self.capacity - 1) { unlink(entry.path) }
  }
}
