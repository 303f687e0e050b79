// What lies at a path, as the kernel sees it. Symbolic links are seen as links unless one asks to follow them.

import Foundation

/// What lies at a path.
package struct FileStatus: Equatable {
  package enum Kind: Equatable { case directory, file, link, stream, other }
  package var kind: Kind
  /// Device and number: equal for two names of one file.
  var device: UInt64, number: UInt64
  var size: Int
  /// Of the last change of the contents.
  package var seconds: Int, nanoseconds: Int
  var permissions: mode_t
  /// How many names it has.
  var names: Int

  /// - Returns: nil when there is nothing, or nothing that can be asked for.
  package init?(_ path: String, followingLinks: Bool = false) {
    var raw = stat()
    guard (followingLinks ? stat(path, &raw) : lstat(path, &raw)) == 0 else { return nil }
    self.init(raw)
  }

  init?(descriptor: Int32) {
    var raw = stat()
    guard fstat(descriptor, &raw) == 0 else { return nil }
    self.init(raw)
  }

  init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFDIR: kind = .directory
    case S_IFREG: kind = .file
    case S_IFLNK: kind = .link
    case S_IFCHR, S_IFIFO: kind = .stream
    default: kind = .other
    }
    (device, number, size) = (UInt64(raw.st_dev), UInt64(raw.st_ino), Int(raw.st_size))
    (seconds, nanoseconds) = (Int(raw.st_mtim.tv_sec), Int(raw.st_mtim.tv_nsec))
    (permissions, names) = (raw.st_mode & 0o7777, Int(raw.st_nlink))
  }

  /// Whether both are the same file or directory.
  func isSame(as other: FileStatus) -> Bool { device == other.device && number == other.number }

  /// Whether nobody has touched the contents between the two looks.
  func isUnchanged(since other: FileStatus) -> Bool {
    isSame(as: other) && kind == other.kind && size == other.size && seconds == other.seconds && nanoseconds == other.nanoseconds
  }
}
