/// What a recording shows to a waveform viewer, whatever the format of the file: scopes, variables, and what changes when.
///
/// Instances are scopes. A cycle is 10 ns long and begins with the rising edge that ended the one before.
/// The state of an enum appears twice: as bits, and under the name with `_label` as a text.
struct ChangeDump {
  struct Variable {
    let name: String
    let source: Recording.Source
    /// Whether this shows the names of an enum's cases, not the bits.
    let isLabel: Bool
    /// Bits; 0 for a text.
    let width: Int
  }
  /// The declarations in their order.
  enum Declaration {
    case scope(String)
    case variable(Int)
    case end
  }
  enum Value {
    case bits(BitVector)
    case text(String)
  }
  let recording: Recording
  private(set) var declarations: [Declaration] = []
  private(set) var variables: [Variable] = []
  /// When something may change, in ns; the last is the end.
  private(set) var moments: [Int] = []
  /// The moment with which each cycle begins.
  private var begins: [Int] = []

  init(_ recording: Recording) {
    self.recording = recording
    let clocks = recording.signals.clockNames
    for (name, position) in clocks { add(name, .clock(position)) }
    for reset in recording.signals.resetNames { add(reset.name, .reset(reset.position)) }
    let ofTop = variables.indices.map(Declaration.variable)
    let traces = Dictionary(grouping: recording.traces.indices) { recording.traces[$0].scope }
    if !recording.signals.hierarchy.scopes.isEmpty { declare(scope: 0, ofTop, traces) }
    for cycle in 0..<recording.cycles {
      begins.append(moments.count)
      moments.append(10 * cycle)
      if clocks.contains(where: { recording.begins(cycle, withEdgeOf: $0.position) }) { moments.append(10 * cycle + 5) }
    }
    moments.append(10 * recording.cycles)
  }

  private mutating func add(_ name: String, _ source: Recording.Source, isLabel: Bool = false, width: Int = 1) {
    variables.append(Variable(name: ChangeDump.identifier(name), source: source, isLabel: isLabel, width: width))
  }
  private mutating func declare(scope: Int, _ first: [Declaration], _ traces: [Int: [Int]]) {
    let hierarchy = recording.signals.hierarchy
    declarations.append(.scope(ChangeDump.identifier(hierarchy.scopes[scope].name)))
    declarations += first
    for index in traces[scope] ?? [] {
      let trace = recording.traces[index], begin = variables.count
      add(trace.entry.name, .trace(index), width: trace.handle.shape.width)
      if !trace.handle.labels.isEmpty { add(trace.entry.name + "_label", .trace(index), isLabel: true, width: 0) }
      declarations += (begin..<variables.count).map(Declaration.variable)
    }
    for child in hierarchy.scopes[scope].children { declare(scope: child, [], traces) }
    declarations.append(.end)
  }

  /// Calls `body` with each moment at which a variable changes, the first one included, and what it becomes.
  func forEachChange(of variable: Variable, _ body: (_ moment: Int, Value) -> Void) {
    switch variable.source {
    case .clock(let position):
      body(0, .bits(.bit(false)))
      for cycle in 0..<recording.cycles where recording.begins(cycle, withEdgeOf: position) {
        body(begins[cycle], .bits(.bit(true)))
        body(begins[cycle] + 1, .bits(.bit(false)))
      }
    case .reset(let position):
      for cycle in 0..<recording.cycles {
        let level = recording.level(ofReset: position, at: cycle)
        if cycle == 0 || level != recording.level(ofReset: position, at: cycle - 1) { body(begins[cycle], .bits(.bit(level))) }
      }
    case .trace(let index):
      let trace = recording.traces[index]
      for (number, change) in trace.changes.enumerated() {
        let value = recording.value(trace, number)
        body(begins[change.cycle], variable.isLabel ? .text(value.label.map(ChangeDump.identifier) ?? "?") : .bits(value.pattern))
      }
    }
  }

  /// `name` without what ends a word, begins a keyword, or would be taken for a scope: blanks, `$` and points, among others.
  static func identifier(_ name: String) -> String {
    let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return plain.isEmpty ? "_" : plain
  }
}
