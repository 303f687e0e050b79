/// A recording as Value Change Dump (IEEE 1364-2005, section 18), which every waveform viewer reads.
///
/// Instances are scopes. A cycle is 10 ns long and begins with the rising edge that ended the one before.
/// The state of an enum appears twice: as bits, and under the name with `_label` as a string variable, an
/// extension that GTKWave, Surfer and pyvcd share.
extension Waveform {
  public func vcd() -> String {
    var writer = VCDWriter(current())
    return writer.text()
  }
}

private struct VCDWriter {
  let recording: Recording
  private var nextCode = 0
  /// The codes of the top's clocks and resets, with their names and positions.
  private var clocks: [(name: String, position: Int, code: String)] = []
  private var resets: [(name: String, position: Int, isActiveLow: Bool, code: String)] = []

  init(_ recording: Recording) {
    self.recording = recording
    clocks = recording.signals.clockNames.map { ($0.name, $0.position, claimCode()) }
    resets = recording.signals.resetNames.map { ($0.name, $0.position, $0.isActiveLow, claimCode()) }
  }

  mutating func text() -> String {
    var header = "$timescale 1ns $end\n"
    var changes = [String](repeating: "", count: recording.cycles)
    declare(scope: 0, &header, &changes)
    header += "$enddefinitions $end\n"
    var body = ""
    for cycle in 0..<recording.cycles {
      let ticking = clocks.filter { recording.begins(cycle, withEdgeOf: $0.position) }
      body += "#\(10 * cycle)\n" + (cycle == 0 ? "$dumpvars\n" + clocks.map { "0\($0.code)\n" }.joined() : "")
      body += ticking.map { "1\($0.code)\n" }.joined()
      for reset in resets {
        let isActive = recording.resets[cycle][reset.position]
        if cycle == 0 || isActive != recording.resets[cycle - 1][reset.position] { body += "\(isActive != reset.isActiveLow ? 1 : 0)\(reset.code)\n" }
      }
      body += changes[cycle] + (cycle == 0 ? "$end\n" : "")
      if !ticking.isEmpty { body += "#\(10 * cycle + 5)\n" + ticking.map { "0\($0.code)\n" }.joined() }
    }
    return header + body + "#\(10 * recording.cycles)\n"
  }

  private mutating func declare(scope: Int, _ header: inout String, _ changes: inout [String]) {
    let hierarchy = recording.signals.hierarchy
    header += "$scope module \(identifier(hierarchy.scopes[scope].name)) $end\n"
    if scope == 0 { for (name, code) in clocks.map({ ($0.name, $0.code) }) + resets.map({ ($0.name, $0.code) }) { header += "$var wire 1 \(code) \(identifier(name)) $end\n" } }
    for trace in recording.traces where trace.scope == scope {
      let shape = trace.handle.shape, range = shape.width == 1 ? "" : " [\(shape.width - 1):0]"
      let code = claimCode(), name = identifier(trace.entry.name)
      header += "$var wire \(shape.width) \(code) \(name)\(range) $end\n"
      let label = trace.handle.labels.isEmpty ? nil : claimCode()
      if let label { header += "$var string 1 \(label) \(name)_label $end\n" }
      for (index, change) in trace.changes.enumerated() {
        let value = recording.value(trace, index)
        changes[change.cycle] += shape.width == 1 ? "\(value.pattern.isZero ? 0 : 1)\(code)\n" : "b\(value.pattern.binary) \(code)\n"
        if let label { changes[change.cycle] += "s\(value.label.map(identifier) ?? "?") \(label)\n" }
      }
    }
    for child in hierarchy.scopes[scope].children { declare(scope: child, &header, &changes) }
    header += "$upscope $end\n"
  }

  /// `name` without what ends it, begins a keyword, or would be taken for a scope: blanks, `$` and points, among others.
  private func identifier(_ name: String) -> String {
    let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return plain.isEmpty ? "_" : plain
  }

  private mutating func claimCode() -> String {
    nextCode += 1
    return VCDWriter.code(nextCode - 1)
  }
  /// Short names from the printable characters.
  private static func code(_ number: Int) -> String {
    var rest = number, text = ""
    repeat {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
      rest = rest / 94 - 1
    } while rest >= 0
    return text
  }
}

extension BitVector {
  /// Binary digits without leading zeros.
  fileprivate var binary: String {
    var digits = ""
    for bit in (0..<minimalWidth(isSigned: false)).reversed() { digits += self[bit] ? "1" : "0" }
    return digits
  }
}
