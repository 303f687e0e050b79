/// What the signals of a simulation did, from the moment `record()` was called.
///
/// There is one column for each cycle: what everything was when it had settled, before the edge that ends
/// the cycle. The present, which no edge has ended yet, is the last column.
///
/// `text()` draws the signals for a snapshot test or a document; `vcd()` and `fst()` are for a waveform viewer.
public final class Waveform {
  private let running: RunningDesign
  private var recording: Recording

  init(_ running: RunningDesign, where isWanted: (Int, SignalList.Entry) -> Bool = { _, _ in true }) {
    self.running = running
    recording = Recording(running.signals, where: isWanted)
    running.observers.append { [weak self] clocks in
      guard let self else { return }
      self.recording.sample(self.running.engine, clocks: clocks)
    }
  }

  /// Everything up to and including the present.
  func current() -> Recording {
    running.settle()
    var result = recording
    result.sample(running.engine, clocks: [])
    return result
  }
}

extension Simulation {
  /// Begins to record all signals. The recording goes on as long as somebody holds the waveform.
  public func record() -> Waveform { Waveform(running) }
}

/// The changes of all signals, cycle by cycle.
struct Recording {
  struct Trace {
    let scope: Int
    let entry: SignalList.Entry
    let handle: SignalHandle
    /// Where the words of this signal are among `last`.
    let begin: Int
    /// The cycles in which the value became another, and where its words are among `history`.
    var changes: [(cycle: Int, begin: Int)] = []
  }
  /// What a name can stand for: a clock or reset of the top by its position, or a trace.
  enum Source {
    case clock(Int)
    case reset(Int)
    case trace(Int)
  }
  let signals: SignalTable
  private(set) var traces: [Trace] = []
  private(set) var cycles = 0
  /// For each cycle, the clocks whose edge ended it, and the resets of the top that were held.
  private(set) var clocks: [[Int]] = []
  private(set) var resets: [[Bool]] = []
  private let activeLowResets: Set<Int>
  private var last: [UInt64] = []
  private var history: [UInt64] = []

  /// Records the signals for which `isWanted` holds, given the number of their scope.
  init(_ signals: SignalTable, where isWanted: (Int, SignalList.Entry) -> Bool) {
    self.signals = signals
    activeLowResets = Set(signals.resetNames.filter(\.isActiveLow).map(\.position))
    for scope in signals.hierarchy.scopes.indices {
      for entry in signals.entries(of: scope) where isWanted(scope, entry) {
        let handle = signals.handle(entry, in: scope)
        traces.append(Trace(scope: scope, entry: entry, handle: handle, begin: last.count))
        last += Array(repeating: 0, count: handle.slots.count)
      }
    }
  }

  mutating func sample(_ engine: Engine, clocks ticking: [Int]) {
    let words = engine.words
    for index in traces.indices {
      let slots = traces[index].handle.slots, begin = traces[index].begin
      let isSame = cycles > 0 && slots.indices.allSatisfy { last[begin + $0] == words[Int(slots[$0])] }
      if isSame { continue }
      traces[index].changes.append((cycles, history.count))
      for (offset, slot) in slots.enumerated() {
        last[begin + offset] = words[Int(slot)]
        history.append(words[Int(slot)])
      }
    }
    clocks.append(ticking)
    resets.append(Array(engine.heldResets))
    cycles += 1
  }

  /// Whether a cycle begins with an edge of that clock.
  func begins(_ cycle: Int, withEdgeOf clock: Int) -> Bool { cycle > 0 && clocks[cycle - 1].contains(clock) }

  /// The level of a reset of the top, which may be active low.
  func level(ofReset position: Int, at cycle: Int) -> Bool {
    resets[cycle][position] != activeLowResets.contains(position)
  }

  func value(_ trace: Trace, at cycle: Int) -> SignalValue {
    value(trace, (trace.changes.lastIndex { $0.cycle <= cycle }) ?? 0)
  }
  /// The value that began with change number `change` of a trace.
  func value(_ trace: Trace, _ change: Int) -> SignalValue {
    let begin = trace.changes[change].begin
    return trace.handle.value(history[begin..<begin + trace.handle.slots.count])
  }

  /// What has a name as `peek` takes it, or that of a clock or reset of the top in Verilog.
  func source(named name: String) throws(UnknownSignal) -> Source {
    if let trace = traces.firstIndex(where: { $0.handle.path == name }) { return .trace(trace) }
    if let clock = signals.clockNames.first(where: { $0.name == name }) { return .clock(clock.position) }
    if let reset = signals.resetNames.first(where: { $0.name == name }) { return .reset(reset.position) }
    _ = try signals.find(name)
    throw UnknownSignal(module: signals.moduleName, name: name, suggestion: " that is recorded; words of memories are not")
  }
}
