#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A C compiler of this machine, run as a program of its own: one compilation at a time, so that a test with many designs does not
/// take all cores.
enum NativeCompiler {
  /// `clang` or `cc` on the `PATH`, or the `clang` beside `swift`; nil if there is none.
  static let path: String? = {
    let directories = getenv("PATH").map { String(cString: $0) }?.split(separator: ":").map(String.init) ?? []
    func program(_ name: String) -> String? { directories.map { $0 + "/" + name }.first { access($0, X_OK) == 0 } }
    if let found = program("clang") ?? program("cc") { return found }
    guard let swift = program("swift").flatMap({ realpath($0, nil) }) else { return nil }
    defer { free(swift) }
    let beside = String(cString: swift).split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/clang"
    return access(beside, X_OK) == 0 ? beside : nil
  }()

  /// `-O2` takes twice as long, and what it makes is not faster.
  private static let options: [String] = {
    let options = ["-x", "c", "-std=gnu11", "-O1", "-fPIC", "-shared", "-w"]
    // The functions need no library. What `memcpy` is, the process knows.
    #if os(Linux)
      return options + ["-nostdlib"]
    #else
      return options
    #endif
  }()

  private static let turn = Lock()

  /// Compiles and loads; nil if there is no compiler, if it fails, or if `isCancelled` before it is ready.
  static func library(of text: String, isCancelled: () -> Bool) -> NativeLibrary? {
    guard let path else { return nil }
    return turn.run {
      if isCancelled() { return nil }
      guard let directory = TemporaryDirectory() else { return nil }
      defer { directory.remove() }
      let source = directory.path + "/design.c", library = directory.path + "/design.so"
      guard write(text, to: source), directory.run([path] + options + ["-o", library, source], isCancelled: isCancelled) else { return nil }
      // What is loaded stays when its file is removed.
      return NativeLibrary(path: library)
    }
  }

  private static func write(_ text: String, to path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    return fclose(file) == 0 && isWritten
  }
}
