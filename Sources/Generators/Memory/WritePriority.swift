// The outputs of several engines as those of one. Only one engine works on a layer, so none waits.

import HDL

/// Connects engines with who takes their outputs: the first that writes, or the last in the list.
/// - Parameters:
///   - engines: in order of priority, each with as many bytes or fewer.
///   - results: takes what is written.
func writePriority(_ engines: [Target<ResultWrite>], to results: Initiator<ResultWrite>) {
  guard let last = engines.last else { preconditionFailure("somebody writes") }
  func first(_ value: (Target<ResultWrite>) -> Unsigned) -> Unsigned {
    engines.dropLast().reversed().reduce(value(last)) { select($1.enable, value($1), $0) }
  }
  results.enable = any(engines.map(\.enable))
  results.address = first(\.address)
  results.count = first(\.count)
  results.data = first(\.data)
  results.before = first(\.before)
}
