#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program as machine code, loaded into this process; see `NativeSource` for what its functions do.
///
/// Safety: the functions read and write only slots and memory words of the program that they were made from, so the arrays
/// must be those of an `Engine` of that program, which has them at its full size. They keep nothing, so any number of
/// threads call them at once, each with arrays of its own. `handle` stays open as long as somebody can call them.
final class NativeLibrary: @unchecked Sendable {
  private typealias Settle = @convention(c) (UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>) -> Void
  private typealias Edge = @convention(c) (
    UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>, UnsafePointer<Bool>?, UInt64
  ) -> Int32
  private typealias Cycles = @convention(c) (
    UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>, UnsafePointer<Bool>?, UInt64, Int
  ) -> Int
  private let handle: UnsafeMutableRawPointer
  private let settleFunction: Settle
  private let edgeFunction: Edge
  private let cyclesFunction: Cycles

  /// nil if there is no such library, or it has not these functions.
  init?(path: String) {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { return nil }
    guard let settle = dlsym(handle, "weft_settle"), let edge = dlsym(handle, "weft_edge"), let cycles = dlsym(handle, "weft_cycles") else {
      dlclose(handle)
      return nil
    }
    self.handle = handle
    settleFunction = unsafeBitCast(settle, to: Settle.self)
    edgeFunction = unsafeBitCast(edge, to: Edge.self)
    cyclesFunction = unsafeBitCast(cycles, to: Cycles.self)
  }
  deinit { dlclose(handle) }

  func settle(_ words: UnsafeMutablePointer<UInt64>, _ memory: UnsafeMutablePointer<UInt64>) { settleFunction(words, memory) }

  /// Whether the edge was taken; nothing has changed if not.
  func edge(
    _ words: UnsafeMutablePointer<UInt64>, _ memory: UnsafeMutablePointer<UInt64>, _ held: UnsafeMutableBufferPointer<Bool>, _ ticks: [Int]
  ) -> Bool {
    edgeFunction(words, memory, held.baseAddress, mask(ticks)) != 0
  }
  /// The cycles that were run.
  func cycles(
    _ words: UnsafeMutablePointer<UInt64>, _ memory: UnsafeMutablePointer<UInt64>, _ held: UnsafeMutableBufferPointer<Bool>, _ ticks: [Int],
    _ count: Int
  ) -> Int {
    cyclesFunction(words, memory, held.baseAddress, mask(ticks), count)
  }

  /// Ticks as bits. Those beyond have none: a program that has so many takes its edges by the interpreter.
  private func mask(_ ticks: [Int]) -> UInt64 {
    var mask: UInt64 = 0
    for tick in ticks { mask |= 1 << UInt64(tick) }
    return mask
  }
}
