/// What simulations of a design have exercised of its structure: toggles, states and transitions.
///
/// A toggle is a rise or a fall of one bit of a named signal, from one column of a waveform to the next. A state is a case of an
/// enum that a register has held; a transition is a change from one case to another, by a reset, too. What `Cover` describes is
/// counted by `simulation.coverage` instead.
///
/// Coverages of simulations of one design can be merged. What is never exercised may be impossible: only the design knows.
public struct StructuralCoverage: @unchecked Sendable {
  // The signals are only read.
  let signals: SignalTable
  /// The registers that hold a case of an enum.
  let registers: [Register]
  /// Where each word of the named signals is in a simulation, and the position of each among these.
  let slots: [UInt32]
  let positions: [UInt32: Int]
  /// The bits that have risen, and that have fallen, in each of those words.
  private(set) var rises: [UInt64]
  private(set) var falls: [UInt64]
  /// What each of the registers has held, and held one after the other, as encodings.
  private(set) var seenStates: [Set<Int>]
  private(set) var transitions: [Set<Transition>]

  struct Register {
    let scope: Int
    let entry: SignalList.Entry
    /// Of its word.
    let position: Int
  }
  struct Transition: Hashable {
    let from: Int
    let to: Int
  }

  /// Of a design that nothing has exercised yet, to merge coverages into.
  public init<Top: Module>(_ compiled: CompiledDesign<Top>) { self.init(compiled.signals) }

  init(_ signals: SignalTable) {
    self.signals = signals
    let entries = signals.hierarchy.scopes.indices.flatMap { scope in signals.entries(of: scope).map { (scope, $0) } }
    let used = entries.map { signals.handle($1, in: $0).slots }
    let slots = Set(used.joined()).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(slots, slots.indices))
    registers = zip(entries, used).filter { $0.0.1.kind == .register && !$0.0.1.labels.isEmpty }.map { entry, slots in
      Register(scope: entry.0, entry: entry.1, position: positions[slots[0]] ?? 0)
    }
    self.slots = slots
    self.positions = positions
    rises = Array(repeating: 0, count: slots.count)
    falls = rises
    seenStates = Array(repeating: [], count: registers.count)
    transitions = Array(repeating: [], count: registers.count)
  }

  /// Adds what another simulation has exercised. Both must be of one `CompiledDesign`, or the program stops.
  public mutating func merge(_ other: StructuralCoverage) {
    if other.signals !== signals {
      fatalError("\(signals.moduleName): coverage of another compiled design cannot be merged, here of \(other.signals.moduleName)")
    }
    for index in slots.indices {
      rises[index] |= other.rises[index]
      falls[index] |= other.falls[index]
    }
    for index in registers.indices {
      seenStates[index].formUnion(other.seenStates[index])
      transitions[index].formUnion(other.transitions[index])
    }
  }

  /// Adds what became of the words since they were `last`, which is empty the first time.
  fileprivate mutating func sample(_ words: UnsafeMutablePointer<UInt64>, _ last: inout [UInt64]) {
    let isFirst = last.isEmpty
    if isFirst { last = slots.map { words[Int($0)] } }
    for (index, register) in registers.enumerated() {
      let before = last[register.position], now = words[Int(slots[register.position])]
      if before == now && !isFirst { continue }
      guard let to = register.state(now) else { continue }
      seenStates[index].insert(to)
      if before != now, let from = register.state(before) { transitions[index].insert(Transition(from: from, to: to)) }
    }
    for index in slots.indices {
      let word = words[Int(slots[index])], changed = word ^ last[index]
      if changed == 0 { continue }
      rises[index] |= changed & word
      falls[index] |= changed & ~word
      last[index] = word
    }
  }
}

extension StructuralCoverage.Register {
  /// The encoding that a word is, if a case has it.
  fileprivate func state(_ word: UInt64) -> Int? { Int(exactly: word).flatMap { entry.labels[$0] == nil ? nil : $0 } }
}

/// Watches one simulation for its structural coverage, as long as somebody holds it.
public final class StructuralCoverageRecorder {
  private let running: RunningDesign
  private var seen: StructuralCoverage
  private var last: [UInt64] = []

  init(_ running: RunningDesign) {
    self.running = running
    seen = StructuralCoverage(running.signals)
    running.observers.append { [weak self] _ in
      guard let self else { return }
      self.seen.sample(running.engine.words, &self.last)
    }
  }

  /// What has been exercised since recording began, the present included.
  public var coverage: StructuralCoverage {
    running.settle()
    var result = seen, last = last
    result.sample(running.engine.words, &last)
    return result
  }
}

extension Simulation {
  /// Begins to watch which bits toggle and which states are reached, from the next edge on: after a `reset()`, power-up does not
  /// count.
  public func recordStructuralCoverage() -> StructuralCoverageRecorder { StructuralCoverageRecorder(running) }
}
