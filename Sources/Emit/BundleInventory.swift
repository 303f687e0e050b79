// What lies in an output directory: which files are as weft made them, which the user changed, which the user added.

import Foundation
import Model

/// The contents of a directory that holds a bundle.
struct BundleInventory {
  struct Entry {
    /// Relative to the bundle.
    var path: String
    var status: FileStatus
    /// SHA-256 of an ordinary file that could be read.
    var hash: String?
  }

  var manifest: BundleManifest
  /// In the manifest, and unchanged.
  var own: [Entry] = []
  /// In the manifest, and something else now; the manifest itself too.
  var edited: [Entry] = []
  /// Not in the manifest: files, links, pipes, and directories in which weft made nothing. Outer before inner ones.
  var added: [Entry] = []
  /// Directories in which weft made something. Outer before inner ones.
  var directories: [Entry] = []

  /// - Parameters:
  ///   - directory: resolved.
  ///   - given: how messages name it.
  /// - Returns: nil when the directory is empty.
  /// - Throws: `FileError` when it holds anything but a bundle, or cannot be looked at as a whole.
  init?(_ directory: String, named given: String) throws(FileError) {
    guard let root = FileStatus(directory), root.kind == .directory else { throw .cannotWrite(given, ENOTDIR) }
    let names: [String]
    do throws(FileError) { names = try FileSystem.names(in: directory) } catch { throw FileError(path: given, message: error.message) }
    if names.isEmpty { return nil }
    guard names.contains(BundleManifest.fileName) else {
      throw FileError(path: given, message: "holds files that weft did not make; name another directory with -o, or empty it")
    }
    guard let manifest = BundleManifest(ofBundle: directory) else {
      throw FileError(
        path: given, message: "holds files that weft did not make, or its manifest.json is damaged; name another directory with -o, or empty it")
    }
    self.manifest = manifest
    var ours: Set<String> = []
    for path in manifest.hashes.keys {
      var parent = FileSystem.directory(of: path)
      while parent != "." {
        ours.insert(parent)
        parent = FileSystem.directory(of: parent)
      }
    }
    try look(in: directory, "", names, ours, root, given)
  }

  private mutating func look(
    in directory: String, _ prefix: String, _ names: [String], _ ours: Set<String>, _ root: FileStatus, _ given: String
  ) throws(FileError) {
    for name in names {
      let path = prefix + name, full = directory + "/" + name
      guard let status = FileStatus(full) else { throw FileError(path: given, message: "changes while it is read (\(path)); try again") }
      guard status.device == root.device else {
        throw FileError(path: given, message: "holds a mount point (\(path)), so nothing in it is touched; name another directory with -o")
      }
      var entry = Entry(path: path, status: status)
      if status.kind == .directory {
        if manifest.hashes[path] != nil { edited.append(entry) } else if ours.contains(path) { directories.append(entry) } else { added.append(entry) }
        let inside: [String]
        do throws(FileError) { inside = try FileSystem.names(in: full) } catch {
          throw FileError(path: given, message: "holds a directory (\(path)) that \(error.message)")
        }
        try look(in: full, path + "/", inside, ours, root, given)
        continue
      }
      if path == BundleManifest.fileName {
        if manifest.isSealed { own.append(entry) } else { edited.append(entry) }
      } else if let hash = manifest.hashes[path] {
        entry.hash = status.kind == .file ? FileSystem.read(full).map { SHA256.hex($0) } : nil
        if entry.hash == hash { own.append(entry) } else { edited.append(entry) }
      } else {
        added.append(entry)
      }
    }
  }

  /// What would be lost or be in the way if `files` took the place of this bundle.
  /// - Parameter force: whether edited files may be replaced. Files that weft did not make never are.
  func check(against files: [BundleFile], force: Bool, named given: String) throws(FileError) {
    var new: [String: BundleFile] = [:], parents: Set<String> = []
    for file in files {
      new[file.path] = file
      var parent = FileSystem.directory(of: file.path)
      while parent != "." {
        parents.insert(parent)
        parent = FileSystem.directory(of: parent)
      }
    }
    let conflicts = (added + edited.filter { $0.status.kind == .directory }).filter {
      $0.status.kind == .directory ? new[$0.path] != nil : new[$0.path] != nil || parents.contains($0.path)
    } + directories.filter { new[$0.path] != nil && mayNotGo($0.path) }
    guard conflicts.isEmpty else {
      throw FileError(path: given, message: "\(Self.list(conflicts)) in the way of files of the same name that weft makes; move or rename first")
    }
    let lost = edited.filter { entry in
      guard entry.path != BundleManifest.fileName, let hash = entry.hash, let file = new[entry.path] else { return true }
      return SHA256.hex(file.bytes) != hash
    }
    guard force || lost.isEmpty else {
      throw FileError(path: given, message: "\(Self.list(lost)) edited since weft made it; keep a copy elsewhere, or replace with --force")
    }
  }

  private func mayNotGo(_ directory: String) -> Bool { added.contains { $0.path.hasPrefix(directory + "/") } }

  /// "a, b, c and 4 more are", for a message of one line.
  static func list(_ entries: [Entry], verb: (one: String, many: String) = ("is", "are")) -> String {
    let shown = entries.prefix(3).map { cleanedText($0.path, limit: 100) }.joined(separator: ", ")
    return shown + (entries.count > 3 ? " and \(entries.count - 3) more" : "") + " " + (entries.count == 1 ? verb.one : verb.many)
  }
}
