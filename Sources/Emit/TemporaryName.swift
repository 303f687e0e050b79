// Names of what is being made beside an output: `.NAME.PROCESS.partial`, and `.NAME.PROCESS.old` for what it replaces.
// The process in the name tells the next run whether somebody still works on it.

import Foundation

enum TemporaryName {
  enum Purpose: String, CaseIterable { case partial, old }

  static func make(_ name: String, _ purpose: Purpose) -> String { "\(prefix(name))\(getpid()).\(purpose.rawValue)" }

  /// Long names are shortened to a hash, so that a name as long as the file system allows still has temporary ones.
  private static func prefix(_ name: String) -> String {
    ".\(name.utf8.count > 200 ? String(SHA256.hex(Array(name.utf8)).prefix(32)) : name)."
  }

  /// What interrupted runs left for the output `name`, by the names of their processes; those of living ones not.
  static func stale(_ name: String, _ purpose: Purpose, in directory: String) -> [String] {
    let start = prefix(name), end = ".\(purpose.rawValue)"
    return ((try? FileSystem.names(in: directory)) ?? []).filter { entry in
      guard entry.hasPrefix(start), entry.hasSuffix(end), entry.utf8.count > start.utf8.count + end.utf8.count,
        let process = pid_t(entry.dropFirst(start.count).dropLast(end.count)), process > 0
      else { return false }
      return process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
    }
  }
}
