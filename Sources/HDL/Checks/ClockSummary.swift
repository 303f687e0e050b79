/// Which clocks sample each input and drive each output of a definition, as sets of its clocks.
struct ClockSummary {
  var clocks: VisibleClocks
  var sampled: [UInt64]
  var driven: [UInt64]
  /// For each input, the clocks that are made of it.
  var made: [UInt64]
  /// For each port, whether it is an output with logic behind it, which may glitch.
  var mayGlitch: [Bool]
}

extension Graph {
  func summarizedClocks() -> ClockSummary {
    if let clockSummary { return clockSummary }
    var flow = ClockFlow(self)
    let driven = ports.map { $0.isInput ? 0 : flow.clocks(of: signals[$0.signal].node) }
    let mayGlitch = ports.map { !$0.isInput && flow.logic(behind: signals[$0.signal].node) != nil }
    let summary = ClockSummary(
      clocks: flow.visible, sampled: flow.samplingClocks(), driven: driven, made: flow.madeClocks(), mayGlitch: mayGlitch)
    clockSummary = summary
    return summary
  }
  func bit(_ domain: Int) -> UInt64 { 1 << UInt64(clockSource(of: domain)) }
  var asynchronousDomain: Int? { domains.firstIndex { $0.name == ClockDomain.asynchronous.name } }
}

/// The clocks of one module, by their bit in a set: those of its domains, then those that its instances make
/// themselves, which no domain in here stands for.
struct VisibleClocks {
  private(set) var names: [String]
  /// For each instance, the bit in here of each clock of its definition; nil for what is not connected.
  private var bits: [[Int?]] = []

  init(_ graph: Graph) {
    names = graph.domains.map(\.name)
    for instance in graph.instances {
      let inside = instance.definition.summarizedClocks().clocks
      bits.append(inside.names.indices.map { index in
        if !inside.isMade(index, in: instance.definition) {
          return instance.domains[index] >= 0 ? graph.clockSource(of: instance.domains[index]) : nil
        }
        // Too many to tell apart: to all others it is as if there were none.
        if names.count >= Graph.mostDomains { return graph.asynchronousDomain }
        names.append("\(instance.name).\(inside.names[index])")
        return names.count - 1
      })
    }
  }

  /// Whether a clock of `graph` comes from inside: a module around it has no other name for it.
  private func isMade(_ clock: Int, in graph: Graph) -> Bool {
    if clock >= graph.domains.count { return true }
    if case .value = graph.domains[clock].clock { return true }
    return false
  }

  /// A set of clocks of an instance's definition as a set of ours.
  func translated(_ set: UInt64, ofInstance index: Int) -> UInt64 {
    bits[index].enumerated().reduce(0) { result, clock in
      guard let bit = clock.element, set >> UInt64(clock.offset) & 1 == 1 else { return result }
      return result | 1 << UInt64(bit)
    }
  }
}
