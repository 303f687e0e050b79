// One file that the user asked for, by name. It is written beside its place and renamed into it, so that there is
// never half of it, and an older file stays until the new one is whole.

import Foundation

/// A place for a file.
public struct OutputFile: Sendable {
  private let given: String
  private let path: String
  /// A device or a pipe, which is written and not replaced.
  private let isStream: Bool
  /// `/dev/stdout`, or the file it goes to: what is printed must come after it and not over it.
  private let isStandardOutput: Bool
  private let permissions: mode_t?

  /// Checks that the file may be written; nothing is changed yet.
  /// - Parameters:
  ///   - inputs: files that are being read and therefore must not be replaced.
  ///   - makingDirectories: whether missing directories above it are made when it is written.
  public init(_ given: String, inputs: [String] = [], makingDirectories: Bool = false) throws(FileError) {
    let resolved = try ResolvedPath(given)
    guard !given.hasSuffix("/") else { throw .cannotWrite(given, EISDIR) }
    guard makingDirectories || resolved.missingParents == 0 else { throw .cannotWrite(given, ENOENT) }
    switch resolved.status?.kind {
    case .directory?: throw .cannotWrite(given, EISDIR)
    case .link?, .other?: throw FileError(path: given, message: "is neither an ordinary file nor a device to write to; name another file")
    case .file?, .stream?: if access(resolved.path, W_OK) != 0 { throw .cannotWrite(given) }
    case nil: break
    }
    let directory = resolved.status == nil ? resolved.existing : resolved.parent
    if resolved.status?.kind != .stream, access(directory, W_OK | X_OK) != 0 { throw .cannotWrite(given) }
    if let status = resolved.status, status.kind == .file {
      for input in inputs where FileStatus(input, followingLinks: true)?.isSame(as: status) == true {
        throw FileError(path: given, message: "is the input \(input); name another file for the output")
      }
    }
    (self.given, path, permissions) = (given, resolved.path, resolved.status?.permissions)
    isStandardOutput = resolved.status.map { FileStatus(descriptor: 1)?.isSame(as: $0) == true } ?? false
    isStream = resolved.status?.kind == .stream || isStandardOutput
  }

  public func write(_ bytes: [UInt8]) throws(FileError) {
    if isStream {
      let descriptor = isStandardOutput ? dup(1) : open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotWrite(given) }
      var failure = FileSystem.write(bytes, to: descriptor)
      if close(descriptor) != 0, failure == 0 { failure = errno }
      if failure != 0 { throw .cannotWrite(given, failure) }
      return
    }
    let directory = FileSystem.directory(of: path), name = FileSystem.name(of: path)
    let made = try FileSystem.makeDirectories(directory, named: given)
    do throws(FileError) {
      for name in TemporaryName.stale(name, .partial, in: directory) { unlink(FileSystem.join(directory, name)) }
      let temporary = FileSystem.join(directory, TemporaryName.make(name, .partial))
      try FileSystem.create(temporary, bytes, permissions: permissions, named: given)
      guard rename(temporary, path) == 0 else {
        let failure = errno
        unlink(temporary)
        throw .cannotWrite(given, failure)
      }
    } catch {
      for directory in made.reversed() { rmdir(directory) }
      throw error
    }
  }

  /// Opens the file for being rewritten in place, again and again.
  public func journal() throws(FileError) -> JournalFile {
    try FileSystem.makeDirectories(FileSystem.directory(of: path), named: given)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(given) }
    return JournalFile(descriptor, named: given)
  }

  /// The first name that is free of `NAME.EXTENSION`, `NAME-2.EXTENSION`, `NAME-3.EXTENSION` …
  public static func freeName(_ path: String) -> String {
    guard FileStatus(path) != nil else { return path }
    let url = URL(fileURLWithPath: path)
    let stem = FileSystem.join(FileSystem.directory(of: path), url.deletingPathExtension().lastPathComponent)
    var number = 2
    while FileStatus("\(stem)-\(number).\(url.pathExtension)") != nil { number += 1 }
    return "\(stem)-\(number).\(url.pathExtension)"
  }
}

/// A small file that always holds the last text: what a crash leaves of a long run.
public final class JournalFile {
  private let descriptor: Int32
  private let name: String

  init(_ descriptor: Int32, named name: String) { (self.descriptor, self.name) = (descriptor, name) }
  deinit { close(descriptor) }

  public func replace(_ text: String) throws(FileError) {
    lseek(descriptor, 0, SEEK_SET)
    let failure = FileSystem.write(Array(text.utf8), to: descriptor)
    // A pipe cannot be cut and need not be.
    ftruncate(descriptor, off_t(text.utf8.count))
    if failure != 0 { throw .cannotWrite(name, failure) }
  }
}
