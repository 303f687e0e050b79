/// The clocks and resets of a module: their names, their ports, and their connection to instances.
extension VerilogModule {
  func clock(_ domain: Int) -> String {
    switch graph.domains[domain].clock {
    case .port: names.clocks[domain]
    case .sameAs(let base): clock(base)
    case .value(let id): name(of: id)
    }
  }
  func reset(_ domain: Int) -> String { graph.domains[domain].reset.map(name) ?? names.resets[domain] }

  /// The head of a process that follows `domain`.
  mutating func atEdge(of domain: Int) -> String {
    if case .value(let id) = graph.domains[graph.clockSource(of: domain)].clock { reads.all(id) }
    clocksRead.insert(graph.clockSource(of: domain))
    return "always @(posedge \(clock(domain)))"
  }
  /// The text of `domain`'s reset, which counts as read.
  mutating func readReset(_ domain: Int) -> String {
    if let id = graph.domains[domain].reset { reads.all(id) } else { resetsRead.insert(domain) }
    return reset(domain)
  }

  func clockPorts() -> [String] {
    graph.domains.enumerated().flatMap { index, domain -> [String] in
      if !domain.hasPorts { return [] }
      return (domain.usesClock ? ["input  wire \(names.clocks[index])"] : []) + (domain.usesReset ? ["input  wire \(names.resets[index])"] : [])
    }
  }

  /// The clock and reset connections of an instance.
  mutating func clockConnections(_ record: InstanceRecord) -> [String] {
    let definition = record.definition
    if let box = definition.blackBox {
      return box.pins.flatMap { pin -> [String] in
        let domain = record.domains[pin.domain]
        return [".\(pin.clock)(\(readClock(domain)))"] + (pin.reset.map { [".\($0)(\(pin.resetIsActiveLow ? "!" : "")\(readReset(domain)))"] } ?? [])
      }
    }
    let ports = VerilogNames.domains(of: definition)
    var connections: [String] = []
    for (index, domain) in definition.domains.enumerated() where domain.hasPorts {
      if domain.usesClock { connections.append(".\(ports[index].clock)(\(readClock(record.domains[index])))") }
      if domain.usesReset { connections.append(".\(ports[index].reset)(\(readReset(record.domains[index])))") }
    }
    return connections
  }
  private mutating func readClock(_ domain: Int) -> String {
    _ = atEdge(of: domain)
    return clock(domain)
  }

  /// Clock and reset inputs that only properties look at.
  func unreadClocks() -> [String] {
    graph.domains.indices.filter { graph.domains[$0].hasPorts }.flatMap { index -> [String] in
      (graph.domains[index].usesClock && !clocksRead.contains(index) ? [names.clocks[index]] : [])
        + (graph.domains[index].usesReset && !resetsRead.contains(index) ? [names.resets[index]] : [])
    }
  }
}
