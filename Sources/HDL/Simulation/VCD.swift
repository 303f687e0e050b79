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
  private let clock: String
  private let reset: String

  init(_ recording: Recording) {
    self.recording = recording
    clock = VCDWriter.code(0)
    reset = VCDWriter.code(1)
    nextCode = 2
  }

  mutating func text() -> String {
    var header = "$timescale 1ns $end\n"
    var changes = [String](repeating: "", count: recording.cycles)
    declare(scope: 0, &header, &changes)
    header += "$enddefinitions $end\n"
    var body = ""
    for cycle in 0..<recording.cycles {
      body += "#\(10 * cycle)\n" + (cycle == 0 ? "$dumpvars\n0\(clock)\n" : "1\(clock)\n")
      if cycle == 0 || recording.resets[cycle] != recording.resets[cycle - 1] { body += "\(recording.resets[cycle] ? 1 : 0)\(reset)\n" }
      body += changes[cycle] + (cycle == 0 ? "$end\n" : "#\(10 * cycle + 5)\n0\(clock)\n")
    }
    return header + body + "#\(10 * recording.cycles)\n"
  }

  private mutating func declare(scope: Int, _ header: inout String, _ changes: inout [String]) {
    let hierarchy = recording.signals.hierarchy
    header += "$scope module \(hierarchy.scopes[scope].name) $end\n"
    if scope == 0 { header += "$var wire 1 \(clock) clock $end\n$var wire 1 \(reset) reset $end\n" }
    for trace in recording.traces where trace.scope == scope {
      let shape = trace.handle.shape, range = shape.width == 1 ? "" : " [\(shape.width - 1):0]"
      let code = claimCode()
      header += "$var wire \(shape.width) \(code) \(trace.entry.name)\(range) $end\n"
      let label = trace.handle.labels.isEmpty ? nil : claimCode()
      if let label { header += "$var string 1 \(label) \(trace.entry.name)_label $end\n" }
      for (index, change) in trace.changes.enumerated() {
        let value = recording.value(trace, index)
        changes[change.cycle] += shape.width == 1 ? "\(value.pattern.isZero ? 0 : 1)\(code)\n" : "b\(value.pattern.binary) \(code)\n"
        if let label { changes[change.cycle] += "s\(value.label ?? "?") \(label)\n" }
      }
    }
    for child in hierarchy.scopes[scope].children { declare(scope: child, &header, &changes) }
    header += "$upscope $end\n"
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
