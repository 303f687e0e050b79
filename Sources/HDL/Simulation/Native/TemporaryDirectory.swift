#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory for one compilation, and the compiler that works in it.
///
/// It is removed in the end, and also when the process ends before. What a process leaves behind that stops at a failure or by a
/// signal, the next one removes that makes such a directory.
final class TemporaryDirectory: @unchecked Sendable {
  // The state of all directories is behind this lock: the end of the process comes from another thread.
  private static let lock = Lock()
  private nonisolated(unsafe) static var current: [TemporaryDirectory] = []
  private nonisolated(unsafe) static var isPrepared = false
  private nonisolated(unsafe) static var isEnding = false
  private static let prefix = "weft-simulator-"

  let path: String
  /// The compiler while it runs, which is also the number of its process group.
  private var process: pid_t?

  /// nil if it cannot be made.
  init?() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    Self.prepare(parent)
    var template = Array("\(parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
    let made = Self.lock.run { Self.isEnding ? nil : mkdtemp(&template).map { String(cString: $0) } }
    guard let made else { return nil }
    path = made
    Self.lock.run { Self.current.append(self) }
  }

  func remove() {
    Self.lock.run {
      Self.empty(path)
      Self.current.removeAll { $0 === self }
    }
  }

  /// Runs a program, without input and output, until it ends or `isCancelled`.
  /// - Returns: whether it succeeded.
  func run(_ arguments: [String], isCancelled: () -> Bool) -> Bool {
    guard Self.lock.run({ start(arguments) }) else { return false }
    while true {
      // Asked without waiting, so that a number is never used for a process that is gone.
      let status = Self.lock.run { () -> Int32? in
        var status: Int32 = 0
        guard let process, waitpid(process, &status, WNOHANG) == 0 else {
          process = nil
          return status
        }
        return nil
      }
      if let status { return status == 0 }
      if isCancelled() { Self.lock.run { end() } }
      usleep(2_000)
    }
  }

  private func start(_ arguments: [String]) -> Bool {
    if Self.isEnding { return false }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // A group of its own, so that it can be ended with all that it has started.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    let argv = arguments.map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    // Its own temporary files are to be here, too.
    let environment = Self.environment(temporaries: path)
    defer { for variable in environment { free(variable) } }
    var process = pid_t()
    if posix_spawn(&process, arguments[0], &actions, &attributes, argv, environment) != 0 { return false }
    self.process = process
    return true
  }

  /// What is ended still has to be waited for.
  private func end() {
    if let process { kill(-process, SIGKILL) }
  }

  private static func environment(temporaries: String) -> [UnsafeMutablePointer<CChar>?] {
    var variables: [UnsafeMutablePointer<CChar>?] = [strdup("TMPDIR=\(temporaries)")]
    // Safety: `environ` is a list of strings that a nil ends.
    var next = environ
    while let variable = next.pointee {
      if !String(cString: variable).hasPrefix("TMPDIR=") { variables.append(strdup(variable)) }
      next += 1
    }
    return variables + [nil]
  }

  // MARK: what would stay

  /// Once in a process: removes what processes left that are gone, and sees to it that this one leaves nothing.
  private static func prepare(_ parent: String) {
    let isFirst = lock.run {
      defer { isPrepared = true }
      return !isPrepared
    }
    if !isFirst { return }
    atexit { TemporaryDirectory.endAll() }
    for name in names(in: parent) where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
      if let owner = pid_t(owner), kill(owner, 0) != 0, errno == ESRCH { empty(parent + "/" + name) }
    }
  }
  private static func endAll() {
    lock.run {
      isEnding = true
      for directory in current {
        directory.end()
        if let process = directory.process { waitpid(process, nil, 0) }
        directory.process = nil
        empty(directory.path)
      }
    }
  }

  private static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // Safety: the name is an array of characters inside the entry, and ends with a 0.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Swift.MemoryLayout<dirent>.size) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
  /// Removes a directory of files.
  private static func empty(_ directory: String) {
    for name in names(in: directory) { unlink(directory + "/" + name) }
    rmdir(directory)
  }
}
