/// A line that is printed in simulation, at an edge of a clock: text and values in turn.
///
/// The conditions of the `When` and `Switch` around it are folded into `enable`, as those of a property are.
package struct PrintRecord {
  package enum Part {
    case text(String)
    case value(Int32, PrintMessage.Format)
  }
  package let enable: Int32?
  package let parts: [Part]
  package let domain: Int
  let location: SourceLocation

  func rebuilt(_ rebuild: (Int32) -> Int32) -> PrintRecord {
    let parts = parts.map { part in if case .value(let id, let format) = part { Part.value(rebuild(id), format) } else { part } }
    return PrintRecord(enable: enable.map(rebuild), parts: parts, domain: domain, location: location)
  }
  /// What it reads.
  var nodes: [Int32] {
    (enable.map { [$0] } ?? []) + parts.compactMap { if case .value(let id, _) = $0 { id } else { nil } }
  }
}
