/// The clocks, resets and enables of a module: their names, their ports, and their connection to instances.
extension VerilogModule {
  func clock(_ domain: Int) -> String {
    switch graph.domains[domain].clock {
    case .port: names.clocks[domain]
    case .sameAs(let base): clock(base)
    case .value(let id): name(of: id)
    }
  }
  /// The reset as a signal, active low or high.
  private func resetName(_ domain: Int) -> String {
    let source = graph.resetSource(of: domain)
    return graph.domains[source].reset.map(name) ?? names.resets[source]
  }
  /// Whether the signal is 0 in reset: only ports are.
  private func isActiveLow(_ domain: Int) -> Bool {
    let source = graph.domains[graph.resetSource(of: domain)]
    return source.reset == nil && source.properties.reset.isActiveLow
  }
  /// Whether registers of a domain may have a reset at all.
  func hasReset(_ domain: Int) -> Bool { graph.domains[domain].usesReset && graph.domains[domain].properties.reset != .powerUp }
  /// That the domain is in reset, and that it is not, as expressions.
  func isReset(_ domain: Int) -> String { (isActiveLow(domain) ? "!" : "") + resetName(domain) }
  func isNotReset(_ domain: Int) -> String { (isActiveLow(domain) ? "" : "!") + resetName(domain) }

  /// The head of a process that follows `domain`; also its reset, if that acts at once and the process has one.
  ///
  /// - Parameter isOnlyDriver: whether nothing else assigns what the process does.
  mutating func atEdge(of domain: Int, withReset: Bool = false, isOnlyDriver: Bool = true) -> String {
    let properties = graph.domains[domain].properties, head = dialect.clocked(isOnlyDriver: isOnlyDriver)
    let edge = "\(properties.edge == .rising ? "posedge" : "negedge") \(readClock(domain))"
    if !withReset || !properties.reset.isAsynchronous { return "\(head) @(\(edge))" }
    readReset(domain)
    return "\(head) @(\(edge) or \(isActiveLow(domain) ? "negedge" : "posedge") \(resetName(domain)))"
  }

  /// The text of `domain`'s clock, which then counts as read.
  mutating func readClock(_ domain: Int) -> String {
    let source = graph.clockSource(of: domain)
    if case .value(let id) = graph.domains[source].clock { reads.all(id) } else { clocksRead.insert(source) }
    return clock(domain)
  }
  mutating func readReset(_ domain: Int) {
    let source = graph.resetSource(of: domain)
    if let id = graph.domains[source].reset { reads.all(id) } else { resetsRead.insert(source) }
  }
  /// The condition under which an edge of `domain` counts, which then counts as read; nil for always.
  mutating func readEnable(_ domain: Int) -> String? {
    let text = enable(domain)
    for source in graph.enableSources(of: domain) {
      if let id = graph.domains[source].enable { reads.all(id) } else { enablesRead.insert(source) }
    }
    return text
  }
  func enable(_ domain: Int) -> String? {
    let all = graph.enableSources(of: domain).map { graph.domains[$0].enable.map(name) ?? names.enables[$0] }
    return all.isEmpty ? nil : all.joined(separator: " && ")
  }
  /// `body` where an edge of `domain` counts.
  mutating func whereEnabled(_ body: [String], _ domain: Int) -> [String] {
    guard !body.isEmpty, let enable = readEnable(domain) else { return body }
    return ["if (\(enable)) begin"] + body.map { "  " + $0 } + ["end"]
  }

  func clockPorts() -> [String] {
    var ports: [String] = []
    for (index, domain) in graph.domains.enumerated() {
      if domain.hasClockPort { ports.append("\(dialect.input) \(names.clocks[index])") }
      if domain.hasResetPort { ports.append("\(dialect.input) \(names.resets[index])") }
      if domain.hasEnablePort { ports.append("\(dialect.input) \(names.enables[index])") }
    }
    return ports
  }

  /// The clock, reset and enable connections of an instance.
  mutating func clockConnections(_ record: InstanceRecord) -> [String] {
    let definition = record.definition, ports = VerilogNames.domains(of: definition)
    var connections: [String] = []
    if let box = definition.blackBox {
      for pin in box.pins {
        let domain = record.domains[pin.domain], isFalling = graph.domains[domain].properties.edge == .falling
        connections.append(".\(pin.clock)(\(isFalling ? "!" : "")\(readClock(domain)))")
        if let reset = pin.reset {
          readReset(domain)
          connections.append(".\(reset)(\(pin.resetIsActiveLow ? isNotReset(domain) : isReset(domain)))")
        }
      }
      return connections
    }
    for (index, domain) in definition.domains.enumerated() {
      let outer = record.domains[index]
      if domain.hasClockPort { connections.append(".\(ports[index].clock)(\(readClock(outer)))") }
      if domain.hasResetPort {
        readReset(outer)
        connections.append(".\(ports[index].reset)(\(resetName(outer)))")
      }
      if domain.hasEnablePort, let enable = readEnable(outer) { connections.append(".\(ports[index].enable)(\(enable))") }
    }
    return connections
  }

  /// Clock, reset and enable inputs that only properties look at.
  func unreadClocks() -> [String] {
    var unread: [String] = []
    for (index, domain) in graph.domains.enumerated() {
      if domain.hasClockPort && !clocksRead.contains(index) { unread.append(names.clocks[index]) }
      if domain.hasResetPort && !resetsRead.contains(index) { unread.append(names.resets[index]) }
      if domain.hasEnablePort && !enablesRead.contains(index) { unread.append(names.enables[index]) }
    }
    return unread
  }
}
