/// One attempt to make machine code of a program, in a thread of its own.
final class NativeCompilation: @unchecked Sendable {
  // Everything that changes is behind the lock.
  private let lock = Lock()
  /// Held no longer than until its text is written, so that its owner can go and end this.
  private var program: Program?
  private var isCancelled = false
  private var isDone = false
  private var result: NativeLibrary?

  init(_ program: Program) { self.program = program }

  /// nil as long as it is not ready, and if it cannot be made.
  var library: NativeLibrary? { lock.run { result } }

  func start() {
    if !detachThread({ self.run() }) { finish(nil) }
  }
  /// Nobody wants it any more.
  func cancel() {
    lock.run { isCancelled = true }
  }
  /// Waits for the end.
  func wait() -> NativeLibrary? {
    lock.run {
      while !isDone { lock.wait() }
      return result
    }
  }

  private func run() {
    finish(text().flatMap { text in NativeCompiler.library(of: text) { lock.run { isCancelled } } })
  }
  private func text() -> String? {
    let program = lock.run {
      defer { self.program = nil }
      return self.program
    }
    return program.flatMap { $0.code.count <= NativeSource.mostInstructions ? NativeSource($0).text : nil }
  }
  private func finish(_ library: NativeLibrary?) {
    lock.run {
      program = nil
      result = library
      isDone = true
      lock.signal()
    }
  }
}
