// The file operations that outputs need, each checked. Nothing here follows a symbolic link at the end of a path.

import Foundation

package enum FileSystem {
  /// The absolute path without links, `.` and `..`, as the kernel understands it; nil when there is nothing there.
  static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(validatingCString: pointer)
  }

  /// The names in a directory, sorted.
  /// - Throws: `FileError` when it cannot be listed, or a name is not UTF-8 and could not be named again.
  package static func names(in directory: String) throws(FileError) -> [String] {
    guard let stream = opendir(directory) else {
      throw FileError(path: directory, message: "cannot be listed, so nothing in it is touched; check its permissions")
    }
    defer { closedir(stream) }
    var names: [String] = []
    let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
    while let entry = readdir(stream) {
      guard let name = String(validatingCString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)) else {
        throw FileError(path: directory, message: "holds a name that is not UTF-8, so nothing in it is touched; rename or move it")
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of an ordinary file that is not a symbolic link; nil when it is none or cannot be read.
  package static func read(_ path: String, limit: Int = 1 << 30) -> [UInt8]? {
    // A pipe must not make us wait.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let status = FileStatus(descriptor: descriptor), status.kind == .file, status.size <= limit else { return nil }
    var bytes = [UInt8](repeating: 0, count: status.size)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      filled += count
    }
    return bytes
  }

  /// Writes everything to an open file.
  /// - Returns: 0, or the value of `errno`.
  static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32 {
    let failure = bytes.withContiguousStorageIfAvailable { buffer -> Int32 in
      var written = 0
      while written < buffer.count {
        let count = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : EIO }
        written += count
      }
      return 0
    }
    return failure ?? write(Array(bytes), to: descriptor)
  }

  /// Makes a new file; nothing is ever overwritten.
  /// - Parameter name: how messages call it.
  package static func create(_ path: String, _ bytes: [UInt8], permissions: mode_t? = nil, named name: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(name) }
    var failure = write(bytes, to: descriptor)
    if let permissions, failure == 0 { fchmod(descriptor, permissions) }
    // Some file systems say only here that the disk is full.
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      unlink(path)
      throw .cannotWrite(name, failure)
    }
  }

  /// Makes a directory and what is missing above it.
  /// - Returns: what was made, outermost first.
  @discardableResult
  package static func makeDirectories(_ path: String, named name: String) throws(FileError) -> [String] {
    if FileStatus(path)?.kind == .directory { return [] }
    var made: [String] = []
    let parent = directory(of: path)
    if parent != path { made = try makeDirectories(parent, named: name) }
    if mkdir(path, 0o777) == 0 {
      made.append(path)
    } else if errno != EEXIST || FileStatus(path)?.kind != .directory {
      let failure = errno
      for directory in made.reversed() { rmdir(directory) }
      throw .cannotWrite(name, failure == EEXIST ? ENOTDIR : failure)
    }
    return made
  }

  /// Removes a tree of ours; links in it are removed, not followed.
  package static func removeTree(_ path: String) {
    guard let status = FileStatus(path) else { return }
    guard status.kind == .directory else {
      unlink(path)
      return
    }
    chmod(path, status.permissions | 0o700)
    for name in (try? names(in: path)) ?? [] { removeTree(path + "/" + name) }
    rmdir(path)
  }

  /// Exchanges two directories in one step.
  /// - Returns: 0, or the value of `errno`; EINVAL and ENOSYS when the file system cannot.
  static func exchange(_ first: String, _ second: String) -> Int32 {
    // A function of the C library that Swift's headers do not show.
    typealias Rename = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
    let exchangeFlag: UInt32 = 2
    return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, first, AT_FDCWD, second, exchangeFlag) == 0 ? 0 : errno
  }

  /// `a/b` → `a`, `b` → `.`, `/b` → `/`. By bytes, because an accent after a slash hides the slash among characters.
  static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
  }

  /// `a/b` → `b`.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(decoding: path.utf8[slash...].dropFirst(), as: UTF8.self)
  }

  static func join(_ directory: String, _ name: String) -> String { directory.hasSuffix("/") ? directory + name : directory + "/" + name }
}
