// Puts a bundle in the place of an older one so that, whatever happens, the name always leads to a whole bundle and
// nothing of the user's is lost.
//
// The new bundle is made beside the target, in `.NAME.PROCESS.partial`; what the user added to the old one is linked
// into it. Then both are exchanged in one step of the kernel, and of the old one exactly that is removed which was
// there when it was looked at and has not changed since. A lock on the directory above keeps two runs apart. A file
// system that cannot exchange gets two renames; a run that is killed between them is repaired by the next.
//
// `.partial` never holds the only copy of anything of the user's; `.old` is a whole bundle, the old or the new one.

import Foundation
import Model

struct BundleReplacement {
  let target: ResolvedPath
  let files: [BundleFile]
  let force: Bool
  /// What is refused unless the bundle there is of it; nil: any bundle is replaced.
  let subject: BundleManifest.Subject?

  private var partial: String { FileSystem.join(target.parent, TemporaryName.make(target.name, .partial)) }
  private var old: String { FileSystem.join(target.parent, TemporaryName.make(target.name, .old)) }

  /// - Returns: what the user should know, a line each.
  func run() throws(FileError) -> [String] {
    let made = try FileSystem.makeDirectories(target.parent, named: target.given)
    do throws(FileError) {
      let lock = DirectoryLock(target.parent)
      defer { lock.release() }
      return try replace()
    } catch {
      FileSystem.removeTree(partial)
      for directory in made.reversed() { rmdir(directory) }
      throw error
    }
  }

  private func replace() throws(FileError) -> [String] {
    var notes = Self.recover(target)
    let before = FileStatus(target.path)
    if let before, before.kind != .directory { throw FileError(path: target.given, message: "is a file; name a directory with -o") }
    let inventory = before == nil ? nil : try BundleInventory(target.path, named: target.given)
    if let inventory {
      if let subject { try Self.check(inventory.manifest, isOf: subject, target.given) }
      try inventory.check(against: files, force: force, named: target.given)
    }
    try writeNew(like: before)
    if let inventory {
      try carry(inventory.added)
      try exchange()
      notes += removeOld(inventory)
      if !inventory.added.isEmpty {
        let files = inventory.added.filter { $0.status.kind != .directory }
        let kept = BundleInventory.list(files.isEmpty ? inventory.added : files, verb: ("is not weft's and was kept", "are not weft's and were kept"))
        notes.append("\(target.given): \(kept)")
      }
    } else if rename(partial, target.path) != 0 {
      // Nothing or an empty directory was there; the kernel refuses if that is no longer so.
      throw errno == ENOTEMPTY || errno == EEXIST
        ? FileError(path: target.given, message: "is no longer empty; name another directory with -o") : .cannotWrite(target.given)
    }
    return notes
  }

  static func check(_ manifest: BundleManifest, isOf subject: BundleManifest.Subject, _ given: String) throws(FileError) {
    guard manifest.subject == subject else {
      throw FileError(path: given, message: "holds a bundle of \(manifest.subject), not of \(subject); name a directory with -o")
    }
  }

  /// Writes the new files, the manifest last.
  private func writeNew(like before: FileStatus?) throws(FileError) {
    guard mkdir(partial, 0o777) == 0 else { throw .cannotWrite(target.given) }
    var last: [BundleFile] = []
    for file in files {
      if file.path == BundleManifest.fileName {
        last.append(file)
        continue
      }
      let path = partial + "/" + file.path
      try FileSystem.makeDirectories(FileSystem.directory(of: path), named: target.given)
      try FileSystem.create(path, file.bytes, named: "\(target.given)/\(file.path)")
    }
    for file in last { try FileSystem.create(partial + "/" + file.path, file.bytes, named: "\(target.given)/\(file.path)") }
    if let before { chmod(partial, before.permissions) }
  }

