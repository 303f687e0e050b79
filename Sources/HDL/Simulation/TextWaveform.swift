/// A recording as text: one line for each signal, one column for each cycle.
///
/// ```
/// clock   ▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁
/// enable  ▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔
/// value   │0      │1  │2
/// ```
extension Waveform {
  /// Draws signals: the clocks, the resets, and the ports of the top, or those that are named.
  /// - Parameters:
  ///   - names: as for `peek`, and `clock`, `reset`, `write_clock`, … as the ports of the Verilog are called.
  ///   - cycles: which columns; all by default.
  ///   - columnWidth: characters for each cycle; fewer than 4 count as 4. By default as many as the values need.
  public func text(_ names: String..., cycles: Range<Int>? = nil, columnWidth: Int? = nil) throws(UnknownSignal) -> String {
    let recording = current()
    let drawing = Drawing(recording: recording, cycles: (cycles ?? 0..<recording.cycles).clamped(to: 0..<recording.cycles))
    var lines: [Drawing.Line] = []
    for name in names.isEmpty ? drawing.defaultNames : names { lines.append(try drawing.line(name)) }
    return drawing.text(lines, columnWidth: columnWidth)
  }
}

private struct Drawing {
  enum Level { case low, high, pulse }
  /// One signal over all columns that are drawn.
  struct Line {
    let name: String
    var levels: [Level] = []
    /// For signals of several bits: the values and the columns where they begin.
    var values: [(column: Int, text: String)] = []
  }
  let recording: Recording
  let cycles: Range<Int>

  var defaultNames: [String] {
    let ports = recording.signals.entries(of: 0).filter { $0.kind == .input || $0.kind == .output }.map(\.name)
    return recording.signals.clockNames.map(\.name) + recording.signals.resetNames.map(\.name) + ports
  }

  func line(_ name: String) throws(UnknownSignal) -> Line {
    let trace: Recording.Trace
    switch try recording.source(named: name) {
    case .clock(let clock): return Line(name: name, levels: cycles.map { recording.begins($0, withEdgeOf: clock) ? .pulse : .low })
    case .reset(let reset): return Line(name: name, levels: cycles.map { recording.level(ofReset: reset, at: $0) ? .high : .low })
    case .trace(let index): trace = recording.traces[index]
    }
    var line = Line(name: name)
    let isBit = trace.handle.shape.width == 1 && trace.handle.labels.isEmpty
    var change = 0
    for cycle in cycles {
      while change + 1 < trace.changes.count && trace.changes[change + 1].cycle <= cycle { change += 1 }
      let value = recording.value(trace, change)
      if isBit {
        line.levels.append(value.pattern.isZero ? .low : .high)
      } else if cycle == cycles.lowerBound || trace.changes[change].cycle == cycle {
        line.values.append((cycle - cycles.lowerBound, value.description))
      }
    }
    return line
  }

  func text(_ lines: [Line], columnWidth: Int?) -> String {
    let width = max(4, columnWidth ?? lines.map(neededWidth).max() ?? 4)
    let margin = (lines.map(\.name.count).max() ?? 0) + 2
    return lines.map { line in
      let name = line.name + String(repeating: " ", count: margin - line.name.count)
      return name + (line.values.isEmpty ? edges(line.levels, width) : boxes(line.values, width)) + "\n"
    }.joined()
  }

  private func runs(_ values: [(column: Int, text: String)]) -> [(text: String, columns: Int)] {
    values.enumerated().map { index, value in
      (value.text, (index + 1 < values.count ? values[index + 1].column : cycles.count) - value.column)
    }
  }
  /// The columns that every value of a line fits into, but no more than a long number needs.
  private func neededWidth(_ line: Line) -> Int {
    min(20, runs(line.values).map { ($0.text.count + $0.columns) / $0.columns }.max() ?? 0)
  }

  private func edges(_ levels: [Level], _ width: Int) -> String {
    var text = ""
    for (column, level) in levels.enumerated() {
      let before = column == 0 ? level : levels[column - 1]
      switch level {
      case .pulse: text += "╱" + repeated("▔", width / 2 - 1) + "╲" + repeated("▁", width - width / 2 - 1)
      case .high: text += before == .high ? repeated("▔", width) : "╱" + repeated("▔", width - 1)
      case .low: text += before == .high ? "╲" + repeated("▁", width - 1) : repeated("▁", width)
      }
    }
    return text
  }
  private func boxes(_ values: [(column: Int, text: String)], _ width: Int) -> String {
    var text = runs(values).map { value, columns in
      let space = columns * width - 1
      let shown = value.count <= space ? value : value.prefix(space - 1) + "…"
      return "│" + shown + repeated(" ", space - shown.count)
    }.joined()
    // No blanks at the end of a line: editors remove them.
    while text.last == " " { text.removeLast() }
    return text
  }
  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
}
