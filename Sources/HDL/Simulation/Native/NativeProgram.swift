/// The machine code of one program: there is none at first, and one compilation for all simulations.
///
/// A program owns it. When the last simulation and the compiled design are gone, a compilation that still runs is ended.
final class NativeProgram: @unchecked Sendable {
  // Everything that changes is behind the lock.
  private let lock = Lock()
  private var compilation: NativeCompilation?

  deinit { compilation?.cancel() }

  /// The machine code if it is ready.
  var library: NativeLibrary? { lock.run { compilation }?.library }

  /// The machine code if it is ready. If nobody has asked before, its compilation begins in the background.
  func library(begunFor program: Program) -> NativeLibrary? {
    lock.run {
      if let compilation { return compilation }
      let begun = NativeCompilation(program)
      begun.start()
      compilation = begun
      return begun
    }.library
  }
  /// The machine code, after waiting for it; nil if it cannot be made.
  func library(waitingFor program: Program) -> NativeLibrary? {
    if let library = library(begunFor: program) { return library }
    return lock.run { compilation }?.wait()
  }
}