  /// Gives what the user added a second name in the new bundle: no byte is copied, none can get lost.
  private func carry(_ added: [BundleInventory.Entry]) throws(FileError) {
    for entry in added {
      let place = partial + "/" + entry.path
      try FileSystem.makeDirectories(FileSystem.directory(of: place), named: target.given)
      if entry.status.kind == .directory {
        try FileSystem.makeDirectories(place, named: target.given)
      } else if linkat(AT_FDCWD, target.path + "/" + entry.path, AT_FDCWD, place, 0) != 0 {
        throw FileError(
          path: target.given,
          message: "holds \(cleanedText(entry.path, limit: 100)), which weft did not make and cannot take along here; move it elsewhere first")
      }
    }
    for entry in added.reversed() where entry.status.kind == .directory { chmod(partial + "/" + entry.path, entry.status.permissions) }
  }

  /// Afterwards the new bundle has the name and `old` is the old one.
  private func exchange() throws(FileError) {
    guard rename(partial, old) == 0 else { throw .cannotWrite(target.given) }
    let failure = FileSystem.exchange(old, target.path)
    if failure == 0 { return }
    // The new one goes back under the name of something that may be thrown away.
    guard rename(old, partial) == 0 else { throw .cannotWrite(target.given) }
    guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(failure) else { throw .cannotWrite(target.given, failure) }
    guard rename(target.path, old) == 0 else { throw .cannotWrite(target.given) }
    if rename(partial, target.path) != 0 {
      let failure = errno
      rename(old, target.path)
      throw .cannotWrite(target.given, failure)
    }
  }

  private func removeOld(_ inventory: BundleInventory) -> [String] {
    Self.remove(old, files: inventory.own + inventory.edited + inventory.added, directories: inventory.directories)
      ? [] : ["\(target.given): something in it changed meanwhile; what was there is in \(old)"]
  }

  /// Removes those entries of a bundle that are as they were when they were looked at; the manifest when all else is
  /// gone, so that what is left can still be understood by the next run.
  /// - Returns: whether nothing is left.
  private static func remove(_ bundle: String, files: [BundleInventory.Entry], directories: [BundleInventory.Entry]) -> Bool {
    let all = files + directories
    for entry in all where entry.status.kind == .directory { chmod(bundle + "/" + entry.path, entry.status.permissions | 0o700) }
    func removeFile(_ entry: BundleInventory.Entry) {
      let path = bundle + "/" + entry.path
      if let now = FileStatus(path), now.isUnchanged(since: entry.status) { unlink(path) }
    }
    for entry in files where entry.status.kind != .directory && entry.path != BundleManifest.fileName { removeFile(entry) }
    for entry in all.filter({ $0.status.kind == .directory }).sorted(by: { $0.path.utf8.count > $1.path.utf8.count }) {
      rmdir(bundle + "/" + entry.path)
    }
    if (try? FileSystem.names(in: bundle)) == [BundleManifest.fileName] {
      files.first { $0.path == BundleManifest.fileName }.map(removeFile)
    }
    return rmdir(bundle) == 0
  }

  private static func leftNote(_ target: ResolvedPath, _ path: String) -> String {
    "\(target.given): \(path) holds files of an interrupted run that are nowhere else; look at them, then remove it"
  }

  /// Repairs what killed runs left beside the target.
  /// - Returns: what the user should know, a line each.
  static func recover(_ target: ResolvedPath) -> [String] {
    var notes: [String] = []
    for name in TemporaryName.stale(target.name, .old, in: target.parent) {
      let path = FileSystem.join(target.parent, name)
      if FileStatus(target.path) == nil {
        if rename(path, target.path) == 0 { notes.append("\(target.given): restored after an interrupted run") }
        continue
      }
      guard let left = try? BundleInventory(path, named: path) else {
        if rmdir(path) != 0 { notes.append(Self.leftNote(target, path)) }
        continue
      }
      // A file with a second name is also in the bundle.
      let safe = left.own + left.edited.filter { $0.status.names > 1 } + left.added.filter { $0.status.kind == .directory || $0.status.names > 1 }
      if !remove(path, files: safe, directories: left.directories) {
        notes.append(Self.leftNote(target, path))
      }
    }
    for name in TemporaryName.stale(target.name, .partial, in: target.parent) { FileSystem.removeTree(FileSystem.join(target.parent, name)) }
    return notes
  }
}
