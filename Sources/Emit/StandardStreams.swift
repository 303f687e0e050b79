// Standard output and standard error, with every write checked.
//
// A write that fails does not stop the work; it is remembered, and the program says so at its end and does not end with 0.

import Foundation
import Synchronization

public enum StandardStreams {
  private struct State {
    var hasPrinted = false
    var failure: Int32 = 0
  }
  private static let state = Mutex(State())

  /// Called once, at the start of a program.
  public static func prepare() {
    // A reader that goes away (`weft inspect … | head`) ends the program quietly; a file that grows too large is an
    // error of the write that makes it so.
    signal(SIGPIPE, SIG_DFL)
    signal(SIGXFSZ, SIG_IGN)
    // The next file that is opened would otherwise take the place of a closed stream and get its text.
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes to standard output.
  public static func print(_ text: String) {
    let failure = FileSystem.write(Array(text.utf8), to: 1)
    state.withLock {
      $0.hasPrinted = $0.hasPrinted || !text.isEmpty
      if $0.failure == 0 { $0.failure = failure }
    }
  }

  /// Whether anything was printed.
  public static var hasPrinted: Bool { state.withLock { $0.hasPrinted } }

  /// Why something that was printed did not arrive; nil when all did.
  public static var failure: FileError? {
    let code = state.withLock { $0.failure }
    return code == 0 ? nil : .cannotWrite("standard output", code)
  }

  /// One line on standard error.
  public static func complain(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    show((isatty(2) == 1 ? "\r\u{1B}[K" : "") + line + "\n")
  }

  /// Text on standard error; when that does not arrive, there is nobody left to tell.
  public static func show(_ text: String) { _ = FileSystem.write(Array(text.utf8), to: 2) }
}
