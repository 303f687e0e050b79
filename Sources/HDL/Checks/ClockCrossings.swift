/// Nothing that follows a clock samples a value of another clock, unless it is a synchronizer.
///
/// Every value belongs to the domains of the registers, memories and declared ports that it follows within a
/// cycle. Definitions are looked at once, leaves first: each leaves a summary behind, saying which clocks sample
/// its inputs and drive its outputs, and a parent looks only at that. A design of one clock pays nothing.
func checkClockCrossings(_ graph: Graph) {
  checkDomainConnections(graph)
  if Set(graph.domains.indices.map(graph.clockSource)).count == 1 { return }
  var search = CrossingSearch(graph)
  search.run()
}

/// Every clock domain of every instance is connected.
private func checkDomainConnections(_ graph: Graph) {
  for instance in graph.instances {
    for (domain, connection) in zip(instance.definition.domains, instance.domains) {
      if !domain.usesClock || !domain.hasPorts || connection >= 0 { continue }
      graph.report("clock domain '\(instance.name).\(domain.name)' is not connected; connect it with \(instance.name).\(domain.name) = …", at: instance.location)
    }
  }
}

private struct CrossingSearch {
  let graph: Graph
  var flow: ClockFlow

  init(_ graph: Graph) {
    self.graph = graph
    flow = ClockFlow(graph)
  }

  mutating func run() {
    for consumer in ClockConsumer.all(in: graph, flow) {
      if consumer.isSynchronizer { checkSynchronizer(consumer) } else { check(consumer) }
    }
    for made in MadeClock.all(in: graph, flow) { check(made) }
    checkPorts(graph.summarizedClocks())
  }

  /// A port that no domain was declared for has one at most.
  private func checkPorts(_ summary: ClockSummary) {
    let asynchronous = graph.asynchronousDomain.map(graph.bit) ?? 0
    for (index, port) in graph.ports.enumerated() {
      let signal = graph.signals[port.signal]
      let clocks = (port.isInput ? summary.sampled[index] : summary.driven[index]) & ~asynchronous
      if signal.domain != nil || clocks.nonzeroBitCount < 2 { continue }
      let all = flow.visible.names
      let names = all.indices.filter { clocks >> UInt64($0) & 1 == 1 }.map { "'\(all[$0])'" }.joined(separator: " and ")
      graph.report(port.isInput
        ? "input '\(signal.name)' is sampled by clock domains \(names); declare with in: to which one it belongs, and synchronize it into the other"
        : "output '\(signal.name)' follows clock domains \(names); synchronize what drives it into one, or declare it in: .asynchronous", at: signal.location)
    }
  }

  /// An edge of a clock must not be the reason for the next one.
  private mutating func check(_ made: MadeClock) {
    let own: UInt64 = 1 << UInt64(made.clock)
    guard flow.clocks(of: made.value) & own != 0, let origin = flow.origin(of: own, behind: [made.value]) else { return }
    graph.report("the clock of clock domain '\(flow.visible.names[made.clock])' follows '\(graph.text(of: origin, depth: 0))', which it clocks itself; make it from a register of another domain", at: made.location)
  }

  private mutating func check(_ consumer: ClockConsumer) {
    let clocks = consumer.sources.reduce(0) { $0 | flow.clocks(of: $1) }
    for clock in flow.visible.names.indices where consumer.clocks >> UInt64(clock) & 1 == 1 {
      let foreign = clocks & ~(1 << UInt64(clock))
      if foreign == 0 { continue }
      guard let origin = flow.origin(of: foreign, behind: consumer.sources) else { continue }
      let from = (flow.ownClocks(of: origin) & foreign).trailingZeroBitCount, names = flow.visible.names
      return graph.report("\(consumer.what) of clock domain '\(names[clock])' follows '\(graph.text(of: origin, depth: 0))' of clock domain '\(names[from])' without a synchronizer; \(consumer.isRemark ? "say in: \(spelled(from, names))" : remedy(origin, into: clock))", at: consumer.location)
    }
  }

  private func remedy(_ origin: Int32, into clock: Int) -> String {
    if clock >= graph.domains.count {
      return "only the instance has that clock, so declare its input in: .asynchronous and synchronize it inside"
    }
    let into = spelled(clock)
    return graph.nodes[Int(origin)].width == 1
      ? "use synchronized(\(spelled(origin, graph.text(of: origin, depth: 0))), into: \(into))"
      : "use synchronized(gray:into:) for a Gray-coded value, assumeStable(_:into:because:) for one that rests, or an asynchronous FIFO"
  }

  /// A synchronizer may sample any clock, but only straight from what drives it: logic makes glitches.
  private mutating func checkSynchronizer(_ consumer: ClockConsumer) {
    guard let source = consumer.sources.first, flow.clocks(of: source) & ~consumer.clocks != 0 else { return }
    guard let logic = flow.logic(behind: source) else { return }
    let domain = graph.domains[consumer.clocks.trailingZeroBitCount].name
    graph.report("\(consumer.what) of clock domain '\(domain)' samples '\(graph.text(of: logic, depth: 2))', which is logic and may glitch; put a Register before the synchronizer", at: consumer.location)
  }

  // As they are written in Swift.
  private func spelled(_ domain: Int, _ names: [String]) -> String { domain < graph.domains.count ? spelled(domain) : names[domain] }
  private func spelled(_ domain: Int) -> String { domain == 0 ? ".default" : graph.domains[domain].name }
  private func spelled(_ origin: Int32, _ name: String) -> String {
    let parts = name.split(separator: ".")
    return graph.nodes[Int(origin)].operation == .instanceOutput && parts.count == 2 ? "\(parts[0]).$\(parts[1])" : name
  }
}
