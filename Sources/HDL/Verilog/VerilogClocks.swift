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
  mutating func atEdge(of domain: Int, isOnlyDriver: Bool = true) -> String {
    "\(dialect.clocked(isOnlyDriver: isOnlyDriver)) @(posedge \(readClock(domain)))"
  }

  /// The text of `domain`'s clock or reset, which then counts as read.
  mutating func readClock(_ domain: Int) -> String {
    let source = graph.clockSource(of: domain)
    if case .value(let id) = graph.domains[source].clock { reads.all(id) } else { clocksRead.insert(source) }
    return clock(domain)
  }
  mutating func readReset(_ domain: Int) -> String {
    if let id = graph.domains[domain].reset { reads.all(id) } else { resetsRead.insert(domain) }
    return reset(domain)
  }

  func clockPorts() -> [String] {
    var ports: [String] = []
    for (index, domain) in graph.domains.enumerated() where domain.hasPorts {
      if domain.usesClock { ports.append("\(dialect.input) \(names.clocks[index])") }
      if domain.usesReset { ports.append("\(dialect.input) \(names.resets[index])") }
    }
    return ports
  }

  /// The clock and reset connections of an instance.
  mutating func clockConnections(_ record: InstanceRecord) -> [String] {
    let definition = record.definition, ports = VerilogNames.domains(of: definition)
    var connections: [String] = []
    if let box = definition.blackBox {
      for pin in box.pins {
        let domain = record.domains[pin.domain]
        connections.append(".\(pin.clock)(\(readClock(domain)))")
        if let reset = pin.reset { connections.append(".\(reset)(\(pin.resetIsActiveLow ? "!" : "")\(readReset(domain)))") }
      }
      return connections
    }
    for (index, domain) in definition.domains.enumerated() where domain.hasPorts {
      if domain.usesClock { connections.append(".\(ports[index].clock)(\(readClock(record.domains[index])))") }
      if domain.usesReset { connections.append(".\(ports[index].reset)(\(readReset(record.domains[index])))") }
    }
    return connections
  }

  /// Clock and reset inputs that only properties look at.
  func unreadClocks() -> [String] {
    var unread: [String] = []
    for (index, domain) in graph.domains.enumerated() where domain.hasPorts {
      if domain.usesClock && !clocksRead.contains(index) { unread.append(names.clocks[index]) }
      if domain.usesReset && !resetsRead.contains(index) { unread.append(names.resets[index]) }
    }
    return unread
  }
}
