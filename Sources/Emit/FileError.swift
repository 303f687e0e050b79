// Why a file or a directory could not be read or written: one line that names it and says what to do.

import Foundation

/// A file, a directory or a bundle that could not be read or written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// As the user named it.
  public var path: String
  public var message: String
  public init(path: String, message: String) { (self.path, self.message) = (path, message) }
  public var description: String { "\(path): \(message)" }

  /// What the kernel said about writing `path`.
  /// - Parameter code: a value of `errno`.
  package static func cannotWrite(_ path: String, _ code: Int32 = errno) -> FileError {
    FileError(path: path, message: "cannot be written: \(reason(code))")
  }

  /// An error of Foundation, said the same way: its own texts are many lines long and name no file.
  public init?(_ error: any Error) {
    guard let error = error as? CocoaError else { return nil }
    let path = error.filePath ?? error.url?.path ?? "a file"
    let code = (error.underlying as? POSIXError)?.code.rawValue ?? (error.underlying as NSError?).map { Int32(truncatingIfNeeded: $0.code) }
    self.init(path: path, message: "cannot be read or written: \(code.map(Self.reason) ?? "check its permissions and free space")")
  }

  /// A value of `errno` as a reason and what to do about it.
  static func reason(_ code: Int32) -> String {
    switch code {
    case EACCES, EPERM: "permission denied; check the permissions of it and its directory"
    case ENOSPC: "the disk is full; free some space"
    case EDQUOT: "the disk quota is used up; free some space"
    case EFBIG: "it would be larger than files may be here; see `ulimit -f`"
    case EROFS: "the file system is read-only; choose another place"
    case ENOENT: "there is no such directory; check the path"
    case ENOTDIR: "a part of the path is not a directory; check the path"
    case EISDIR: "it is a directory; name a file"
    case ELOOP: "a part of the path is a symbolic link to itself; check the path"
    case ENAMETOOLONG: "the name is too long; choose a shorter one"
    case EBUSY: "it is a mount point or in use; name a directory below it"
    case EBADF: "it is closed"
    case EMFILE, ENFILE: "too many files are open; see `ulimit -n`"
    case EXDEV: "it would have to move to another disk; choose another place"
    case EIO: "the disk reports an error"
    default: "the system says \"\(String(cString: strerror(code)))\"; check permissions and free space"
    }
  }
}
