// What is being done and for how long, on standard error, and only when that is a terminal.

import Emit
import Foundation

/// A line that is rewritten while work goes on.
final class Progress {
  private let start = Date()
  private let isTerminal = isatty(2) == 1
  private var shown = false

  /// Says what is being done now.
  func say(_ text: String) {
    guard isTerminal else { return }
    let line = "\r\u{1B}[K[\(Int(Date().timeIntervalSince(start))) s] \(text) …"
    StandardStreams.show(line)
    shown = true
  }

  /// Removes the line.
  func clear() {
    guard shown else { return }
    StandardStreams.show("\r\u{1B}[K")
    shown = false
  }

  /// Seconds since the beginning, as text.
  var elapsed: String {
    let seconds = Date().timeIntervalSince(start)
    return seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : "\(Int(seconds)) s"
  }

  deinit { clear() }
}
