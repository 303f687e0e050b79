// Where an output goes. The user's path is resolved once, as the kernel does it; everything after works on the result,
// so that what is checked is what is replaced.

import Foundation

/// A path for an output, resolved.
struct ResolvedPath {
  /// As the user named it.
  let given: String
  /// Absolute, without links, `.` and `..`.
  let path: String
  /// What lies there; nil when nothing does.
  let status: FileStatus?
  /// The path, or the part of it that exists.
  let existing: String
  /// How many directories above it are missing.
  let missingParents: Int

  var parent: String { FileSystem.directory(of: path) }
  var name: String { FileSystem.name(of: path) }

  /// - Throws: `FileError` when the path is empty, leads through something that is no directory or through a dangling
  ///   link, or leaves a directory that does not exist by `..`.
  init(_ given: String) throws(FileError) {
    guard !given.isEmpty else { throw FileError(path: "output", message: "the path is empty; name a file or directory") }
    self.given = given
    var known = given, missing: [String] = []
    while true {
      while known.count > 1, known.hasSuffix("/") { known.removeLast() }
      if let resolved = FileSystem.resolved(known) {
        path = missing.reversed().reduce(resolved) { FileSystem.join($0, $1) }
        status = missing.isEmpty ? FileStatus(resolved) : nil
        existing = resolved
        missingParents = max(0, missing.count - 1)
        if !missing.isEmpty, FileStatus(resolved)?.kind != .directory { throw .cannotWrite(given, ENOTDIR) }
        return
      }
      let failure = errno
      guard failure == ENOENT else { throw .cannotWrite(given, failure) }
      if missing.isEmpty, let open = FileStatus(known, followingLinks: true), open.kind == .stream {
        // `/dev/stdout` that is a pipe: the kernel knows the pipe, and it has no path.
        (path, status, existing, missingParents) = (known, open, known, 0)
        return
      }
      if FileStatus(known) != nil {
        throw FileError(path: given, message: "leads through a symbolic link to nothing; remove the link, or name another place")
      }
      let last = FileSystem.name(of: known)
      guard last != "..", last != ".", !last.isEmpty else { throw .cannotWrite(given, ENOENT) }
      missing.append(last)
      known = FileSystem.directory(of: known)
    }
  }
}
