/// The search for missing resets: the same stimulus from different power-ups must give the same outputs.
extension CompiledDesign {
  /// Runs `stimulus` once for each seed, on a simulation that powers up as noise, and compares the outputs
  /// in every cycle that is not in reset, after the first reset that the stimulus gives (from the first
  /// cycle, if it gives none).
  /// - Returns: the first output that depends on what was there before, or nil.
  public func missingReset(
    seeds: ClosedRange<UInt64> = 1...4, _ stimulus: (Simulation<Top>) throws -> Void
  ) rethrows -> MissingReset? {
    let reference = try recorded(seeds.lowerBound, stimulus) { scope, entry in scope == 0 && entry.kind == .output }
    for seed in seeds.dropFirst() {
      let other = try recorded(seed, stimulus) { scope, entry in scope == 0 && entry.kind == .output }
      guard let (output, cycle) = reference.firstDifference(from: other) else { continue }
      let pair = [reference, other].map { $0.value($0.traces[output], at: cycle) }
      return MissingReset(
        module: signals.moduleName, output: reference.traces[output].handle.description, cycle: cycle,
        values: [(seeds.lowerBound, pair[0]), (seed, pair[1])], suspects: try suspects(seeds.lowerBound, seed, cycle, stimulus))
    }
    return nil
  }

  private func recorded(
    _ seed: UInt64, _ stimulus: (Simulation<Top>) throws -> Void, where isWanted: (Int, SignalList.Entry) -> Bool
  ) rethrows -> Recording {
    let simulation = simulation(.random(seed: seed))
    let waveform = Waveform(simulation.running, where: isWanted)
    try stimulus(simulation)
    return waveform.current()
  }

  /// What no reset has touched and is different in that cycle.
  private func suspects(_ first: UInt64, _ second: UInt64, _ cycle: Int, _ stimulus: (Simulation<Top>) throws -> Void) rethrows -> [String] {
    func isState(_ scope: Int, _ entry: SignalList.Entry) -> Bool {
      entry.isRead && ((entry.kind == .register && !entry.hasReset) || entry.kind == .memoryRead)
    }
    let a = try recorded(first, stimulus, where: isState), b = try recorded(second, stimulus, where: isState)
    return zip(a.traces, b.traces).filter { a.value($0, at: cycle) != b.value($1, at: cycle) }.map(\.0.handle.path)
  }
}

extension Recording {
  /// The first cycle after reset in which a signal differs, and the position of the signal.
  fileprivate func firstDifference(from other: Recording) -> (trace: Int, cycle: Int)? {
    let begin = resets.firstIndex { $0.contains(true) } ?? 0
    let count = min(cycles, other.cycles)
    let found = traces.indices.compactMap { index -> (Int, Int)? in
      let cycle = (min(begin, count)..<count).first { cycle in
        !resets[cycle].contains(true) && value(traces[index], at: cycle) != other.value(other.traces[index], at: cycle)
      }
      return cycle.map { (index, $0) }
    }
    return found.min { $0.1 < $1.1 }
  }
}

/// An output that depends on what registers or memories held before reset.
public struct MissingReset: CustomStringConvertible {
  /// The module that was simulated.
  public let module: String
  /// Name and shape of the output.
  public let output: String
  /// The clock edges before it was seen.
  public let cycle: Int
  /// What the output was, with two seeds.
  public let values: [(seed: UInt64, value: SignalValue)]
  /// Registers without reset, and words read from memories, that matter to something and differed at the same time.
  public let suspects: [String]

  public var description: String {
    let seen = values.map { "\($0.value) with seed \($0.seed)" }.joined(separator: " and ")
    let names = suspects.prefix(4).map { "'\($0)'" }.joined(separator: ", ") + (suspects.count > 4 ? ", … (\(suspects.count) in all)" : "")
    let hint = suspects.isEmpty ? "" : "; without a reset, and different, too: \(names); give them a reset, or write them before they matter"
    return "\(module): output \(output) depends on what was there before reset: in cycle \(cycle) it is \(seen)\(hint)"
  }
}
